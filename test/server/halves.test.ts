/**
 * What whoever takes over the management half reaches of the other: tried from inside, as its user and under its
 * permissions. Users need root: skipped with the reason, or required by AXIOM_REQUIRE_USERS=1.
 */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hasPermissionModel } from '../../src/server/separation';
import type { ServiceInfo } from '../../src/server/service-file';
import { Shell } from '../cli/axiom';
import { INSPECTOR_OPENED, signalInspector } from '../support/inspector';
import { describeIf } from '../support/needs';
import { AXIOM_MAIN, FREE_PORTS, startServeProcess, type ServeProcess } from '../support/serve-process';

/** Every system has them, and nothing of ours belongs to them. */
const [MANAGEMENT, EXECUTION] = ['nobody', 'daemon'] as const;

/** Tries what its arguments say and prints how each attempt ended. */
const ATTEMPTS = `
  const fs = require('fs'), net = require('net');
  const [paths, sockets, pids] = process.argv.slice(-3).map((text) => JSON.parse(text));
  const attempt = (body) => { try { body(); return 'DONE'; } catch (error) { return error.code; } };
  const ends = paths.map((path) => attempt(() => fs.readSync(fs.openSync(path), Buffer.alloc(1), 0, 1, 4096)));
  ends.push(...pids.map((pid) => attempt(() => process.kill(pid, 'SIGUSR1'))));
  const dial = (path) => new Promise((resolve) => {
    const socket = net.connect(path);
    socket.once('connect', () => resolve('DONE')).once('error', (error) => resolve(error.code));
  });
  Promise.all(sockets.map(dial)).then((dialled) => {
    console.log(JSON.stringify([...ends, ...dialled]));
    process.exit();
  });`;

interface Attempts {
  readonly paths?: readonly string[];
  readonly pids?: readonly number[];
  readonly sockets?: readonly string[];
}

/** Runs the attempts as a user of the system and answers how each ended, in order: paths, processes, sockets. */
function tryAs(
  user: { readonly uid: number; readonly gid: number } | undefined,
  { paths = [], sockets = [], pids = [] }: Attempts,
  flags: readonly string[] = [],
): string[] {
  const what = [paths, sockets, pids].map((list) => JSON.stringify(list));
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, '-e', ATTEMPTS, '--', ...what], {
    ...user,
    ...{ cwd: '/', encoding: 'utf8', env: {} },
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as string[];
}

/** As whom a running process acts, as the kernel says. */
function userOf(pid: number) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const ids = (field: string) =>
    (new RegExp(`^${field}:[ \\t]*(.*)$`, 'm').exec(status)?.[1] ?? '')
      .split(/\s+/)
      .filter(Boolean)
      .map(Number);
  return { uid: ids('Uid')[0] ?? 0, gid: ids('Gid')[0] ?? 0, groups: ids('Groups') };
}

/** Everything that the management half must not reach. */
const secretsOf = (dataDir: string) =>
  [
    ...['execution/kek.tink', 'execution/server.key', 'ca/ca.key', 'ca/service.key', 'ca/workload.key'],
    ...['workloads/engine.key', 'workloads/sidecar.key', 'workloads/sidecar-door.key', 'admin-api-key'],
  ].map((path) => join(dataDir, path));

const missingUsers =
  process.geteuid?.() !== 0
    ? 'only root can run the halves as users of their own'
    : [MANAGEMENT, EXECUTION].some((user) => spawnSync('id', [user]).status !== 0)
      ? `there are no users ${MANAGEMENT} and ${EXECUTION}`
      : undefined;

