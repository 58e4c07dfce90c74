/** TLS between the service and its database: each failure says what is wrong and what to do. */

import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openPostgresStore } from '../../src/store/postgres/open';
import { describeIf } from '../support/needs';
import { missingPostgres, PostgresServer, serverUser } from './postgres-server';

const missing =
  missingPostgres() ??
  (spawnSync('openssl', ['version']).status === 0 ? undefined : 'openssl is not on the path');

let folder: string;
let server: PostgresServer;
let port: number;
let database: string;

beforeAll(async () => {
  if (missing !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'axiom-pg-tls-'));
  const [key, certificate] = [join(folder, 'server.key'), join(folder, 'server.crt')];
  execFileSync(
    'openssl',
    [
      ...[
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
      ],
      ...[
        '-subj',
        '/CN=db.test',
        '-addext',
        'subjectAltName=DNS:localhost',
        '-keyout',
        key,
        '-out',
        certificate,
      ],
    ],
    { stdio: 'ignore' },
  );
  const user = serverUser();
  if (user !== undefined) for (const path of [folder, key, certificate]) chownSync(path, user.uid, user.gid);
  port = await freePort();
  const tls = ['ssl=on', `ssl_cert_file=${certificate}`, `ssl_key_file=${key}`];
  server = await PostgresServer.start([...tls, 'listen_addresses=127.0.0.1'], port);
  database = await server.createDatabase();
});

afterAll(async () => {
  delete process.env['PGSSLROOTCERT'];
  await server?.stop();
  if (folder) rmSync(folder, { recursive: true });
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port: free } = probe.address() as { port: number };
  probe.close();
  await once(probe, 'close');
  return free;
}

const url = (host: string, parameters: string) =>
  `postgresql://axiom@${host}:${port}/${database}?${parameters}`;
const certificate = () => encodeURIComponent(join(folder, 'server.crt'));

async function failure(target: string): Promise<unknown> {
  const store = await openPostgresStore({ url: target }).catch((error: unknown) => error);
  if (!(store instanceof Error)) throw new Error('it connected');
  return store;
}

describeIf(missing, false, 'A database server’s TLS', () => {
  it('is used when its CA is named in the URL, or by PGSSLROOTCERT', async () => {
    const named = await openPostgresStore({
      url: url('localhost', `sslmode=verify-full&sslrootcert=${certificate()}`),
    });
    await named.checkHealth();
    await named.close();
    process.env['PGSSLROOTCERT'] = join(folder, 'server.crt');
    const byVariable = await openPostgresStore({ url: url('localhost', 'sslmode=verify-full') });
    await byVariable.checkHealth();
    await byVariable.close();
    delete process.env['PGSSLROOTCERT'];
  });

  it('with a certificate of an unknown CA says how to name the CA', async () => {
    expect(await failure(url('localhost', 'sslmode=verify-full'))).toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'STORE_TLS',
      message: expect.stringMatching(/cannot be verified \([A-Z_]+\); name its CA with sslrootcert=FILE/),
    });
  });

  it('with a certificate for another name says to write that name as the host', async () => {
    const target = url('127.0.0.1', `sslmode=verify-full&sslrootcert=${certificate()}`);
    expect(await failure(target)).toMatchObject({
      reason: 'STORE_TLS',
      message: expect.stringContaining('is for another name'),
    });
  });

  it('that is off says to switch it on', async () => {
    const plain = await PostgresServer.start(['listen_addresses=127.0.0.1'], await freePort());
    const target = `postgresql://axiom@localhost:${plain.port}/postgres?sslmode=verify-full`;
    expect(await failure(target)).toMatchObject({
      reason: 'STORE_TLS',
      message: expect.stringContaining('speaks no TLS'),
    });
    await plain.stop();
  });

  it('with a CA file that does not exist says so', async () => {
    expect(await failure(url('localhost', 'sslmode=verify-full&sslrootcert=/nowhere/ca.crt'))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('does not exist'),
    });
  });
});
