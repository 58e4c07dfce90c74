import { create, fromBinary, toBinary, type DescMessage } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogLevel } from '../../src/gen/axiom/node/v1/node_pb';
import {
  answerOf,
  NodeClient,
  NodeHost,
  statusOf,
  type Answer,
  type Execution,
} from '../support/node-client';
import { PackageCopy } from '../support/package-copy';
import { BUILD_TIME_MS, describeWith } from '../support/needs';

const CANARY = 'canary-4f1c-value';
const MASKED = 'The node failed; its log has the reason.';
const OK = 0;
const CANCELLED = 1;
const INVALID_ARGUMENT = 3;
const DEADLINE_EXCEEDED = 4;
const NOT_FOUND = 5;

interface TextShape {
  readonly text: string;
  readonly lines: readonly string[];
}

let copy: PackageCopy;
let host: NodeHost;
let message: DescMessage;

beforeAll(async () => {
  copy = new PackageCopy(join(__dirname, '..', 'testdata', 'packages', 'python-shapes'));
  const { model, support } = await copy.generate();
  await support.build(model, () => undefined);
  message = model.nodes[0]!.input;
  host = await NodeHost.start(await support.hostCommand(model), copy.path('host.sock'));
}, BUILD_TIME_MS);

afterAll(async () => {
  await host?.stop();
  copy?.[Symbol.dispose]();
});

const text = (value: string) =>
  toBinary(message, create(message, { text: value } as Record<string, unknown>));
const read = (bytes: Uint8Array) => fromBinary(message, bytes) as unknown as TextShape;
const execution = (
  tenant: string,
  values: Record<string, string> = {},
  revoked: readonly string[] = [],
): Execution => ({
  executionId: `execution-of-${tenant}`,
  flowId: 'a-flow',
  tenantId: tenant,
  secrets: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Buffer.from(value)])),
  revokedSecretNames: [...revoked],
});
const invoke = (node: string, input: string, context: Execution = {}) =>
  answerOf(host.client.invoke(node, text(input), context));
const only = (answer: Answer) => {
  expect(answer.errors).toEqual([]);
  expect(answer.outputs).toHaveLength(1);
  return read(answer.outputs[0]!);
};

async function pipeline(node: string, inputs: readonly string[], context: Execution = {}): Promise<Answer> {
  const call = host.client.pipeline(node, context);
  for (const input of inputs) call.send(text(input));
  call.endInputs();
  return answerOf(call);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(10);
}

describeWith('python', 'The Python node host', () => {
  it('listens on a Unix socket of mode 0600 and says what it serves', async () => {
    expect(statSync(copy.path('host.sock')).mode & 0o777).toBe(0o600);
    const described = await host.client.describe();
    expect(described).toMatchObject({ package: 'my-org/shapes', version: '1.2.3', language: 'python' });
    expect(described.nodes.map((node) => [node.name, node.pipeline])).toEqual(
      expect.arrayContaining([
        ['Read', false],
        ['Upper', true],
      ]),
    );
    expect(described.nodes[0]).toMatchObject({ inputType: 'Text', outputType: 'Text' });
  });

  it('refuses a node that the package lacks, a wrong kind of call, and an input that is not its message', async () => {
    expect(await statusOf(host.client.invoke('Nope', text('')))).toBe(NOT_FOUND);
    expect(await statusOf(host.client.invoke('Upper', text('')))).toBe(NOT_FOUND);
    expect(await statusOf(host.client.invoke('Read', Uint8Array.of(0xff)))).toBe(INVALID_ARGUMENT);
    const call = host.client.pipeline('Upper');
    call.send(Uint8Array.of(0xff));
    expect(await statusOf(call)).toBe(INVALID_ARGUMENT);
  });
});

