import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainError } from '../../src/domain/errors';
import { bindPrivateSocket } from '../../src/wire/private-socket';
import { startSidecar } from '../../src/sidecar/sidecar';
import { makeTestPki, type TestPki } from './support/pki';

describe("a sidecar's options", () => {
  let pki: TestPki;
  const logger = pino({ level: 'silent' });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axiom-options-'));
  beforeAll(async () => {
    pki = await makeTestPki();
  });
  afterAll(() => {
    pki.remove();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('that are wrong are named, all at once', async () => {
    const start = startSidecar({
      executionAddress: 'nowhere',
      listen: '127.0.0.1:0',
      insecureUnixSocket: true,
      tls: { ca: '/does/not/exist.pem', cert: pki.sidecar.cert, key: pki.sidecar.key },
      reportIntervalMs: 5_000,
      logger,
    });
    const error = (await start.catch((e: unknown) => e)) as DomainError;
    expect(error).toBeInstanceOf(DomainError);
    expect(error.fields.map(({ field }) => field)).toEqual([
      ...['executionAddress', 'insecureUnixSocket', 'tls.ca', 'reportIntervalMs'],
    ]);
  });

  it('may name PEM files, and a host that never comes is said with what to do', async () => {
    const file = (name: keyof typeof pki.sidecar): string => {
      const place = path.join(folder, name);
      fs.writeFileSync(place, pki.sidecar[name], { mode: 0o600 });
      return place;
    };
    const door = { doorCert: file('doorCert'), doorKey: file('doorKey') };
    const start = startSidecar({
      executionAddress: '127.0.0.1:1',
      listen: '127.0.0.1:0',
      tls: { ca: file('ca'), cert: file('cert'), key: file('key'), ...door },
      nodeSocket: path.join(folder, 'node.sock'),
      hostStartTimeoutMs: 300,
      logger,
    });
    await expect(start).rejects.toMatchObject({ code: 'UNAVAILABLE', reason: 'NODE_HOST_UNAVAILABLE' });
  });

  it('name a socket that is in use', async () => {
    const socket = path.join(folder, 'used.sock');
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    await expect(bindPrivateSocket(() => Promise.resolve(), socket)).rejects.toMatchObject({
      reason: 'SOCKET_IN_USE',
    });
    await new Promise((resolve) => server.close(resolve));
  });
});
