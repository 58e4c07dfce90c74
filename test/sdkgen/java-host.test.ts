/** A Java package's node host: built from its sources, started, and spoken to as a sidecar would. */

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeWith } from '../support/needs';
import type { PackageModel } from '../../src/sdkgen/language';
import { javaSupport } from '../../src/sdkgen/java/index';
import { loadPackage } from '../../src/sdkgen/load-package';
import { writeFiles } from '../../src/sdkgen/write-files';
import { answerOf, NodeHost, statusOf, type Answer, type Execution } from '../support/node-client';

const PACKAGE = join(__dirname, '../testdata/packages/java-host');
const VALUE = 'sk-canary-7f3a';
const encoder = new TextEncoder();

interface Probe {
  readonly text?: string;
  readonly times?: number;
}

let folder = '';
let model: PackageModel;
let host: NodeHost | undefined;

function message(name: 'Probe' | 'Seen') {
  const found = model.registry.getMessage(`acme.host_probe.${name}`);
  if (!found) throw new Error(`no message ${name}`);
  return found;
}

function probe(fields: Probe): Uint8Array {
  return toBinary(message('Probe'), create(message('Probe'), fields as never));
}

function seen(bytes: Uint8Array | undefined): Record<string, unknown> {
  return { ...fromBinary(message('Seen'), bytes ?? new Uint8Array()) };
}

function execution(secrets: Record<string, string>, more: Partial<Record<string, unknown>> = {}): Execution {
  const values = Object.fromEntries(
    Object.entries(secrets).map(([name, value]) => [name, encoder.encode(value)]),
  );
  return { executionId: 'e-1', flowId: 'f-1', tenantId: 't-1', secrets: values, ...more };
}

async function invoke(node: string, fields: Probe, context: Execution = execution({})): Promise<Answer> {
  return answerOf(running().client.invoke(node, probe(fields), context));
}

function running(): NodeHost {
  if (!host) throw new Error('no host runs');
  return host;
}