describeWith('python', 'ax.secrets.get in Python', () => {
  it('returns the value and True, and an empty text and False for a missing name', async () => {
    const context = execution('t1', { API_KEY: 'v' });
    expect(only(await invoke('Read', 'API_KEY', context))).toMatchObject({
      text: 'v',
      lines: ['True', 'available', 'execution-of-t1', 'a-flow', 't1'],
    });
    expect(only(await invoke('Read', 'OTHER', context))).toMatchObject({
      text: '',
      lines: expect.arrayContaining(['False', 'unset']),
    });
  });

  it.each(['', 'a\0b', 'line\r\n', 'trailing\n', '🦜 שלום', 'x'.repeat(65_536)])(
    'keeps a value byte for byte',
    async (value) => {
      expect(only(await invoke('Read', 'API_KEY', execution('t1', { API_KEY: value }))).text).toBe(value);
    },
  );

  it('tells a revoked name from one that was never there', async () => {
    const answer = only(await invoke('Read', 'GONE', execution('t1', {}, ['GONE'])));
    expect(answer).toMatchObject({ text: '', lines: expect.arrayContaining(['False', 'revoked']) });
  });

  it('never raises, whatever it is asked for', async () => {
    const answer = await invoke('Chatty', '', execution('t1', { API_KEY: CANARY }));
    expect(only(answer).lines).toEqual(['None', "('', False)", "('', False)", "('', False)", "('', False)"]);
  });

  it('works with handlers that take log, secrets and input', async () => {
    const answer = await invoke('OldStyle', '', execution('t1', { API_KEY: 'v' }));
    expect(only(answer).text).toBe('v');
    expect(answer.logs).toEqual([
      { level: LogLevel.INFO, message: 'old style', attributes: { found: 'true' } },
    ]);
    const old = await pipeline('OldPipeline', ['A', 'B'], execution('t1', { A: '1', B: '2' }));
    expect(old.outputs.map((bytes) => read(bytes).text)).toEqual(['1', '2']);
  });

  it('finds a node whose name holds an acronym, with a dependency from requirements.txt', async () => {
    expect(only(await invoke('SQLQueryNode', 'asked')).text).toBe('asked by iniconfig');
  });
});

describeWith('python', 'Concurrent invocations', () => {
  it.each(['Read', 'AsyncRead'])('each have the secrets of their own execution (%s)', async (node) => {
    const calls = Array.from({ length: 60 }, (_, i) => {
      const tenant = `t${i % 2}`;
      return invoke(node, 'API_KEY', execution(tenant, { API_KEY: `value-of-${tenant}` }));
    });
    for (const [i, answer] of (await Promise.all(calls)).entries()) {
      expect(only(answer).text).toBe(`value-of-t${i % 2}`);
    }
  });

  it.each(['AsyncEcho', 'AsyncEchoPlainFor', 'Upper'])(
    'of the pipeline %s do not wait for one another',
    async (node) => {
      const first = host.client.pipeline(node, execution('one'));
      const second = host.client.pipeline(node, execution('two'));
      const firstEvents = first[Symbol.asyncIterator]();
      const secondEvents = second[Symbol.asyncIterator]();
      first.send(text('a'));
      expect((await firstEvents.next()).value).toMatchObject({ case: 'output' });
      second.send(text('b'));
      expect((await secondEvents.next()).value).toMatchObject({ case: 'output' });
      first.send(text('c'));
      expect((await firstEvents.next()).value).toMatchObject({ case: 'output' });
      first.endInputs();
      second.endInputs();
      expect((await secondEvents.next()).done).toBe(true);
      expect((await firstEvents.next()).done).toBe(true);
    },
  );
});

