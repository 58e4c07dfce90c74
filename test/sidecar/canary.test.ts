import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ErrorInfoSchema } from '../../src/gen/google/rpc/error_details_pb';
import { ExecutionSecrets } from '../../src/sidecar/execution-secrets';
import { Resolution } from '../../src/sidecar/resolution';
import { Executions } from '../../src/sidecar/executions';
import { StatusError } from '../../src/wire/client';
import { startRig, type Rig } from './support/rig';

// One value for each way that text goes wrong; the canary in the middle is what is looked for.
const CANARY = 'cAnArY7f3a9e';
const VALUES = {
  PLAIN: `sk-${CANARY}-plain`,
  SPECIAL: `p&s/"${CANARY}"?=\\ é😀`,
  MULTILINE: `-----BEGIN KEY-----\nline-one-${CANARY}\r\nline-two-${CANARY}\n-----END KEY-----\n`,
  LONG: `${CANARY}${'x'.repeat(60_000)}${CANARY}`,
};

/** The canary as it is, in base64 at any alignment, hex, URL- and JSON-encoded. */
const TRACES = [
  CANARY,
  ...[0, 1, 2].map((before) => {
    const encoded = Buffer.from('x'.repeat(before) + CANARY)
      .toString('base64')
      .replace(/=+$/, '');
    return encoded.slice(before === 0 ? 0 : before + 1, -1);
  }),
  Buffer.from(CANARY).toString('hex'),
  Buffer.from(CANARY).toString('hex').toUpperCase(),
];

const encodings: ((text: string) => string)[] = [
  (text) => text,
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(`user:${text}`).toString('base64'),
  (text) => Buffer.from(`u:${text}:`).toString('base64url'),
  (text) => Buffer.from(text).toString('hex'),
  (text) => encodeURIComponent(text),
  (text) => new URLSearchParams({ q: text }).toString(),
  (text) => JSON.stringify({ text }),
  (text) => JSON.stringify(JSON.stringify({ text })),
];

describe('nothing that leaves a sidecar shows a value', () => {
  let rig: Rig;
  const seen: string[] = [];
  const token = 'axt_canary-token-5d1c';

  beforeAll(async () => {
    const watch = (stream: NodeJS.WriteStream): void => {
      const write = stream.write.bind(stream);
      jest.spyOn(stream, 'write').mockImplementation(((chunk: string | Uint8Array, ...rest: never[]) => {
        seen.push(Buffer.from(chunk as never).toString());
        return write(chunk, ...rest);
      }) as never);
    };
    watch(process.stdout);
    watch(process.stderr);
    rig = await startRig({
      Leak: ({ get, log }) => {
        for (const name of Object.keys(VALUES)) {
          for (const encode of encodings) {
            const leaked = encode(get(name)[0]);
            log(`the value is ${leaked}!`, { header: leaked, [leaked]: 'in a key' }, 4);
          }
          for (const line of get(name)[0].split(/\r?\n/)) log(`line ${line}`);
        }
        return 'ok';
      },
      TypedLeak: ({ get, fail, input }) => {
        const text = encodings.map((encode) => encode(get(input)[0])).join(' | ');
        fail({ typed: true, code: `CODE_${text}`, message: text, detail: text });
        return undefined;
      },
      ThrownLeak: ({ get, input }) => {
        throw Object.assign(new Error(get(input)[0]), { code: 9 });
      },
    });
    rig.service.executions.set(token, { executionId: 'ex', tenantId: 'acme', secrets: VALUES });
  });
  afterAll(() => rig.stop());

  const expectClean = (what: string): void => {
    for (const trace of TRACES) expect(what.includes(trace)).toBe(false);
    expect(what).not.toContain(token);
  };
  const invoke = (node: string, input = ''): Promise<unknown> =>
    rig.engine.invoke({ executionToken: token, node, input: Buffer.from(input) }).catch((e: unknown) => e);

  it('in a log record, its attributes or their keys', async () => {
    await invoke('Leak');
    const log = rig.logLines.join('');
    expect(rig.logLines.length).toBeGreaterThan(30);
    expect(log).toContain('the value is [REDACTED]!');
    expectClean(log);
  });

  it.each(Object.keys(VALUES))("in an error's message, metadata or details: %s", async (name) => {
    for (const node of ['TypedLeak', 'ThrownLeak']) {
      const error = (await invoke(node, name)) as StatusError;
      expect(error).toBeInstanceOf(StatusError);
      expectClean(`${error.message} ${JSON.stringify(error.details(ErrorInfoSchema))}`);
      expectClean(Buffer.from(error.richStatus?.details[0]?.value ?? []).toString('latin1'));
    }
  });

  it('in what the process printed', () => {
    expectClean(seen.join(''));
  });

  it('in what its objects print', async () => {
    expectClean(inspect(rig.sidecar, { depth: 20, showHidden: true }));
    expectClean(JSON.stringify(rig.sidecar));
    const resolution = Resolution.parse(secretsMessage());
    const secrets = new ExecutionSecrets(resolution, performance.now());
    secrets.context();
    secrets.mask('x');
    const executions = new Executions(() => Promise.resolve(secrets), { executions: 10, bytes: 2 ** 30 });
    await executions.get('t');
    for (const object of [resolution, secrets, { nested: [secrets] }]) {
      expectClean(inspect(object, { depth: 20, showHidden: true }) + JSON.stringify(object) + String(object));
    }
    expectClean(inspect(executions, { depth: 20 }));
  });

  it('and the sweep finds one that is there', () => {
    for (const encode of [encodings[0], encodings[1], encodings[2], encodings[3], encodings[4]]) {
      expect(() => expectClean(encode?.(VALUES.PLAIN) ?? '')).toThrow();
    }
  });
});

/** ResolveForExecutionResponse with the canary as secret A, written by hand: field 1 = the entry, 2 = the receipt. */
function secretsMessage(): Buffer {
  const field = (number: number, bytes: Buffer): Buffer =>
    Buffer.concat([Buffer.from([(number << 3) | 2, bytes.length]), bytes]);
  const secret = field(1, Buffer.from(VALUES.PLAIN));
  const entry = Buffer.concat([field(1, Buffer.from('A')), field(2, secret)]);
  return Buffer.concat([field(1, entry), field(2, field(1, Buffer.from('ex')))]);
}
