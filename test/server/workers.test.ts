/** `axiom serve --workers`: several processes serve one execution door. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { status, type Channel } from '@grpc/grpc-js';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ExecutionsService } from '../../src/gen/axiom/executions/v1/executions_pb';
import { SecretsService } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import type { ServiceInfo } from '../../src/server/service';
import { openChannel, wireClient } from '../../src/wire/client';
import { runProgram } from '../cli/axiom';
import { silentConnections } from '../hostile/attacks';
import { RawHttp2 } from '../hostile/raw-http2';
import { doorsOf } from '../hostile/target';
import { isRunning } from '../support/child-processes';
import { as } from '../support/clients';
import { holdersOf } from '../support/open-files';
import { AXIOM_MAIN, startServeProcess, startServeWith, type ServeProcess } from '../support/serve-process';

/** A connection of its own, on which a call has proved who it is. */
async function engineOn(info: ServiceInfo): Promise<Engine> {
  const channel = openChannelOf(info, 'engine');
  const engine: Engine = { channel, start: (options) => startOn(channel, options) };
  await engine.start().catch((error: unknown) => {
    channel.close();
    throw error;
  });
  return engine;
}

interface Engine {
  readonly channel: Channel;
  /** @returns the execution's token. */
  start(options?: { readonly deadline: number }): Promise<string>;
}

async function startOn(channel: Channel, options?: { readonly deadline: number }): Promise<string> {
  const request = { tenantId: 'default', flowId: 'flow' };
  return (await wireClient(ExecutionsService, channel).startExecution(request, options)).executionToken;
}

async function endOn(channel: Channel, executionToken: string): Promise<void> {
  await wireClient(ExecutionsService, channel).endExecution({ executionToken });
}

function openChannelOf(info: ServiceInfo, name: 'engine' | 'sidecar'): Channel {
  const file = (kind: string) => readFileSync(join(info.dataDir, 'workloads', `${name}.${kind}`));
  const tls = { ca: readFileSync(info.caCertificate), cert: file('crt'), key: file('key') };
  return openChannel({ address: info.execution.address, tls }, { 'grpc.use_local_subchannel_pool': 1 });
}

const workersOf = (info: ServiceInfo): readonly number[] => info.execution.workers ?? [];

const published = (info: ServiceInfo): ServiceInfo =>
  JSON.parse(readFileSync(join(info.dataDir, 'service.json'), 'utf8')) as ServiceInfo;

interface Line {
  readonly pid: number;
  readonly msg: string;
  readonly door?: string;
  readonly checkpoint?: string;
}

function linesOf(serve: ServeProcess): readonly Line[] {
  const lines = serve.log().split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Line);
}

/** A bound for what hangs; a busy machine takes its time to start a process. */
async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo() && tries < 600; tries++) await sleep(100);
  expect(isSo()).toBe(true);
}

