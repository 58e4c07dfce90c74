/** How long what a sidecar holds of an execution is in its memory. */

import { create, toBinary } from '@bufbuild/protobuf';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ResolveForExecutionResponseSchema } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { ExecutionSecrets } from '../../src/sidecar/execution-secrets';
import { Executions } from '../../src/sidecar/executions';
import { Resolution } from '../../src/sidecar/resolution';

const [KEY, TOKEN] = ['k1-4f9a2c77', 't0k-88d1e6b3'];

let answer: Buffer;
let secrets: ExecutionSecrets;

beforeEach(() => {
  const [key, token] = [KEY, TOKEN].map((value) => ({ value: Buffer.from(value) }));
  const receipt = { executionId: 'ex-1', flowId: 'flow', tenantId: 'acme', timeLeft: { seconds: 60n } };
  const message = create(ResolveForExecutionResponseSchema, {
    secrets: { KEY: key, TOKEN: token } as never,
    receipt,
  });
  answer = Buffer.from(toBinary(ResolveForExecutionResponseSchema, message));
  secrets = new ExecutionSecrets(Resolution.parse(answer), 0);
});

const isZero = (bytes: Uint8Array) => bytes.every((byte) => byte === 0);

describe('What is forgotten of an execution', () => {
  it('is zeros: the answer that it came in, and what its invocations were given', () => {
    const context = secrets.context();
    expect(Buffer.from(context).includes(KEY)).toBe(true);
    secrets.forget();
    expect([isZero(answer), isZero(context)]).toEqual([true, true]);
    expect(() => secrets.context()).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }));
  });

  it('is what its masker knows too, where no invocation runs', () => {
    const masker = secrets.masker();
    expect(masker.mask(KEY)).toBe('[REDACTED]');
    secrets.forget();
    expect(masker.mask(KEY)).toBe(KEY);
  });

  it('is still masked while an invocation may log it, and no longer', () => {
    const [first, second] = [secrets.use(), secrets.use()];
    secrets.forget();
    const masker = secrets.masker();
    first();
    expect(masker.mask(`${KEY} ${TOKEN}`)).toBe('[REDACTED] [REDACTED]');
    second();
    expect(masker.mask(`${KEY} ${TOKEN}`)).toBe(`${KEY} ${TOKEN}`);
  });
});

it('An execution is forgotten when it is asked for after its end', async () => {
  let now = 0;
  const executions = new Executions(
    async () => secrets,
    { executions: 9, bytes: 1e9 },
    () => now,
  );
  expect(await executions.get('token')).toBe(secrets);
  now = 59_999;
  expect(executions.held('token')).toBe(secrets);
  now = 60_000;
  expect(executions.held('token')).toBeUndefined();
  expect([secrets.forgotten, isZero(answer)]).toEqual([true, true]);
});

describe('A value that is revoked', () => {
  it('is zeros in the answer and in what invocations were given, and is masked as before', () => {
    const before = secrets.context();
    expect(secrets.revoke(['KEY', 'NEVER_HELD'])).toBe(true);
    expect([answer.includes(KEY), answer.includes(TOKEN), isZero(before)]).toEqual([false, true, true]);
    const now = Buffer.from(secrets.context());
    expect([now.includes(KEY), now.includes(TOKEN)]).toEqual([false, true]);
    expect([[...secrets.names], secrets.isRegistered('KEY')]).toEqual([['TOKEN'], true]);
    expect(secrets.mask(`${KEY} ${TOKEN}`)).toBe('[REDACTED] [REDACTED]');
  });

  it('is not revoked again, nor is one that was never held', () => {
    secrets.revoke(['KEY']);
    expect([secrets.revoke(['KEY']), secrets.revoke(['NEVER_HELD'])]).toEqual([false, false]);
  });
});
