/** A PgBouncer in transaction mode before a PostgreSQL server: each transaction may get another connection. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { missingPostgres, serverUser, SOCKET } from './postgres-server';

/** What this machine lacks for it, as a sentence. */
export function missingPgBouncer(): string | undefined {
  if (spawnSync('which', ['pgbouncer']).status !== 0) return 'pgbouncer is not on the path';
  return missingPostgres();
}

export class PgBouncer {
  private constructor(
    private readonly folder: string,
    private readonly process: ChildProcess,
  ) {}

  /** @param upstream the server's socket. */
  static async start(upstream: string): Promise<PgBouncer> {
    const folder = mkdtempSync(join(tmpdir(), 'axiom-pgbouncer-'));
    const config = join(folder, 'pgbouncer.ini');
    writeFileSync(
      config,
      [
        '[databases]',
        `* = host=${dirname(upstream)} port=5432 user=axiom`,
        '[pgbouncer]',
        ...['pool_mode = transaction', 'default_pool_size = 4', 'max_client_conn = 200', 'auth_type = any'],
        ...['listen_addr =', 'listen_port = 5432', `unix_socket_dir = ${folder}`],
      ].join('\n'),
    );
    const user = serverUser();
    chmodSync(folder, 0o755);
    if (user !== undefined) chownSync(folder, user.uid, user.gid);
    const process = spawn('pgbouncer', [config], { stdio: 'ignore', ...user });
    while (!existsSync(join(folder, SOCKET))) {
      if (process.exitCode !== null) throw new Error(`pgbouncer ended with ${process.exitCode}`);
      await sleep(20);
    }
    return new PgBouncer(folder, process);
  }

  url(database: string): string {
    return `postgresql://axiom@/${database}?host=${encodeURIComponent(this.folder)}`;
  }

  async stop(): Promise<void> {
    const ended = once(this.process, 'exit');
    this.process.kill('SIGTERM');
    await ended;
    rmSync(this.folder, { recursive: true });
  }
}
