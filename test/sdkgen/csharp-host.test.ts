/** A C# package's node host: built from its sources, started, and spoken to as a sidecar would. */

import { fromBinary, toJson } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { status } from '@grpc/grpc-js';
import { existsSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerOf, statusOf, type NodeCall } from '../support/node-client';
import { BuiltPackage, RunningPackage, type Secrets } from './built-package';
import { BUILD_TIME_MS, itWith, missingFor } from '../support/needs';

const VALUE = 'sk-canary-7f3a\r\n🔑';
const KEY: Secrets = { secrets: { API_KEY: VALUE } };
const fact = (name: string, body: () => Promise<void>): void => itWith('csharp', name, body);

let built: BuiltPackage | undefined;
let running: RunningPackage;

beforeAll(async () => {
  if (missingFor('csharp') !== undefined) return;
  built = await BuiltPackage.of('csharp-host');
  running = await RunningPackage.of(built);
}, BUILD_TIME_MS);

afterAll(async () => {
  if (built) await running.host.stop();
  built?.[Symbol.dispose]();
});

async function answer(node: string, text: string, secrets: Secrets = {}) {
  const events = await running.invoke(node, { text }, secrets);
  const [output] = running.outputs(node, events) as Record<string, unknown>[];
  return { ...(await answerOf(each(events))), output };
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

async function counted(): Promise<{ stops: number; outputs: number }> {
  const { output } = await answer('CountStops', '');
  return { stops: Number(output?.['count'] ?? 0), outputs: Number(output?.['text']) };
}

async function eventually(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(50);
}

/** Reads a call until its handler waits. */
async function waiting(call: NodeCall) {
  const events = call[Symbol.asyncIterator]();
  expect((await events.next()).value).toMatchObject({ case: 'log' });
  return { [Symbol.asyncIterator]: () => events };
}

describe('A C# node host', () => {
  fact('describes the package and its nodes on a socket that only its own user can open', async () => {
    const described = await running.host.client.describe();
    expect(described).toMatchObject({ package: 'acme/host-probe', version: '1.2.3', language: 'csharp' });
    expect(described.nodes).toHaveLength(8);
    const names = { inputType: 'acme.host_probe.Probe', outputType: 'acme.host_probe.Seen' };
    expect(described.nodes).toContainEqual(
      expect.objectContaining({ name: 'RepeatEach', pipeline: true, ...names }),
    );
    expect(statSync(running.host.socket).mode & 0o777).toBe(0o600);
  });

  fact('gives a secret byte for byte, and tells found, revoked and unset apart', async () => {
    const found = await answer('ReadSecret', 'API_KEY', KEY);
    expect(found.output).toMatchObject({ text: VALUE, found: true, status: 'Available' });
    expect([found.reads, found.order]).toEqual([[['API_KEY', true]], ['secretRead', 'output']]);
    const revoked = await answer('ReadSecret', 'API_KEY', { revoked: ['API_KEY'] });
    expect(revoked.output).toMatchObject({ status: 'Revoked' });
    const unset = await answer('ReadSecret', 'OTHER', KEY);
    expect(unset.output).toMatchObject({ text: 'test-tenant/test-execution/test-flow', status: 'Unset' });
    expect(unset.reads).toEqual([['OTHER', false]]);
  });

  fact('takes an input larger than 30 MB', async () => {
    const { output } = await answer('ReadSecret', 'x'.repeat(40 * 1024 * 1024));
    expect(output).toMatchObject({ count: 40 * 1024 * 1024 });
  });

  fact('runs hundreds of invocations at the same time, each with its own secrets', async () => {
    const values = Array.from({ length: 300 }, (_, i) => `tenant-${i}`);
    const calls = values.map((value) => answer('ReadSecret', 'API_KEY', { secrets: { API_KEY: value } }));
    expect((await Promise.all(calls)).map(({ output }) => output?.['text'])).toEqual(values);
  });

  fact('sends log records as they are written, from any thread', async () => {
    const { logs, order } = await answer('LogLines', '');
    expect(logs).toEqual([
      { level: 1, message: 'one', attributes: {} },
      { level: 2, message: 'two', attributes: { of: 'four' } },
      { level: 3, message: 'three', attributes: { missing: '' } },
      { level: 4, message: '', attributes: {} },
    ]);
    expect(order).toEqual(['log', 'log', 'log', 'log', 'output']);
  });

  fact('lets a typed error reach the caller', async () => {
    const typed = { typed: true, code: 'RATE_LIMITED', message: 'the model is busy' };
    expect((await answer('Fail', 'typed')).errors).toEqual([{ ...typed, detail: 'try again in a minute' }]);
    expect((await answer('Fail', 'bare')).errors).toEqual([{ ...typed, code: '', detail: '' }]);
  });

  fact('masks any other failure and logs its class and place', async () => {
    const exceptions = { untyped: 'System.Net.Http.HttpRequestException' };
    for (const [text, exception] of Object.entries({
      ...exceptions,
      nothing: 'System.ArgumentNullException',
    })) {
      const { errors, logs } = await answer('Fail', text, KEY);
      const message = 'The node failed; its log has the reason.';
      expect(errors).toEqual([{ typed: false, code: '', message, detail: '' }]);
      expect(logs).toMatchObject([
        { level: 4, attributes: { exception, at: expect.stringMatching(/:\d+$/) } },
      ]);
      expect(JSON.stringify([errors, logs])).not.toContain('canary');
    }
  });

  fact('stops the handler when the call is cancelled or its deadline passes', async () => {
    for (const node of ['BlockForever', 'AwaitForever']) {
      const { stops } = await counted();
      const call = running.host.client.invoke(node, new Uint8Array());
      await waiting(call);
      call.cancel();
      await eventually(async () => (await counted()).stops === stops + 1);
      const late = await waiting(running.host.client.invoke(node, new Uint8Array(), {}, 3_000));
      expect(await statusOf(late)).toBe(status.DEADLINE_EXCEEDED);
      await eventually(async () => (await counted()).stops === stops + 2);
    }
  });

  fact('streams a pipeline both ways, reading a secret after the first input', async () => {
    const { client } = running.host;
    const secrets = { API_KEY: new TextEncoder().encode(VALUE) };
    const call = client.pipeline('RepeatEach', { secrets });
    const events = call[Symbol.asyncIterator]();
    call.send(running.encode('RepeatEach', { text: 'a', times: 1 }));
    expect((await events.next()).value).toMatchObject({ case: 'secretRead' });
    const { value: event } = await events.next();
    const schema = built?.model.registry.getMessage('acme.host_probe.Seen');
    if (!schema || event?.case !== 'output') throw new Error('no output came while the inputs were open');
    expect(toJson(schema, fromBinary(schema, event.value))).toEqual({ text: 'a', found: true });
    call.send(running.encode('RepeatEach', { text: 'b', times: -1 }));
    const { order, errors } = await answerOf({ [Symbol.asyncIterator]: () => events });
    expect(order).toEqual(['secretRead', 'error']);
    expect(errors).toMatchObject([{ typed: true, code: 'NEGATIVE' }]);
  });

  fact(
    'holds a pipeline back while its caller does not read, and stops it when the caller goes',
    async () => {
      const { stops } = await counted();
      const call = running.host.client.pipeline('FloodOutputs');
      await call[Symbol.asyncIterator]().next();
      let taken = -1;
      await eventually(async () => {
        const last = taken;
        taken = (await counted()).outputs;
        return taken > 0 && taken === last;
      });
      expect(taken).toBeLessThan(500);
      call.cancel();
      await eventually(async () => (await counted()).stops === stops + 1);
    },
  );

  fact('refuses what it cannot run', async () => {
    const { client } = running.host;
    expect(await statusOf(client.invoke('Other', new Uint8Array()))).toBe(status.NOT_FOUND);
    expect(await statusOf(client.pipeline('ReadSecret'))).toBe(status.NOT_FOUND);
    expect(await statusOf(client.invoke('ReadSecret', Uint8Array.of(0xff)))).toBe(status.INVALID_ARGUMENT);
    const call = client.pipeline('RepeatEach');
    call.send(Uint8Array.of(0xff));
    expect(await statusOf(call)).toBe(status.INVALID_ARGUMENT);
  });

  fact('prints no value, ends cleanly on SIGTERM and takes its socket with it', async () => {
    await answer('ReadSecret', 'API_KEY', KEY);
    expect(await running.host.stop('SIGTERM')).toBe(0);
    expect(running.host.printed).toContain('[REDACTED]');
    expect(running.host.printed).not.toContain('canary');
    expect(existsSync(running.host.socket)).toBe(false);
  });
});