describeWith('python', 'Pipelines in Python', () => {
  it.each([
    ['Upper', ['A', 'B']],
    ['AsyncEcho', ['a', 'b']],
    ['AsyncEchoPlainFor', ['a', 'b']],
  ])('%s gives one output for each input', async (node, expected) => {
    expect((await pipeline(node, ['a', 'b'])).outputs.map((bytes) => read(bytes).text)).toEqual(expected);
  });

  it('may read secrets after the first message, and see the end by next(inputs, None)', async () => {
    const answer = await pipeline('FirstThenAll', ['API_KEY', 'x'], execution('t', { API_KEY: 'v' }));
    expect(answer.outputs.map((bytes) => read(bytes).text)).toEqual(['v', 'x']);
    expect(answer.order).toEqual(['secretRead', 'output', 'output']);
    expect(await pipeline('FirstThenAll', [])).toMatchObject({
      outputs: [],
      logs: [{ message: 'no inputs' }],
    });
  });

  it('end with one error after the outputs that came before it', async () => {
    const answer = await pipeline('FailingPipeline', ['a', 'b', 'c'], execution('t', { API_KEY: CANARY }));
    expect(answer.order).toEqual(['output', 'secretRead', 'log', 'error']);
    expect(answer.errors).toEqual([{ typed: false, code: '', message: MASKED, detail: '' }]);
    expect(JSON.stringify(answer)).not.toContain(CANARY);
  });

  it('wait for a slow reader, and run their finally blocks when the caller leaves', async () => {
    const place = copy.path('endless.count');
    const call = host.client.pipeline('Endless');
    call.send(text(place));
    const events = call[Symbol.asyncIterator]();
    await events.next();
    // Time enough for thousands of outputs, were nobody to hold the handler back.
    await sleep(500);
    call.cancel();
    const rest = async () => {
      while (!(await events.next()).done);
    };
    await expect(rest()).rejects.toMatchObject({ code: CANCELLED });
    await until(() => existsSync(place));
    expect(Number(readFileSync(place, 'utf8'))).toBeLessThan(1_000);
  });
});

describeWith('python', 'What the host tells the sidecar', () => {
  it('every read with its name and whether it was found, before the output', async () => {
    const answer = await invoke('AsyncRead', 'API_KEY', execution('t'));
    expect(answer.reads).toEqual([
      ['API_KEY', false],
      ['API_KEY', false],
    ]);
    expect(answer.order).toEqual(['secretRead', 'secretRead', 'output']);
  });

  it('log records with their level and attributes as text, as they happen', async () => {
    const { logs } = await invoke('Chatty', '');
    expect(logs).toEqual([
      { level: LogLevel.DEBUG, message: 'a', attributes: { number: '7', nothing: 'null' } },
      { level: LogLevel.INFO, message: 'b', attributes: { list: '[1, "two"]', text: 'plain', odd: '"{1}"' } },
      { level: LogLevel.WARN, message: 'c ?', attributes: {} },
      { level: LogLevel.ERROR, message: 'd', attributes: { error: '"why"' } },
    ]);
    const call = host.client.invoke('Wait', text(copy.path('go')), execution('t', { API_KEY: 'v' }));
    const events = call[Symbol.asyncIterator]();
    expect((await events.next()).value).toMatchObject({ case: 'log', value: { message: 'started' } });
    writeFileSync(copy.path('go'), '');
    expect((await events.next()).value).toMatchObject({ case: 'secretRead' });
  });
});

describeWith('python', "A handler's failure", () => {
  const context = execution('t', { API_KEY: CANARY });

  it('reaches the caller in its own words when it is the typed node error', async () => {
    expect((await invoke('Fail', 'typed', context)).errors).toEqual([
      {
        typed: true,
        code: '23505',
        message: 'that row is there already',
        detail: '{"constraint": "rows_pkey"}',
      },
    ]);
    expect((await invoke('Fail', 'own', context)).errors).toEqual([
      { typed: true, code: 'OWN', message: 'my own words', detail: 'a text' },
    ]);
  });

  it.each(['crash', 'exit', 'wrong'])(
    'is masked otherwise, and its log has class and place but no value (%s)',
    async (how) => {
      const answer = await invoke('Fail', how, context);
      expect(answer.errors).toEqual([{ typed: false, code: '', message: MASKED, detail: '' }]);
      expect(answer.outputs).toEqual([]);
      expect(answer.logs).toHaveLength(1);
      expect(answer.logs[0]).toMatchObject({ level: LogLevel.ERROR, message: 'Fail failed' });
      expect(JSON.stringify(answer)).not.toContain(CANARY);
      if (how === 'wrong')
        expect(answer.logs[0]!.attributes.reason).toBe('Fail gave dict where Text is declared');
      if (how === 'crash') {
        expect(answer.logs[0]!.attributes).toMatchObject({
          exception: 'RuntimeError',
          caused_by: 'ValueError',
          traceback: expect.stringMatching(/^nodes\/fail\.py:\d+ in fail/),
        });
      }
    },
  );

  it('in a thread of its own prints no value either', async () => {
    expect(only(await invoke('Fail', 'thread', context)).text).toBe('went on');
    await until(() => host.printed.includes('uncaught ValueError'));
    expect(host.printed).not.toContain(CANARY);
  });
});