describe('Two workers', () => {
  let serve: ServeProcess;
  let info: ServiceInfo;

  beforeAll(async () => {
    serve = await startServeWith({ flags: ['--workers', '2'] });
    info = serve.info;
  });

  afterAll(async () => void (await serve.stop()));

  it('are two processes beside the management server, and the ready line names them', () => {
    expect(workersOf(info)).toEqual([info.execution.pid, expect.any(Number)]);
    expect(new Set([...workersOf(info), info.management.pid]).size).toBe(3);
    expect(workersOf(info).every(isRunning)).toBe(true);
  });

  it('share the connections of one address evenly', async () => {
    const engines = [];
    for (let one = 0; one < 4; one++) engines.push(await engineOn(info));
    const calls = () => linesOf(serve).filter(({ msg, door }) => msg === 'call' && door === 'execution');
    // Lines of the log may come later than answers.
    await until(() => calls().length >= 4);
    const byWorker = workersOf(info).map((worker) => calls().filter(({ pid }) => pid === worker).length);
    expect(byWorker).toEqual([2, 2]);
    for (const { channel } of engines) channel.close();
  });

  it('serve one execution together: what one starts the other resolves, with what was saved last', async () => {
    const engines = [await engineOn(info), await engineOn(info)];
    const sidecars = [openChannelOf(info, 'sidecar'), openChannelOf(info, 'sidecar')];
    const management = openChannel({
      address: info.management.address,
      tls: { ca: readFileSync(info.caCertificate) },
    });
    const secrets = wireClient(SecretsService, management);
    const key = as(readFileSync(info.adminApiKeyFile, 'utf8').trim());
    const content = (text: string) => ({ case: 'value' as const, value: Buffer.from(text) });
    await secrets.addSecret({ name: 'SHARED', content: content('0') }, key);
    for (let version = 1; version <= 10; version++) {
      await secrets.replaceSecret({ name: 'SHARED', content: content(String(version)) }, key);
      for (const { start } of engines) {
        const executionToken = await start();
        for (const sidecar of sidecars) {
          const { secrets: found } = await wireClient(SecretsService, sidecar).resolveForExecution({
            executionToken,
          });
          expect(Buffer.from(found['SHARED']?.value ?? []).toString()).toBe(String(version));
        }
      }
    }
    for (const channel of [...engines.map((one) => one.channel), ...sidecars, management]) channel.close();
  });

  it('write at the same time, and every start is in an audit log that is whole', async () => {
    const engines = [];
    for (let one = 0; one < 4; one++) engines.push(await engineOn(info));
    await Promise.all(engines.flatMap(({ start }) => Array.from({ length: 250 }, start)));
    for (const { channel } of engines) channel.close();
    const verified = await runProgram(
      process.execPath,
      [AXIOM_MAIN, 'verify', '--json', '--data-dir', info.dataDir],
      {},
    );
    expect(verified).toMatchObject({ code: 0 });
    const [tenant] = verified.stdout
      .split('\n')
      .map((line) => JSON.parse(line || '{}') as { auditEventCount?: string });
    expect(Number(tenant?.auditEventCount)).toBeGreaterThan(1_000);
  });

  it('leave the writing to the first: while it is stopped, no execution starts at either', async () => {
    const engines = [await engineOn(info), await engineOn(info)];
    process.kill(info.execution.pid, 'SIGSTOP');
    const stopped = await Promise.allSettled(
      engines.map(({ start }) => start({ deadline: Date.now() + 500 })),
    );
    process.kill(info.execution.pid, 'SIGCONT');
    const late = { status: 'rejected', reason: { code: status.DEADLINE_EXCEEDED } };
    expect(stopped).toMatchObject([late, late]);
    for (const { channel, start } of engines) {
      await start();
      channel.close();
    }
  });

  it('leave what is to be done once to the first: it alone signs checkpoints', async () => {
    await until(() => linesOf(serve).some(({ checkpoint }) => checkpoint !== undefined));
    const signers = linesOf(serve).filter(({ checkpoint }) => checkpoint !== undefined);
    expect(new Set(signers.map(({ pid }) => pid))).toEqual(new Set([info.execution.pid]));
  });
});

describe('A worker that is killed', () => {
  let serve: ServeProcess;

  beforeAll(async () => void (serve = await startServeWith({ flags: ['--workers', '2'] })));

  afterAll(async () => void (await serve.stop()));

  it.each([0, 1])('number %i is started again, and what the other serves goes on', async (number) => {
    const info = published(serve.info);
    // The first connection goes to the first worker.
    const engines = [await engineOn(info), await engineOn(info)];
    const other = engines[1 - number] as Engine;
    const killed = workersOf(info)[number] as number;
    const underWay = Array.from({ length: 100 }, () => other.start());
    const ended = Promise.allSettled(underWay);
    await Promise.race(underWay);
    process.kill(killed, 'SIGKILL');
    await until(() => {
      const now = workersOf(published(info));
      return now.length === 2 && !now.includes(killed);
    });
    const now = published(info);
    expect(workersOf(now)[1 - number]).toBe(workersOf(info)[1 - number]);
    expect(now.execution).toMatchObject({ address: info.execution.address, pid: workersOf(now)[0] });
    await other.start();
    // What was not answered may be there or not; what was answered is there, whichever worker wrote it.
    for (const outcome of await ended) {
      if (outcome.status === 'fulfilled') await endOn(other.channel, outcome.value);
      else expect(outcome.reason).toMatchObject({ code: status.UNAVAILABLE });
    }
    const isBack = () =>
      linesOf(serve).some(
        ({ pid, msg, door }) => pid === workersOf(now)[number] && msg === 'call' && door === 'execution',
      );
    // They stay open: it has the fewest connections once it serves again.
    for (let tries = 0; !isBack() && tries < 100; tries++) {
      engines.push(await engineOn(info));
      await sleep(20);
    }
    expect(isBack()).toBe(true);
    const tenants = await runProgram(
      process.execPath,
      [AXIOM_MAIN, 'tenants', 'list', '--data-dir', info.dataDir],
      {},
    );
    expect(tenants.code).toBe(0);
    for (const { channel } of engines) channel.close();
  });
});

