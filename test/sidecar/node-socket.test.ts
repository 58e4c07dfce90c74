import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { checkNodeSocket, isSameSocket } from '../../src/sidecar/node-socket';
import { startSidecar, type SidecarOptions } from '../../src/sidecar/sidecar';
import { FakeNodeHost } from './support/fake-node-host';
import { makeTestPki, type TestPki } from './support/pki';
import { startRig, until } from './support/rig';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const asRoot = isRoot ? it : it.skip;
if (!isRoot) console.warn('skipped: only root can run a process as another user');

describe('a sidecar gives values only to the host it expects', () => {
  let folder: string;
  let pki: TestPki;
  let socket: string;
  let other: ChildProcess | undefined;
  let host: FakeNodeHost | undefined;

  beforeEach(async () => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axiom-node-socket-'));
    socket = path.join(folder, 'node.sock');
    pki = await makeTestPki();
  });
  afterEach(() => {
    other?.kill('SIGKILL');
    host?.kill();
    host = undefined;
    pki.remove();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const start = (options: Partial<SidecarOptions> = {}) =>
    startSidecar({
      executionAddress: '127.0.0.1:1',
      tls: pki.sidecar,
      listen: '127.0.0.1:0',
      nodeSocket: socket,
      hostStartTimeoutMs: 10_000,
      logger: pino({ level: 'silent' }),
      ...options,
    });
  const startHost = async (): Promise<void> => {
    host = new FakeNodeHost(socket, {});
    await host.start();
  };

  asRoot('and not to another user who made the socket first', async () => {
    fs.chmodSync(folder, 0o1777);
    const listen = `require('node:net').createServer().listen(${JSON.stringify(socket)})`;
    other = spawn(process.execPath, ['-e', listen], { uid: NOBODY, gid: NOBODY, cwd: '/', stdio: 'ignore' });
    await until(() => fs.existsSync(socket));
    await expect(start()).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'NODE_SOCKET_NOT_TRUSTED',
      message: expect.stringContaining('--node-uid 65534') as unknown as string,
    });
  });

  asRoot('but to another user who is named', async () => {
    await startHost();
    fs.chownSync(socket, NOBODY, NOBODY);
    const sidecar = await start({ nodeUid: NOBODY });
    await sidecar.stop();
  });

  it('and not through a folder in which others could replace the socket', async () => {
    await startHost();
    fs.chmodSync(folder, 0o777);
    await expect(start()).rejects.toMatchObject({ reason: 'NODE_SOCKET_NOT_TRUSTED' });
    fs.chmodSync(folder, 0o1777);
    await (await start()).stop();
  });

  it('and not through a file that is no socket', async () => {
    fs.writeFileSync(socket, '');
    await expect(start()).rejects.toMatchObject({ reason: 'NODE_SOCKET_NOT_TRUSTED' });
  });

  it('and not to another package than the one that is named', async () => {
    await startHost();
    await expect(start({ package: 'acme/other' })).rejects.toMatchObject({ reason: 'WRONG_PACKAGE' });
    await expect(start({ package: 'acme/greeter@2.0.0' })).rejects.toMatchObject({ reason: 'WRONG_PACKAGE' });
    for (const expected of ['acme/greeter', 'acme/greeter@1.0.0']) {
      await (await start({ package: expected })).stop();
    }
  });

  asRoot('and not to whoever takes the place of a host that has stopped', async () => {
    const rig = await startRig({ Quiet: () => 'done' });
    rig.service.executions.set('tok', { executionId: 'ex', tenantId: 'acme', secrets: { A: 'value-of-a' } });
    const invoke = () => rig.engine.invoke({ executionToken: 'tok', node: 'Quiet' });
    await invoke();
    rig.host.kill();
    await until(() => rig.logLines.some((line) => line.includes('the node host is gone')));
    // It is somebody else's from the moment that it is there.
    const made = path.join(rig.folder, 'made.sock');
    const impostor = new FakeNodeHost(made, { Quiet: () => 'stolen' });
    await impostor.start();
    fs.chownSync(made, NOBODY, NOBODY);
    fs.renameSync(made, path.join(rig.folder, 'node.sock'));
    await until(() => rig.logLines.some((line) => line.includes('NODE_SOCKET_NOT_TRUSTED')));
    await expect(invoke()).rejects.toMatchObject({ codeName: 'UNAVAILABLE' });
    impostor.kill();
    await rig.stop();
  });
});

it('A socket that took the place of the one that was looked at is another one', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axiom-same-socket-'));
  const [socket, other] = [path.join(folder, 'node.sock'), path.join(folder, 'other.sock')];
  const servers = [net.createServer().listen(socket), net.createServer().listen(other)];
  try {
    await Promise.all(servers.map((server) => once(server, 'listening')));
    const look = () => checkNodeSocket(socket, process.getuid?.() ?? 0);
    const before = look();
    expect(isSameSocket(before, look())).toBe(true);
    fs.renameSync(other, socket);
    expect(isSameSocket(before, look())).toBe(false);
    fs.rmSync(socket);
    expect([isSameSocket(before, look()), isSameSocket(look(), look())]).toEqual([false, false]);
  } finally {
    for (const server of servers) server.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