describeIf(missingUsers, process.env['AXIOM_REQUIRE_USERS'] === '1', 'Halves as two users', () => {
  const folder = mkdtempSync(join(tmpdir(), 'axiom-halves-'));
  chmodSync(folder, 0o711);
  const dataDir = join(folder, 'data');
  const shell = new Shell({ AXIOM_DATA_DIR: dataDir });
  let serve: { info: ServiceInfo; log(): string; stop(): Promise<unknown> };

  beforeAll(async () => void (serve = await startAsUsers(dataDir)));
  afterAll(async () => {
    await serve.stop();
    shell.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are told apart at start and by whoami', async () => {
    expect(serve.info.separation).toBe('own-users');
    expect(JSON.parse(serve.log().split('\n')[0] ?? '')).toMatchObject({ separation: 'own-users' });
    const { stdout } = await shell.run(['whoami', '--service']);
    expect(stdout).toMatch(/each half runs as a user of its own/);
  });

  it('run each as its user, with one group in common and no other', () => {
    const [management, execution] = [userOf(serve.info.management.pid), userOf(serve.info.execution.pid)];
    expect(management.uid).toBe(Number(spawnSync('id', ['-u', MANAGEMENT]).stdout));
    expect(execution.uid).toBe(Number(spawnSync('id', ['-u', EXECUTION]).stdout));
    expect([management.gid, ...management.groups]).toEqual([execution.gid, ...execution.groups]);
  });

  it('serve: what the management half took in, the execution half opens', async () => {
    expect((await shell.run(['secrets', 'add', 'NAME'], { input: 'value' })).code).toBe(0);
    expect((await shell.run(['verify'])).stdout).toMatch(/^default +1 +0 /m);
  });

  it('from inside the management half, nothing of the other can be reached', () => {
    const { management, execution, operatorSocket } = serve.info;
    const inside = userOf(management.pid);
    const memory = [execution.pid, process.pid].flatMap((pid) => [
      `/proc/${pid}/mem`,
      `/proc/${pid}/environ`,
    ]);
    const ends = tryAs(inside, {
      paths: [...secretsOf(dataDir), ...memory],
      pids: [execution.pid],
      sockets: [operatorSocket],
    });
    expect(ends).toHaveLength(9 + 4 + 1 + 1);
    for (const end of ends) expect(end).toMatch(/^(EACCES|EPERM)$/);
  });

  it('and the attempts would succeed where they may', () => {
    const { management, execution, operatorSocket } = serve.info;
    const own = [join(dataDir, 'management', 'writer-keyset.tink'), join(dataDir, 'store', 'store.sqlite')];
    expect(tryAs(userOf(management.pid), { paths: own })).toEqual(['DONE', 'DONE']);
    const kek = join(dataDir, 'execution', 'kek.tink');
    expect(tryAs(userOf(execution.pid), { paths: [kek, ...own], sockets: [operatorSocket] })).toEqual([
      ...['DONE', 'EACCES', 'DONE', 'DONE'],
    ]);
  });

  it('go on after a restart as one user, and back', async () => {
    await serve.stop();
    const alone = await startServeProcess(dataDir);
    expect(alone.info.separation).not.toBe('own-users');
    expect(statSync(join(dataDir, 'execution', 'kek.tink')).uid).toBe(0);
    await alone.stop();
    serve = await startAsUsers(dataDir);
    expect((await shell.run(['secrets', 'list'])).stdout).toContain('NAME');
  });
});

