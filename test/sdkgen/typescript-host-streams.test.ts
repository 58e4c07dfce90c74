/** The generated TypeScript node host: pipelines, cancellation, and how the host ends. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create, fromBinary, toJson } from '@bufbuild/protobuf';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  InvokePipelineRequestSchema,
  type InvokePipelineResponse,
  type InvokeResponse,
} from '../../src/gen/axiom/node/v1/node_pb';
import { INSPECTOR_OPENED, signalInspector } from '../support/inspector';
import { allText, BuiltPackage, encoded, events, RunningHost, statusOf } from './typescript-host-client';

const CANARY = 'canary-7f3a-value';

let probe: BuiltPackage;
let host: RunningHost;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'axiom-ts-host-'));
  probe = await BuiltPackage.of(join(__dirname, '..', 'testdata', 'packages', 'typescript-probe'));
  host = await RunningHost.start(probe.model);
}, 300_000);

afterAll(async () => {
  await host.stop();
  probe.remove();
  rmSync(folder, { recursive: true, force: true });
});

function message(name: string) {
  const found = probe.model.registry.getMessage(`test_org.probe.${name}`);
  if (!found) throw new Error(`no message ${name}`);
  return found;
}

describe('a pipeline', () => {
  function tick(number: number, text = '') {
    const value = encoded(message('Tick'), { number, text });
    return create(InvokePipelineRequestSchema, { message: { case: 'input', value } });
  }

  function tickOf({ event }: InvokePipelineResponse): unknown {
    return event.case === 'output'
      ? toJson(message('Tick'), fromBinary(message('Tick'), event.value))
      : event.case;
  }

  it('answers each input as it comes, and reads secrets after the first one', async () => {
    const call = host.pipeline('EchoMany', { secrets: { API_KEY: 'k1' } });
    const answers = call[Symbol.asyncIterator]() as AsyncIterator<InvokePipelineResponse>;
    for (const number of [1, 2, 3]) {
      call.write(tick(number, 'API_KEY'));
      expect(tickOf((await answers.next()).value as InvokePipelineResponse)).toBe('secretRead');
      expect(tickOf((await answers.next()).value as InvokePipelineResponse)).toEqual({ number, text: 'k1' });
    }
    call.end();
    expect((await answers.next()).done).toBe(true);
  });

  it('may end before its inputs do', async () => {
    const call = host.pipeline('EchoMany');
    call.write(tick(1));
    call.write(tick(-1));
    expect((await events(call)).map(tickOf)).toEqual(['secretRead', { number: 1 }]);
  });

  it('masks its failure, as the last event', async () => {
    const call = host.pipeline('EchoMany', { secrets: { API_KEY: CANARY } });
    call.write(tick(-2));
    const all = await events(call);
    expect(all.map(tickOf)).toEqual(['secretRead', 'log', 'error']);
    expect(allText(all)).not.toContain(CANARY);
  });

  it('is not run ahead of a caller that does not read, and ends where the caller cancels', async () => {
    const report = join(folder, 'counted');
    const call = host.pipeline('CountUp');
    call.on('error', () => undefined);
    call.write(tick(0, report));
    await once(call, 'readable');
    for (let read = 0; read < 500;) {
      if (call.read() !== null) read++;
      else await once(call, 'readable');
    }
    await wait(300);
    call.cancel();
    while (!existsSync(report) || readFileSync(report, 'utf8') === '') await wait(20);
    // 1 KB each: a host without backpressure makes hundreds of thousands in this time.
    expect(Number(readFileSync(report, 'utf8'))).toBeLessThan(5_000);
    expect(host.printed).not.toContain('Warning');
  });
});

describe('cancellation', () => {
  /** What a held handler wrote once it was told. */
  async function reportOf(report: string): Promise<unknown> {
    while (!existsSync(report) || readFileSync(report, 'utf8') === '') await wait(20);
    return JSON.parse(readFileSync(report, 'utf8'));
  }

  function hold(report: string, options = {}) {
    const input = encoded(message('FailRequest'), { how: report });
    return host.invoke('Hold', input, { secrets: { API_KEY: CANARY } }, options);
  }

  it('tells the handler, which keeps its secrets until it returns, and sends nothing more', async () => {
    const report = join(folder, 'held');
    const call = hold(report);
    const seen: unknown[] = [];
    call.on('data', (event: InvokeResponse) => seen.push(event.event.case));
    call.on('error', () => undefined);
    await once(call, 'data');
    call.cancel();
    expect(await reportOf(report)).toEqual({ aborted: true, read: [CANARY, true] });
    expect(seen).toEqual(['log']);
  });

  it('comes with the deadline too', async () => {
    const report = join(folder, 'late');
    // On a busy machine its time may be over before the handler begins.
    for (let begun = false, ms = 300; !begun; ms *= 2) {
      const call = hold(report, { deadline: Date.now() + ms });
      const read = async () => {
        for await (const _ of call) begun = true;
      };
      expect(await statusOf(read())).toMatch(/^DEADLINE_EXCEEDED/);
    }
    expect(await reportOf(report)).toEqual({ aborted: true, read: [CANARY, true] });
  });

  it('ends a pipeline that waits for an input', async () => {
    const report = join(folder, 'waited');
    const call = host.pipeline('WaitForMore');
    call.on('error', () => undefined);
    call.write(
      create(InvokePipelineRequestSchema, {
        message: { case: 'input', value: encoded(message('Tick'), { text: report }) },
      }),
    );
    await once(call, 'data');
    call.cancel();
    expect(await reportOf(report)).toEqual({ ended: true });
  });
});