describe('A worker that ends before it has a connection that it was handed', () => {
  it('leaves none open that nobody serves', async () => {
    const serve = await startServeWith({ flags: ['--workers', '2', '--handshake-timeout', '60'] });
    const [first, second] = workersOf(published(serve.info)) as [number, number];
    process.kill(second, 'SIGSTOP');
    const { port } = new URL(`https://${serve.info.execution.address}`);
    const clients = Array.from({ length: 4 }, () => connect(Number(port), '127.0.0.1'));
    const ended = clients.map(async (client) => {
      client.on('error', () => undefined);
      await once(client, 'close');
    });
    await Promise.all(clients.map((client) => once(client, 'connect')));
    // They are spread evenly: the first has taken its two, and the process that accepts keeps two until they are taken.
    const accepting = serve.child.pid!;
    const held = (by: number) =>
      clients.filter((client) => holdersOf(client, [first, accepting]).join() === String(by)).length;
    await until(() => held(first) === 2 && held(accepting) === 2);
    process.kill(second, 'SIGKILL');
    let closed = 0;
    for (const end of ended) void end.then(() => closed++);
    await until(() => closed >= 2);
    expect(closed).toBe(2);
    expect(workersOf(published(serve.info))).toContain(first);
    for (const client of clients) client.destroy();
    await serve.stop();
  });
});

describe('Limits with two workers', () => {
  it('are what was set: of one address five connections that have proved themselves, and no sixth', async () => {
    const serve = await startServeWith({ flags: ['--workers', '2', '--max-connections-per-address', '5'] });
    const engines = [];
    for (let one = 0; one < 5; one++) engines.push(await engineOn(serve.info));
    const late = await RawHttp2.open(doorsOf(serve.info).execution);
    await late.closed;
    for (const { start } of engines) await start();
    // Whoever leaves makes room, wherever it was.
    engines.pop()?.channel.close();
    const isLetIn = () =>
      engineOn(serve.info).then(
        (engine) => engines.push(engine) > 0,
        () => false,
      );
    while (!(await isLetIn())) await sleep(50);
    for (const { channel } of engines) channel.close();
    await serve.stop();
  });
});

describe('The end of a service with workers', () => {
  it('by SIGTERM is clean, beside silent connections, also on a Unix socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'axiom-workers-'));
    const path = join(folder, 'execution.sock');
    const serve = await startServeWith({ flags: ['--workers', '2', '--execution-address', `unix:${path}`] });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const attack = await silentConnections(20, false).begin(doorsOf(serve.info).execution);
    const engines = [await engineOn(serve.info), await engineOn(serve.info)];
    for (const { start } of engines) await start();
    expect(await serve.stop()).toBe(0);
    expect(workersOf(serve.info).filter(isRunning)).toEqual([]);
    expect(existsSync(path)).toBe(false);
    for (const { channel } of engines) channel.close();
    attack.end();
    rmSync(folder, { recursive: true });
  });

  it('by a kill of the parent leaves no worker behind', async () => {
    const serve = await startServeWith({ flags: ['--workers', 'auto'] });
    const processors = availableParallelism();
    expect(workersOf(serve.info).length).toBe(processors === 1 ? 0 : Math.min(processors, 64));
    const pids = [serve.info.execution.pid, ...workersOf(serve.info)];
    const engine = await engineOn(serve.info);
    serve.child.kill('SIGKILL');
    await once(serve.child, 'exit');
    await until(() => !pids.some(isRunning));
    engine.channel.close();
    await serve.stop();
  });
});

describe('--workers', () => {
  it.each(['0', '65', 'two'])('refuses %s', async (workers) => {
    const folder = mkdtempSync(join(tmpdir(), 'axiom-workers-'));
    await expect(
      startServeProcess(folder, process.env, AXIOM_MAIN, { flags: ['--workers', workers] }),
    ).rejects.toThrow(/exit code 2[^]*--workers is/);
    rmSync(folder, { recursive: true });
  });
});