describeWith('java', 'A Java node host', () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'axiom-java-'));
    cpSync(PACKAGE, folder, { recursive: true });
    model = await loadPackage(folder);
    await writeFiles(folder, await javaSupport.generate(model, () => undefined), () => undefined);
    await javaSupport.build(model, () => undefined);
    host = await NodeHost.start(await javaSupport.hostCommand(model), join(folder, 'n.sock'));
  }, 300_000);

  afterAll(async () => {
    await host?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('describes the package and its nodes', async () => {
    const described = await running().client.describe();
    expect([described.package, described.version, described.language]).toEqual([
      'acme/host-probe',
      '1.2.3',
      'java',
    ]);
    expect(
      described.nodes.map((node) => [node.name, node.pipeline, node.inputType, node.outputType]),
    ).toContainEqual(['RepeatEach', true, 'acme.host_probe.Probe', 'acme.host_probe.Seen']);
    expect(described.nodes).toHaveLength(8);
  });

  it('listens on a socket that only its own user can open', () => {
    expect((statSync(join(folder, 'n.sock')).mode & 0o777).toString(8)).toBe('600');
  });

  it.each([
    ['plain', VALUE],
    ['CRLF and a trailing newline', 'a\r\nb\n'],
    ['NUL', 'a\0b'],
    ['four-byte UTF-8 and right-to-left text', '🔑 שלום'],
    ['64 KiB', 'x'.repeat(65_536)],
  ])('gives a secret byte for byte: %s', async (_, value) => {
    const answer = await invoke('ReadSecret', { text: 'API_KEY' }, execution({ API_KEY: value }));
    expect(seen(answer.outputs[0])).toMatchObject({ text: value, found: true, status: 'AVAILABLE' });
    expect(answer.reads).toEqual([['API_KEY', true]]);
  });

  it('gives an empty Optional for a missing secret, and reports the read', async () => {
    const answer = await invoke('ReadSecret', { text: 'NOT_THERE' }, execution({ API_KEY: VALUE }));
    expect(seen(answer.outputs[0])).toMatchObject({ text: 't-1/e-1/f-1', found: false, status: 'UNSET' });
    expect(answer.reads).toEqual([['NOT_THERE', false]]);
    expect(answer.order).toEqual(['secretRead', 'output']);
  });

  it('tells a revoked secret from one that was never there', async () => {
    const context = execution({}, { revokedSecretNames: ['API_KEY'] });
    const answer = await invoke('ReadSecret', { text: 'API_KEY' }, context);
    expect(seen(answer.outputs[0])).toMatchObject({ found: false, status: 'REVOKED' });
  });

  it('finds one of a thousand names', async () => {
    const names = Array.from({ length: 1000 }, (_, i) => [`NAME_${i}`, `value ${i}`]);
    const answer = await invoke('ReadSecret', { text: 'NAME_617' }, execution(Object.fromEntries(names)));
    expect(seen(answer.outputs[0])).toMatchObject({ text: 'value 617' });
  });

  it('keeps concurrent executions of two tenants apart', async () => {
    const calls = Array.from({ length: 200 }, async (_, i) => {
      const tenant = `tenant-${i % 2}`;
      const context = execution({ API_KEY: `${tenant}-${i}` }, { tenantId: tenant });
      return [i, seen((await invoke('ReadSecret', { text: 'API_KEY' }, context)).outputs[0])] as const;
    });
    for (const [i, answer] of await Promise.all(calls)) expect(answer['text']).toBe(`tenant-${i % 2}-${i}`);
  });

  it('sends log records as they are written, from any thread', async () => {
    const { logs, order } = await invoke('LogLines', {});
    expect(logs).toEqual([
      { level: 1, message: 'one', attributes: {} },
      { level: 2, message: 'two', attributes: { of: 'four' } },
      { level: 3, message: 'three', attributes: { missing: 'null' } },
      { level: 4, message: 'null', attributes: {} },
    ]);
    expect(order).toEqual(['log', 'log', 'log', 'log', 'output']);
    const waiting = running().client.invoke('WaitForever', probe({}), execution({}));
    for await (const event of waiting) {
      expect(event.case).toBe('log');
      break;
    }
    waiting.cancel();
  });

  it('lets a typed error reach the caller', async () => {
    const { errors, outputs, logs } = await invoke('Fail', { text: 'typed' });
    expect(errors).toEqual([
      { typed: true, code: 'RATE_LIMITED', message: 'the model is busy', detail: 'try again in a minute' },
    ]);
    expect([...outputs, ...logs]).toEqual([]);
  });

  it.each([
    ['an exception whose message holds a value', 'untyped', 'java.io.IOException'],
    ['endless recursion', 'overflow', 'java.lang.StackOverflowError'],
    ['no answer', 'null', 'java.lang.NullPointerException'],
  ])('masks any other failure and logs its class and place: %s', async (_, text, exception) => {
    const { errors, logs } = await invoke('Fail', { text }, execution({ API_KEY: VALUE }));
    expect(errors).toEqual([
      { typed: false, code: '', message: 'The node failed; its log has the reason.', detail: '' },
    ]);
    expect(logs).toMatchObject([{ level: 4, attributes: { exception } }]);
    expect(logs[0]?.attributes['at']).toMatch(/^[\w.$]+:\d+$/);
    expect(JSON.stringify([errors, logs])).not.toContain(VALUE);
  });

  it('interrupts the handler when the call is cancelled or its deadline passes', async () => {
    const interrupts = async () => seen((await invoke('CountInterrupts', {})).outputs[0])['count'] as number;
    const before = await interrupts();
    const call = running().client.invoke('WaitForever', probe({}), execution({}));
    for await (const event of call) if (event.case === 'log') break;
    call.cancel();
    await eventually(async () => (await interrupts()) === before + 1);

    const late = running().client.invoke('WaitForever', probe({}), execution({}), 3_000);
    const events = late[Symbol.asyncIterator]();
    expect((await events.next()).value).toMatchObject({ case: 'log' });
    expect(await statusOf({ [Symbol.asyncIterator]: () => events })).toBe(4);
    await eventually(async () => (await interrupts()) === before + 2);
  });

  it('streams a pipeline both ways, reading a secret after the first input', async () => {
    const call = running().client.pipeline('RepeatEach', execution({ API_KEY: VALUE }));
    const events = call[Symbol.asyncIterator]();
    call.send(probe({ text: 'a', times: 2 }));
    expect((await events.next()).value).toMatchObject({ case: 'secretRead' });
    for (let i = 0; i < 2; i += 1) {
      const { value } = await events.next();
      expect(seen(value.value)).toMatchObject({ text: 'a', found: true });
    }
    for (let i = 0; i < 500; i += 1) call.send(probe({ text: `b${i}`, times: 1 }));
    call.endInputs();
    const rest = await answerOf({ [Symbol.asyncIterator]: () => events });
    expect(rest.outputs).toHaveLength(500);
    expect(seen(rest.outputs.at(-1))).toMatchObject({ text: 'b499' });
  });

  it("sends a pipeline's outputs before its error", async () => {
    const call = running().client.pipeline('FailLate', execution({}));
    call.send(probe({ text: 'first' }));
    const { order, errors } = await answerOf(call);
    expect(order).toEqual(['output', 'error']);
    expect(errors).toMatchObject([{ typed: true, code: 'LATE', detail: '' }]);
  });

  it('holds a pipeline back while its caller does not read, and stops it when the caller goes', async () => {
    const counters = async () => seen((await invoke('CountInterrupts', {})).outputs[0]);
    const before = (await counters())['count'] as number;
    const call = running().client.pipeline('FloodOutputs', execution({}));
    await call[Symbol.asyncIterator]().next();
    let taken = -1;
    await eventually(async () => {
      const last = taken;
      taken = Number((await counters())['text']);
      return taken > 0 && taken === last;
    });
    expect(taken).toBeLessThan(500);
    call.cancel();
    await eventually(async () => (await counters())['count'] === before + 1);
  });

  it('refuses what it cannot run', async () => {
    const { client } = running();
    expect(await statusOf(client.invoke('NoSuchNode', probe({})))).toBe(5);
    expect(await statusOf(client.pipeline('NoSuchNode'))).toBe(5);
    expect(await statusOf(client.invoke('ReadSecret', Uint8Array.of(0xff, 0xff)))).toBe(3);
    const call = client.pipeline('RepeatEach');
    call.send(Uint8Array.of(0xff, 0xff));
    expect(await statusOf(call)).toBe(3);
  });

  it('prints no value, ends at once on SIGTERM and takes its socket with it', async () => {
    await invoke('ReadSecret', { text: 'API_KEY' }, execution({ API_KEY: VALUE }));
    const stopped = running();
    expect(await stopped.stop()).toBe(0);
    expect(stopped.printed).toContain('[REDACTED]');
    expect(stopped.printed).not.toContain(VALUE);
    expect(() => statSync(stopped.socket)).toThrow();
    host = undefined;
  });
});

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(50);
}
