/** A PostgreSQL server for one test file, where the machine has one installed. */

import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';

const DEFAULT_PORT = 5432;

/** What a server calls its socket, and what clients look for in the folder that they are given. */
export const SOCKET = socketName(DEFAULT_PORT);

function socketName(port: number): string {
  return `.s.PGSQL.${port}`;
}

/** What this machine lacks for a server of its own, as a sentence; undefined when nothing is missing. */
export function missingPostgres(): string | undefined {
  const found = (command: string) => spawnSync('which', [command]).status === 0;
  if (!found('postgres') || !found('initdb')) return 'postgres and initdb are not on the path';
  return process.getuid?.() !== 0 || serverUser() !== undefined
    ? undefined
    : 'there is no user to run postgres as';
}

/** The server refuses to run as root; Debian's package makes a user for it. */
export function serverUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = ['-u', '-g'].map((flag) => {
    const { status, stdout } = spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : undefined;
  });
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}

export class PostgresServer {
  #process: ChildProcess | undefined;
  #databases = 0;

  private constructor(
    private readonly folder: string,
    /** Where it listens, when its settings have it listen on TCP, and in its socket's name. */
    readonly port: number,
  ) {}

  /** Where clients connect to. */
  get socket(): string {
    return join(this.folder, socketName(this.port));
  }

  /** Listens on a Unix socket in a folder of its own only, unless the settings say otherwise. */
  static async start(settings: readonly string[] = [], port = DEFAULT_PORT): Promise<PostgresServer> {
    const server = new PostgresServer(makeFolder(), port);
    server.#run('initdb', ['-D', server.#data, '-U', 'axiom', '--auth=trust', '--no-sync', '-E', 'UTF8']);
    await server.#serve(settings);
    return server;
  }

  /** A copy that follows this server, and takes over when it is promoted. */
  async standby(): Promise<PostgresServer> {
    const standby = new PostgresServer(makeFolder(), this.port);
    const from = `host=${this.folder} port=${this.port} user=axiom application_name=standby`;
    standby.#run('pg_basebackup', ['-D', standby.#data, '-R', '-X', 'stream', '-c', 'fast', '-d', from]);
    await standby.#serve(['hot_standby=on']);
    return standby;
  }

  /** As a machine that lost its power: nothing is said to anybody. */
  async kill(): Promise<void> {
    const ended = once(this.#process as ChildProcess, 'exit');
    this.#process?.kill('SIGKILL');
    await ended;
    // What the postmaster started ends when it notices; the sockets are gone with it.
    rmSync(this.socket, { force: true });
  }

  async promote(): Promise<void> {
    await this.query('postgres', 'select pg_promote()');
  }

  url(database: string): string {
    return PostgresServer.urlOf([this], database);
  }

  /** The URL that names several servers, as libpq takes it. */
  static urlOf(servers: readonly PostgresServer[], database: string): string {
    const hosts = servers.map((server) => encodeURIComponent(server.folder)).join(',');
    const port = servers[0]?.port ?? DEFAULT_PORT;
    return `postgresql://axiom@/${database}?host=${hosts}${port === DEFAULT_PORT ? '' : `&port=${port}`}`;
  }

  /** The address of a relay that hangs up on the first client to say `words`, and relays all else. */
  async relay(database: string, words: string): Promise<{ readonly url: string; close(): Promise<void> }> {
    const folder = mkdtempSync(join(tmpdir(), 'axiom-pg-relay-'));
    let hangsUp = true;
    const relay = createServer((client) => {
      const upstream = connect(this.socket);
      client.on('data', (data) => {
        if (hangsUp && data.includes(words)) {
          hangsUp = false;
          client.destroy();
        } else upstream.write(data);
      });
      upstream.pipe(client);
      client.on('close', () => upstream.destroy()).on('error', () => {});
      upstream.on('error', () => {});
    });
    relay.listen(join(folder, SOCKET));
    await once(relay, 'listening');
    return {
      url: `postgresql://axiom@/${database}?host=${encodeURIComponent(folder)}`,
      close: async () => {
        relay.close();
        await once(relay, 'close');
        rmSync(folder, { recursive: true });
      },
    };
  }

  /** Changes a setting of the running server. */
  async set(name: string, value: string): Promise<void> {
    await this.query('postgres', `alter system set ${name} = '${value}'`);
    await this.query('postgres', 'select pg_reload_conf()');
  }

  /** Makes an empty database and answers its name. */
  async createDatabase(): Promise<string> {
    const name = `db${this.#databases++}`;
    await this.query('postgres', `create database ${name}`);
    return name;
  }

  async query(database: string, sql: string): Promise<readonly Record<string, unknown>[]> {
    const client = new Client({ connectionString: this.url(database) });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** As a crash or a maintenance does: ends every connection to our databases, never one that does the same. */
  async dropConnections(): Promise<void> {
    await this.query(
      'postgres',
      "select pg_terminate_backend(pid) from pg_stat_activity where datname <> 'postgres'",
    );
  }

  async stop(): Promise<void> {
    if (this.#process?.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'exit');
      this.#process.kill('SIGINT');
      await ended;
    }
    rmSync(this.folder, { recursive: true });
  }

  get #data(): string {
    return join(this.folder, 'data');
  }

  #run(program: string, args: readonly string[]): void {
    execFileSync(program, args, { stdio: 'ignore', cwd: this.folder, ...serverUser() });
  }

  async #serve(settings: readonly string[]): Promise<void> {
    const all = [
      ...['listen_addresses=', `unix_socket_directories=${this.folder}`, `port=${this.port}`],
      ...['fsync=off', 'max_connections=100', ...settings],
    ];
    this.#process = spawn('postgres', ['-D', this.#data, ...all.flatMap((setting) => ['-c', setting])], {
      stdio: 'ignore',
      cwd: this.folder,
      ...serverUser(),
    });
    while (!existsSync(this.socket) || !(await this.#answers())) {
      if (this.#process.exitCode !== null) throw new Error(`postgres ended with ${this.#process.exitCode}`);
      await sleep(20);
    }
  }

  async #answers(): Promise<boolean> {
    return this.query('postgres', 'select 1').then(
      () => true,
      () => false,
    );
  }
}

/** A folder that the server's user may write to. */
function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'axiom-pg-'));
  const user = serverUser();
  chmodSync(folder, 0o700);
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  return folder;
}
