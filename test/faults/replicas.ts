/** Two services as processes of their own on one PostgreSQL database with a synchronous standby, and what may happen to them. */

import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dataDirAt } from '../../src/server/data-dir';
import type { ServiceInfo } from '../../src/server/service';
import { PostgresRelay } from '../store/postgres-relay';
import { PostgresServer } from '../store/postgres-server';
import { AXIOM_MAIN, startServeProcess, type ServeProcess } from '../support/serve-process';

const PRIMARY_SETTINGS = ['wal_level=replica', 'max_wal_senders=5', 'fsync=on'];
/** Longer than a transaction may be left alone, shorter than a test. */
const PAUSE_MS = 4_000;
const SILENCE_MS = 3_000;

export interface Replica {
  readonly serve: ServeProcess;
  readonly folder: string;
}

export class Replicas {
  private constructor(
    readonly replicas: readonly [Replica, Replica],
    private readonly scratch: string,
    /** Their addresses in the services' URL: one leads to the primary, the other to its standby. */
    private readonly relays: { primary: PostgresRelay; standby: PostgresRelay },
    private servers: { primary: PostgresServer; standby: PostgresServer },
  ) {}

  static async start(): Promise<Replicas> {
    const primary = await PostgresServer.start(PRIMARY_SETTINGS);
    const database = await primary.createDatabase();
    const standby = await primary.standby();
    await primary.set('synchronous_standby_names', '*');
    const relays = {
      primary: await PostgresRelay.start(primary.socket),
      standby: await PostgresRelay.start(standby.socket),
    };
    const scratch = mkdtempSync(join(tmpdir(), 'axiom-replicas-'));
    const url = join(scratch, 'url');
    const hosts = [relays.primary, relays.standby].map(({ folder }) => encodeURIComponent(folder)).join(',');
    writeFileSync(url, `postgresql://axiom@/${database}?host=${hosts}\n`);
    chmodSync(url, 0o600);
    const flags = ['--postgres-url-file', url];
    const first = await startReplica(join(scratch, 'first'), flags);
    // Every replica has the same keys and certificates, and neither the other's sockets nor where it listens.
    const second = join(scratch, 'second');
    cpSync(first.folder, second, { recursive: true, filter: (path) => !/\.sock$|service\.json$/.test(path) });
    return new Replicas([first, await startReplica(second, flags)], scratch, relays, { primary, standby });
  }

  /** One of the four server processes. */
  kill(random: number): void {
    this.#signal(random, 'SIGKILL');
  }

  async pause(random: number): Promise<void> {
    const paused = this.#signal(random, 'SIGSTOP');
    await sleep(PAUSE_MS);
    if (paused !== undefined) send(paused, 'SIGCONT');
  }

  cut(): void {
    for (const relay of Object.values(this.relays)) relay.cut();
  }

  async silence(): Promise<void> {
    for (const relay of Object.values(this.relays)) relay.fallSilent();
    await sleep(SILENCE_MS);
    for (const relay of Object.values(this.relays)) relay.answerNewConnections();
  }

  /** The primary dies, its standby takes over, and gets a standby of its own. */
  async promote(): Promise<void> {
    const { primary: dead, standby: promoted } = this.servers;
    await dead.kill();
    await promoted.promote();
    const standby = await promoted.standby();
    await promoted.set('synchronous_standby_names', '*');
    this.servers = { primary: promoted, standby };
    const { primary: free, standby: leading } = this.relays;
    free.leadTo(standby.socket);
    Object.assign(this.relays, { primary: leading, standby: free });
    await dead.stop();
  }

  async stop(): Promise<void> {
    await Promise.all(this.replicas.map(({ serve }) => serve.stop()));
    await Promise.all(Object.values(this.relays).map((relay) => relay.close()));
    await this.servers.standby.stop();
    await this.servers.primary.stop();
    rmSync(this.scratch, { recursive: true, force: true });
  }

  /** @returns the process that it was sent to. */
  #signal(random: number, signal: NodeJS.Signals): number | undefined {
    const { folder } = this.replicas[Math.floor(random * 2) % 2 === 0 ? 0 : 1];
    const info = JSON.parse(readFileSync(dataDirAt(folder).serviceInfo, 'utf8')) as ServiceInfo;
    const { pid } = Math.floor(random * 4) % 2 === 0 ? info.execution : info.management;
    return send(pid, signal) ? pid : undefined;
  }
}

async function startReplica(folder: string, flags: readonly string[]): Promise<Replica> {
  return { folder, serve: await startServeProcess(folder, process.env, AXIOM_MAIN, { flags }) };
}

/** @returns whether it was there still. */
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