describeWith('python', 'An invocation that ends', () => {
  it('leaves no secret behind in a context that the handler kept', async () => {
    await invoke('Keep', '', execution('one', { API_KEY: 'first' }));
    const answer = only(await invoke('Keep', '', execution('two', { API_KEY: 'second' })));
    expect(answer).toMatchObject({ text: 'second', lines: ["('', False)"] });
  });

  it('by cancellation cancels the coroutine', async () => {
    const call = host.client.invoke('AsyncWait', text(copy.path('cancelled')));
    const events = call[Symbol.asyncIterator]();
    await events.next();
    call.cancel();
    await expect(events.next()).rejects.toMatchObject({ code: CANCELLED });
    await until(() => existsSync(copy.path('cancelled')));
  });

  it('by its deadline too', async () => {
    const call = host.client.invoke('AsyncWait', text(copy.path('late')), {}, 300);
    expect(await statusOf(call)).toBe(DEADLINE_EXCEEDED);
    await until(() => existsSync(copy.path('late')));
    expect(await statusOf(host.client.invoke('Read', text('A')))).toBe(OK);
  });
});

describeWith('python', 'Handlers that look at the flow', () => {
  it('see an empty one, and a mutation that says why it fails in either form of add_node', async () => {
    const { lines } = only(await invoke('Flow', ''));
    expect(lines.slice(0, 3)).toEqual(['0', '', '0']);
    expect(lines.slice(3)).toEqual(Array(3).fill(expect.stringContaining('no flow')));
  });
});

describeWith('python', 'The host on SIGTERM', () => {
  it('finishes what runs, takes nothing new, removes its socket and exits 0', async () => {
    const { model, support } = await copy.generate();
    const socket = copy.path('second.sock');
    const second = await NodeHost.start(await support.hostCommand(model), socket);
    const go = copy.path('go-second');
    const events = second.client
      .invoke('Wait', text(go), execution('t', { API_KEY: 'v' }))
      [Symbol.asyncIterator]();
    await events.next();
    second.process.kill('SIGTERM');
    // A call that comes before the signal is handled is still taken.
    while ((await statusOf(new NodeClient(socket).invoke('Read', text('')))) === OK);
    writeFileSync(go, '');
    expect((await events.next()).value).toMatchObject({ case: 'secretRead' });
    expect((await events.next()).value).toMatchObject({ case: 'output' });
    expect((await events.next()).done).toBe(true);
    if (second.process.exitCode === null) await once(second.process, 'exit');
    expect(second.process.exitCode).toBe(0);
    expect(existsSync(socket)).toBe(false);
  });

  it('does not take a socket that another host listens on', async () => {
    const { model, support } = await copy.generate();
    const { argv, cwd } = await support.hostCommand(model);
    const [program, ...args] = argv;
    const env = { ...process.env, AXIOM_SOCKET: copy.path('host.sock') };
    const { status, stderr } = spawnSync(program, args, { cwd, env, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('another node host listens on');
    expect(await statusOf(host.client.invoke('Read', text('A')))).toBe(OK);
  });

  it('says which handler is missing or cannot be called, and which import', async () => {
    using broken = new PackageCopy(copy.root);
    const { model, support } = await broken.generate();
    const { argv, cwd } = await support.hostCommand(model);
    const start = () => spawnSync(argv[0], argv.slice(1), { cwd, encoding: 'utf8' });
    writeFileSync(broken.path('nodes', 'read.py'), 'import no_such_library');
    expect(start()).toMatchObject({ status: 1, stderr: expect.stringContaining('imports no_such_library') });
    writeFileSync(broken.path('nodes', 'read.py'), 'def other(ax, input): ...');
    expect(start()).toMatchObject({ status: 1, stderr: expect.stringContaining('has no function read') });
    writeFileSync(broken.path('nodes', 'read.py'), 'def read(input): ...');
    expect(start()).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('nodes/read.py: read(input) cannot be called with (ax, input)'),
    });
    rmSync(broken.path('nodes', 'read.py'));
    expect(start()).toMatchObject({ status: 1, stderr: expect.stringContaining('nodes/read.py is missing') });
  });
});