async function startAsUsers(dataDir: string) {
  const users = ['--management-user', MANAGEMENT, '--execution-user', EXECUTION];
  const args = [AXIOM_MAIN, 'serve', '--json', '--data-dir', dataDir, ...users, ...FREE_PORTS];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', () => reject(new Error(log)));
  });
  return {
    info: JSON.parse(line) as ServiceInfo,
    log: () => log,
    stop: () =>
      new Promise<void>((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

const missingModel = hasPermissionModel()
  ? undefined
  : `Node ${process.versions.node} has no stable permission model; 22.13 and later have`;

describeIf(missingModel, false, 'Halves as one user, on a Node with a permission model', () => {
  let serve: ServeProcess;
  beforeAll(async () => void (serve = await startServeProcess()));
  afterAll(() => serve.stop());

  it('from inside the management process, the other half can be signalled, not read', () => {
    const { dataDir, management, execution, operatorSocket, separation } = serve.info;
    expect(separation).toBe('permission-model');
    const [, ...words] = readFileSync(`/proc/${management.pid}/cmdline`, 'utf8').split('\0');
    const flags = words.filter((word) => word.startsWith('--'));
    expect(flags).toContain('--permission');
    const memory = `/proc/${execution.pid}/mem`;
    const refused = tryAs(undefined, { paths: [...secretsOf(dataDir), memory] }, flags);
    expect(new Set(refused)).toEqual(new Set(['ERR_ACCESS_DENIED']));
    const own = join(dataDir, 'management', 'writer-keyset.tink');
    const open = { paths: [own], pids: [execution.pid], sockets: [operatorSocket] };
    expect(tryAs(undefined, open, flags)).toEqual(['DONE', 'DONE', 'DONE']);
    expect(tryAs(undefined, { paths: [own, ...secretsOf(dataDir)] })).toEqual(Array(10).fill('DONE'));
  });
});

describe('Each half alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'axiom-alone-'));
  const dataDir = join(folder, 'data');
  const shell = new Shell({ AXIOM_DATA_DIR: dataDir });
  const running: ChildProcess[] = [];
  const serveHalf = async (half: 'management' | 'execution') => {
    const ports = FREE_PORTS.filter(
      (_word, index) => (half === 'execution') === (index === 2 || index === 3),
    );
    const args = [AXIOM_MAIN, 'serve', half, '--json', '--data-dir', dataDir, ...ports];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    running.push(child);
    let log = '';
    child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
    return new Promise<string>((resolve) => {
      createInterface({ input: child.stdout }).once('line', resolve);
      // Whatever it said has been read by then.
      child.once('close', () => resolve(log));
    });
  };
  afterAll(async () => {
    for (const child of running.filter(({ exitCode }) => exitCode === null)) {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
    }
    shell.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says which file of the other it needs, and serves once it has it', async () => {
    expect((await shell.run(['certificates', 'create-ca'])).code).toBe(0);
    for (const half of ['management', 'execution'])
      expect((await shell.run(['certificates', 'issue', half])).code).toBe(0);
    const at = (half: string, name: string) => join(dataDir, half, `${name}.tink`);
    const [mine, theirs] = [at('management', 'verifying-keyset'), at('execution', 'verifying-keyset')];
    expect(await serveHalf('management')).toContain(
      `${mine} is missing; copy execution/verifying-keyset.tink of the other half's data folder there`,
    );
    expect(await serveHalf('execution')).toMatch(
      /writer-public-keyset\.tink is missing; copy management\/writer-public-keyset\.tink of the other half's/,
    );
    cpSync(theirs, mine);
    cpSync(at('management', 'writer-public-keyset'), at('execution', 'writer-public-keyset'));
    for (const half of ['execution', 'management'] as const)
      expect(JSON.parse(await serveHalf(half))).toMatchObject({ separation: 'own-process' });
    expect((await shell.run(['secrets', 'add', 'NAME'], { input: 'value' })).code).toBe(0);
    expect((await shell.run(['verify'])).stdout).toMatch(/^default +1 +0 /m);
    expect((await shell.run(['whoami', '--service'])).stdout).toMatch(/the management half runs alone/);
  });
});

describe('Both servers', () => {
  let serve: ServeProcess;
  const env = {
    ...process.env,
    ...{
      GRPC_TRACE: 'all',
      GRPC_VERBOSITY: 'DEBUG',
      NODE_DEBUG: 'tls,http2',
      NODE_OPTIONS: '--trace-uncaught',
      AXIOM_API_KEY: 'axk_of-a-job',
    },
  };
  beforeAll(async () => void (serve = await startServeProcess(undefined, env)));
  afterAll(() => serve.stop());
  const pids = () => [serve.info.management.pid, serve.info.execution.pid];

  it('dump no memory when they crash', () => {
    for (const pid of pids()) {
      expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/^Max core file size +0 +0 /m);
    }
    for (const pid of [...pids(), serve.child.pid])
      expect(readFileSync(`/proc/${pid}/coredump_filter`, 'utf8').trim()).toBe('00000000');
  });

  // Through the inspector of their parent, which may read both halves' files, either half could read the other's.
  it('do not open an inspector at SIGUSR1, nor does their parent', async () => {
    await signalInspector([...pids(), serve.child.pid]);
    expect(serve.log()).not.toMatch(INSPECTOR_OPENED);
    expect((await new Shell().run(['whoami', '--data-dir', serve.info.dataDir])).code).toBe(0);
  });

  it('keep Node’s own program in large pages where the system gives them, in the execution server alone', () => {
    const child = (flags: string[]) =>
      spawnSync(
        process.execPath,
        [...flags, '-e', 'process.stdout.write(fs.readFileSync("/proc/self/maps"))'],
        {
          encoding: 'utf8',
        },
      ).stdout;
    /** Bytes of the program that are mapped from its file: large pages are copies of them. */
    const ofItsFile = (maps: string) =>
      maps
        .split('\n')
        .filter((line) => line.includes(' r-xp ') && line.endsWith(process.execPath))
        .map((line) => /^([0-9a-f]+)-([0-9a-f]+)/.exec(line) ?? [])
        .reduce((sum, [, from = '', to = '']) => sum + parseInt(to, 16) - parseInt(from, 16), 0);
    const whole = ofItsFile(child([]));
    const inLargePages = (maps: string) => ofItsFile(maps) < whole / 2;
    const given = inLargePages(child(['--use-largepages=silent']));
    const servers = pids().map((pid) => inLargePages(readFileSync(`/proc/${pid}/maps`, 'utf8')));
    expect(whole).toBeGreaterThan(0);
    expect(servers).toEqual([false, given]);
  });

  it('take no variable that would have gRPC or Node write down what passes, and none that holds an API key', () => {
    for (const pid of pids())
      expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).not.toMatch(
        /GRPC_|NODE_DEBUG|NODE_OPTIONS|AXIOM_API_KEY/,
      );
    expect(serve.log()).not.toMatch(/^D \d{4}-/m);
  });
});
