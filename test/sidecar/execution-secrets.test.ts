/** What a sidecar holds of executions: how long it is in its memory, and how much of it. */

import { create, toBinary } from '@bufbuild/protobuf';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ResolveForExecutionResponseSchema } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { ExecutionSecrets } from '../../src/sidecar/execution-secrets';
import { Executions } from '../../src/sidecar/executions';
import { Resolution } from '../../src/sidecar/resolution';

const [KEY, TOKEN] = ['k1-4f9a2c77', 't0k-88d1e6b3'];

let answer: Buffer;
let secrets: ExecutionSecrets;

function answerFor(tenantId: string): Buffer {
  const [key, token] = [KEY, TOKEN].map((value) => ({ value: Buffer.from(value) }));
  const receipt = { executionId: 'ex-1', flowId: 'flow', tenantId, timeLeft: { seconds: 60n } };
  const message = create(ResolveForExecutionResponseSchema, {
    secrets: { KEY: key, TOKEN: token } as never,
    receipt,
  });
  return Buffer.from(toBinary(ResolveForExecutionResponseSchema, message));
}

const heldOf = (bytes: Buffer) => new ExecutionSecrets(Resolution.parse(bytes), 0);

beforeEach(() => {
  answer = answerFor('acme');
  secrets = heldOf(answer);
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

describe('Of the memory for secrets', () => {
  const SPENT = expect.objectContaining({ code: 'RESOURCE_EXHAUSTED', reason: 'SIDECAR_MEMORY_SPENT' });
  let executions: Executions;
  /** Room for four executions; the token is its tenant's name and a number. */
  beforeEach(() => {
    const resolve = async (token: string) => heldOf(answerFor(token.split(' ')[0] ?? ''));
    executions = new Executions(resolve, { executions: 9, bytes: 4 * secrets.bytes }, () => 0);
  });
  const run = async (token: string) => (await executions.get(token)).use();

  it('one tenant’s executions that run get half, and others theirs beside them', async () => {
    const done = await run('acme 1');
    await run('acme 2');
    await expect(executions.get('acme 3')).rejects.toEqual(SPENT);
    await run('zoo 1');
    await run('zoo 2');
    expect(executions.tokens()).toEqual(['acme 1', 'acme 2', 'zoo 1', 'zoo 2']);
    done();
    await run('acme 3');
    expect(executions.tokens()).toEqual(['acme 2', 'zoo 1', 'zoo 2', 'acme 3']);
  });

  it('all of it goes to one tenant’s that do not run, of which the one that was used least lately goes first', async () => {
    for (const number of [1, 2, 3, 4]) await executions.get(`acme ${number}`);
    await executions.get('acme 1');
    await executions.get('acme 5');
    expect(executions.tokens()).toEqual(['acme 3', 'acme 4', 'acme 1', 'acme 5']);
  });
});
