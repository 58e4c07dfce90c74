import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ErrorInfoSchema } from '../../src/gen/google/rpc/error_details_pb';
import { StatusError } from '../../src/wire/client';
import { startRig, until, type Rig } from './support/rig';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const bytes = (value: string): Uint8Array => Buffer.from(value);

let cancellations = 0;
let hanging = 0;
let produced = 0;

describe('a sidecar relays invocations to the node host', () => {
  let rig: Rig;

  beforeAll(async () => {
    rig = await startRig(
      {
        Greet: ({ get, input }) => {
          const [signature, ok] = get('GREETER_SIGNATURE');
          return `Hello ${input}, from ${ok ? signature : 'anonymous'}`;
        },
        Ids: ({ context: c }) =>
          JSON.stringify([c.executionId, c.flowId, c.tenantId, Object.keys(c.secrets), c.revokedSecretNames]),
        Typed: ({ fail, get }) => {
          fail({
            typed: true,
            code: 'RESOURCE_EXHAUSTED',
            message: `quota of ${get('GREETER_SIGNATURE')[0]}`,
            detail: 'retry tomorrow',
          });
          return undefined;
        },
        OwnCode: ({ fail }) => {
          fail({ typed: true, code: 'NO_SUCH_CITY', message: 'There is no such city.' });
          return undefined;
        },
        Verbose: ({ fail }) => {
          fail({
            typed: true,
            code: 'C'.repeat(5_000),
            message: 'é'.repeat(100_000),
            detail: 'd'.repeat(100_000),
          });
          return undefined;
        },
        Untyped: ({ fail, get }) => {
          fail({ typed: false, message: `boom ${get('GREETER_SIGNATURE')[0]}` });
          return undefined;
        },
        Throws: ({ get }) => {
          throw new Error(`boom ${get('GREETER_SIGNATURE')[0]}`);
        },
        Refuses: ({ get }) => {
          throw Object.assign(new Error(`bad input ${get('GREETER_SIGNATURE')[0]}`), {
            code: status.INVALID_ARGUMENT,
          });
        },
        Silent: () => undefined,
        Hang: async ({ cancelled }) => {
          hanging++;
          await cancelled;
          cancellations++;
          return undefined;
        },
        Deadline: ({ deadline }) => String(deadline),
      },
      {
        Upper: async (inputs, emit) => {
          for await (const input of inputs) await emit(input.toUpperCase());
        },
        Flood: async (inputs, emit) => {
          for await (const input of inputs)
            for (; produced < 500; produced++) await emit(input.repeat(64 * 1024));
        },
        Endless: async (inputs, emit) => {
          for await (const input of inputs) await emit(input);
        },
        First: async (inputs, emit) => {
          for await (const input of inputs) return void (await emit(input));
        },
      },
    );
    const secrets = { GREETER_SIGNATURE: 'the-real-signature' };
    rig.service.executions.set('tok-a', {
      executionId: 'ex-a',
      tenantId: 'acme',
      secrets,
      nodeTimeoutSeconds: 300,
    });
    rig.service.executions.set('tok-b', { executionId: 'ex-b', tenantId: 'other', secrets: {} });
    rig.service.executions.set('tok-short', {
      executionId: 'ex-s',
      tenantId: 'acme',
      secrets,
      nodeTimeoutSeconds: 1,
    });
    rig.service.executions.set('tok-over', {
      ...{ executionId: 'ex-o', tenantId: 'acme', secrets },
      overrides: { GREETER_SIGNATURE: 'the-override', MORE: 'x' },
    });
  });
  afterAll(() => rig?.stop());
  beforeEach(() => {
    rig.service.failure = undefined;
  });

  const invoke = async (node: string, token = 'tok-a', input = 'Ada'): Promise<string> =>
    text((await rig.engine.invoke({ executionToken: token, node, input: bytes(input) })).output);
  const failure = async (node: string, token = 'tok-a'): Promise<StatusError> => {
    const error = await invoke(node, token).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StatusError);
    return error as StatusError;
  };

  it('gives node code the value by name', async () => {
    expect(await invoke('Greet')).toBe('Hello Ada, from the-real-signature');
  });

  it('gives an execution of another tenant nothing of it', async () => {
    expect(await invoke('Greet', 'tok-b')).toBe('Hello Ada, from anonymous');
  });

  it('gives the override where the config has one, and node code cannot tell', async () => {
    expect(await invoke('Greet', 'tok-over')).toBe('Hello Ada, from the-override');
    expect(JSON.parse(await invoke('Ids', 'tok-over'))).toEqual([
      ...['ex-o', 'flow-1', 'acme'],
      ['GREETER_SIGNATURE', 'MORE'],
      [],
    ]);
  });

  it('resolves once for many calls at once', async () => {
    rig.service.executions.set('tok-once', { executionId: 'ex-1', tenantId: 'acme', secrets: {} });
    await Promise.all(Array.from({ length: 20 }, () => invoke('Greet', 'tok-once')));
    await invoke('Greet', 'tok-once');
    expect(rig.service.resolutions.filter((token) => token === 'tok-once')).toHaveLength(1);
  });

  it('answers UNAUTHENTICATED for a token that is not in force, and asks again the next time', async () => {
    expect((await failure('Greet', 'tok-forged')).codeName).toBe('UNAUTHENTICATED');
    rig.service.executions.set('tok-forged', { executionId: 'ex-f', tenantId: 'acme', secrets: {} });
    expect(await invoke('Greet', 'tok-forged')).toContain('anonymous');
  });

  it('answers INVALID_ARGUMENT for a call without a token', async () => {
    expect((await failure('Greet', '')).codeName).toBe('INVALID_ARGUMENT');
  });

  it('answers NOT_FOUND for an unknown node and names those that there are', async () => {
    const error = await failure('Nope');
    expect(error.codeName).toBe('NOT_FOUND');
    expect(error.message).toContain('Greet');
  });

  it('says so when a pipeline is called like a unary node', async () => {
    const error = await failure('Upper');
    expect([error.codeName, error.message]).toEqual([
      'INVALID_ARGUMENT',
      'Upper is a pipeline; call InvokePipeline',
    ]);
  });

  it("passes a handler's typed error on, with the value masked", async () => {
    const error = await failure('Typed');
    expect([error.codeName, error.message]).toEqual(['RESOURCE_EXHAUSTED', 'quota of [REDACTED]']);
    expect(error.details(ErrorInfoSchema)[0]).toMatchObject({
      domain: 'node.axiom',
      reason: 'RESOURCE_EXHAUSTED',
      metadata: { node: 'Typed', package: 'acme/greeter@1.0.0', detail: 'retry tomorrow' },
    });
  });

  it('passes it on also where the host has ended the call long before the value is masked', async () => {
    // A masker of so many values takes several turns of the event loop to make.
    const many = Array.from({ length: 1_000 }, (_, i) => [
      `NAME_${i}`,
      `${i} of ${'many values '.repeat(80)}`,
    ]);
    rig.service.executions.set('tok-many', {
      executionId: 'ex-many',
      tenantId: 'acme',
      secrets: { ...Object.fromEntries(many), GREETER_SIGNATURE: 'the-real-signature' },
    });
    const error = await failure('Typed', 'tok-many');
    expect([error.codeName, error.message]).toEqual(['RESOURCE_EXHAUSTED', 'quota of [REDACTED]']);
  });

  it("answers FAILED_PRECONDITION for a code of the handler's own", async () => {
    const error = await failure('OwnCode');
    expect([error.codeName, error.details(ErrorInfoSchema)[0]?.reason]).toEqual([
      'FAILED_PRECONDITION',
      'NO_SUCH_CITY',
    ]);
  });

  it('cuts a typed error to what a gRPC status can carry', async () => {
    const error = await failure('Verbose');
    expect(error.codeName).toBe('FAILED_PRECONDITION');
    expect(error.message).toMatch(/^é{500}…$/);
  });

  it.each(['Untyped', 'Throws', 'Silent'])(
    'masks any other failure by one fixed sentence: %s',
    async (node) => {
      const error = await failure(node);
      expect([error.codeName, error.message]).toEqual([
        'INTERNAL',
        'The node failed; its log has the reason.',
      ]);
      expect(JSON.stringify(error.details(ErrorInfoSchema))).not.toContain('the-real-signature');
    },
  );

  it("passes the host's own refusal on, with the value masked", async () => {
    const error = await failure('Refuses');
    expect([error.codeName, error.message]).toEqual(['INVALID_ARGUMENT', 'bad input [REDACTED]']);
  });

  it('answers DEADLINE_EXCEEDED after the node timeout of the flow config, and the node learns of it', async () => {
    const before = cancellations;
    // On a busy machine the time may be over before the node is asked.
    for (const begun = hanging; hanging === begun;) {
      const error = await failure('Hang', 'tok-short');
      expect(error.codeName).toBe('DEADLINE_EXCEEDED');
      expect(error.message).toContain('1 s');
    }
    await until(() => cancellations > before);
  });

  it("hands the earlier of the caller's deadline and the node timeout to the host", async () => {
    const soon = Date.now() + 20_000;
    const request = { executionToken: 'tok-a', node: 'Deadline', input: bytes('') };
    const { output } = await rig.engine.invoke(request, { deadline: soon });
    expect(Number(text(output))).toBeLessThanOrEqual(soon + 1_000);
    expect(Number(await invoke('Deadline'))).toBeGreaterThan(soon);
  });

  it.each([
    ['an invocation', 'tok-a'],
    ["an execution's first invocation, which had to be resolved", 'tok-first'],
  ])('passes the cancellation of %s on', async (_, executionToken) => {
    rig.service.executions.set('tok-first', { executionId: 'ex-first', tenantId: 'acme', secrets: {} });
    const before = cancellations;
    const begun = hanging;
    const abort = new AbortController();
    const request = { executionToken, node: 'Hang', input: bytes('') };
    const call = rig.engine.invoke(request, { signal: abort.signal });
    const outcome = expect(call).rejects.toMatchObject({ codeName: 'CANCELLED' });
    await until(() => hanging > begun);
    abort.abort();
    await outcome;
    await until(() => cancellations > before);
  });

  async function* pipeline(node: string, inputs: AsyncIterable<string> | Iterable<string>) {
    yield { message: { case: 'start' as const, value: { executionToken: 'tok-a', node } } };
    for await (const input of inputs) yield { message: { case: 'input' as const, value: bytes(input) } };
  }

  it('streams a pipeline both ways', async () => {
    const outputs: string[] = [];
    for await (const { output } of rig.engine.invokePipeline(pipeline('Upper', ['a', 'b', 'c'])))
      outputs.push(text(output));
    expect(outputs).toEqual(['A', 'B', 'C']);
  });

  it('ends a pipeline whose node has read enough', async () => {
    async function* endless() {
      for (let i = 0; ; i++) yield `input ${i}`;
    }
    const outputs: string[] = [];
    for await (const { output } of rig.engine.invokePipeline(pipeline('First', endless())))
      outputs.push(text(output));
    expect(outputs).toEqual(['input 0']);
  });

  it('lets a pipeline produce only as fast as the engine takes', async () => {
    produced = 0;
    const outputs = rig.engine.invokePipeline(pipeline('Flood', ['x']));
    await outputs.next();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(produced).toBeLessThan(250);
    let rest = 1;
    for await (const _ of outputs) rest++;
    expect(rest).toBe(500);
  });

  it('passes the cancellation of a pipeline on', async () => {
    const before = rig.host.cancelledPipelines;
    async function* one() {
      yield 'a';
      await new Promise(() => undefined);
    }
    for await (const { output } of rig.engine.invokePipeline(pipeline('Endless', one()))) {
      expect(text(output)).toBe('a');
      break;
    }
    await until(() => rig.host.cancelledPipelines > before);
  });

  it('carries inputs and outputs of many megabytes', async () => {
    expect((await invoke('Greet', 'tok-b', 'x'.repeat(20_000_000))).length).toBeGreaterThan(20_000_000);
  });

  it('refuses a pipeline that does not begin with its start', async () => {
    async function* inputs() {
      yield { message: { case: 'input' as const, value: bytes('a') } };
    }
    await expect(rig.engine.invokePipeline(inputs()).next()).rejects.toMatchObject({
      codeName: 'INVALID_ARGUMENT',
    });
  });

  it('answers UNAVAILABLE when the host dies in mid-call, and serves again once it is back', async () => {
    const begun = hanging;
    const call = failure('Hang');
    await until(() => hanging > begun);
    rig.host.kill();
    expect((await call).codeName).toBe('UNAVAILABLE');
    expect((await failure('Greet')).codeName).toBe('UNAVAILABLE');
    rig.host.version = '2.0.0';
    await rig.host.start();
    await until(() => rig.logLines.some((line) => line.includes('"version":"2.0.0"')));
    expect(await invoke('Greet')).toContain('the-real-signature');
  });
});