describe('the host’s memory', () => {
  it('is opened to nobody at the signal at which Node opens its inspector to the whole machine', async () => {
    const other = await RunningHost.start(probe.model);
    await signalInspector([other.process.pid]);
    expect((await other.describe()).package).toBe('test-org/probe');
    await other.stop();
    expect(other.printed).not.toMatch(INSPECTOR_OPENED);
  });

  it('is opened to nobody either while the package’s handlers are imported', async () => {
    const handler = join(probe.model.root, 'dist', 'nodes', 'log.js');
    const compiled = readFileSync(handler, 'utf8');
    writeFileSync(handler, `process.kill(process.pid, 'SIGUSR1');\n${compiled}`);
    const other = await RunningHost.start(probe.model).finally(() => writeFileSync(handler, compiled));
    await signalInspector([]);
    await other.stop();
    expect(other.printed).not.toMatch(INSPECTOR_OPENED);
  });
});

describe('the end of the host', () => {
  it('comes with SIGTERM: calls that run finish, the exit code is 0, and the socket is gone', async () => {
    const other = await RunningHost.start(probe.model);
    const call = other.invoke(
      'ReadSecrets',
      encoded(message('ReadRequest'), { names: ['API_KEY'], waitMs: 3_000 }),
      {
        secrets: { API_KEY: 'k1' },
      },
    );
    const answered = events(call);
    await wait(1_000);
    other.process.kill('SIGTERM');
    expect((await answered).at(-1)?.event.case).toBe('output');
    expect(await other.exit).toBe(0);
    expect(existsSync(other.socket)).toBe(false);
    await other.stop();
  });

  it('takes over the socket of a host that was killed, and leaves one that answers alone', async () => {
    const other = await RunningHost.start(probe.model);
    await expect(RunningHost.start(probe.model, other.socket)).rejects.toThrow('another node host serves');
    other.process.kill('SIGKILL');
    await other.exit;
    const next = await RunningHost.start(probe.model, other.socket);
    expect((await next.describe()).package).toBe('test-org/probe');
    await next.stop();
    await other.stop();
  });

  it('comes after an exception that nobody caught, told without its text', async () => {
    const other = await RunningHost.start(probe.model);
    const input = encoded(message('FailRequest'), { how: 'later' });
    await events(other.invoke('Fail', input, { secrets: { API_KEY: CANARY } })).catch(() => undefined);
    expect(await other.exit).toBe(1);
    expect(other.printed).toContain('an exception that nobody caught: BankRefused < nodes/fail.ts:21:15');
    expect(other.printed).not.toContain(CANARY);
    await other.stop();
  });
});
