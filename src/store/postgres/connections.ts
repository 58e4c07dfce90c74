/**
 * Connections to the primary of a PostgreSQL server: taken, given back, and dropped as soon as one of them
 * does not answer.
 *
 * A database that fell silent (a paused server, a cut network, a primary that gave way to another) must not
 * keep anybody waiting: to connect and each statement have a limit of their own, kept by this side because
 * the other may be gone. One that misses it tells something of all that were opened before, so none of them
 * is used again.
 */

import { Client, Pool, type ClientConfig, type CustomTypesConfig, type PoolClient } from 'pg';
import type { Socket } from 'node:net';
import { DomainError } from '../../domain/errors';
import type { Waiter } from '../../domain/waiter';
import { within } from '../../work/within';
import { isUnreachable, toDomainError, unreachableError } from './errors';
import { parseHosts } from './hosts';
import { Slots } from './slots';
import { parserOf } from './values';

/** To connect and log in. */
const CONNECT_MS = 3_000;
/** One statement of serving. The server ends it, and says so. */
export const STATEMENT_MS = 3_500;
/**
 * What the server may take to say so. One that waits for a lock of somebody else's is told apart by that from a server that
 * has fallen silent, whose connections all have to go.
 */
const ANSWER_MS = 500;
/** What waits here has been told already that it failed. */
const CLOSE_MS = 1_000;

export interface ConnectionsOptions {
  readonly url: string;
  /** At most this many at a time. */
  readonly max: number;
  /** How long the server may take for a statement, in milliseconds; 3,500 when absent. */
  readonly statementMs?: number;
}

/** One connection, taken out of the pool. */
export interface Connection {
  readonly client: PoolClient;
  /** A pooler such as PgBouncer lies between: a transaction's connection keeps nothing for the next. */
  readonly isPooled: boolean;
  /** @param error what went wrong on it, if anything: one that may not answer again is closed. */
  release(error?: unknown): void;
}

export class Connections {
  readonly #hosts: readonly ClientConfig[];
  readonly #pooled = new WeakMap<PoolClient, boolean>();
  #host = 0;
  #pool: OpenPool;
  #closed = false;

  /** @throws DomainError INVALID_ARGUMENT for a URL that cannot be read. */
  constructor(private readonly options: ConnectionsOptions) {
    this.#hosts = parseHosts(options.url);
    this.#pool = this.#makePool();
  }

  /**
   * @param waiter who waits for it; undefined: the service itself.
   * @throws DomainError UNAVAILABLE when no host is a primary that answers; CANCELLED or DEADLINE_EXCEEDED when nobody waits
   *   any more.
   */
  async take(waiter?: Waiter): Promise<Connection> {
    let failure: unknown = unreachableError();
    // Each host once, and the first again: a connection of the pool may have died unseen.
    for (let attempt = 0; attempt <= this.#hosts.length; attempt++) {
      const pool = this.#pool;
      try {
        return await this.#takeFrom(pool, waiter);
      } catch (error) {
        failure = error;
        if (this.#closed || !isUnreachable(error)) break;
        if (this.#hosts.length > 1 && pool === this.#pool) this.#moveOn();
        else if (this.#hosts.length === 1) break;
      }
    }
    throw failure;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await end(this.#pool);
  }

  async #takeFrom(pool: OpenPool, waiter: Waiter | undefined): Promise<Connection> {
    const giveBack = await pool.slots.take(waiter);
    let client: PoolClient | undefined;
    try {
      client = await pool.pool.connect();
      const isPooled = this.#pooled.get(client) ?? (await this.#meet(client));
      return { client, isPooled, release: this.#releaser(pool, client, giveBack) };
    } catch (error) {
      // One that is not given back counts against the pool for ever, and keeps it from closing.
      client?.release(true);
      giveBack();
      throw toDomainError(error);
    }
  }

  /**
   * Asks a new connection what it leads to. A pooler invents the process number that a client is told to cancel
   * with; the server itself knows its own.
   */
  async #meet(client: PoolClient): Promise<boolean> {
    const { rows } = await client.query<{ pid: number; standby: boolean }>(
      'select pg_backend_pid() as pid, pg_is_in_recovery() as standby',
    );
    if (rows[0]?.standby !== false) throw standbyError();
    const isPooled = rows[0].pid !== (client as unknown as { processID: number }).processID;
    this.#pooled.set(client, isPooled);
    return isPooled;
  }

  #releaser(pool: OpenPool, client: PoolClient, giveBack: () => void): (error?: unknown) => void {
    return (error) => {
      const broken = error !== undefined && isUnreachable(toDomainError(error));
      client.release(broken);
      giveBack();
      // Whatever was opened before may lead nowhere too.
      if (broken && pool === this.#pool && !this.#closed) this.#renew();
    };
  }

  #moveOn(): void {
    this.#host = (this.#host + 1) % this.#hosts.length;
    this.#renew();
  }

  #renew(): void {
    const old = this.#pool;
    this.#pool = this.#makePool();
    void end(old);
  }

  #makePool(): OpenPool {
    const sockets = new Set<Socket>();
    const pool = new Pool({
      ...this.#hosts[this.#host],
      max: this.options.max,
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: (this.options.statementMs ?? STATEMENT_MS) + ANSWER_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: CONNECT_MS,
      types: { getTypeParser: parserOf as CustomTypesConfig['getTypeParser'] },
      Client: trackedClient(sockets),
    });
    // A connection that breaks fails the query that runs on it, or leaves the pool; the next opens another.
    pool.on('connect', (client) => client.on('error', () => {}));
    pool.on('error', () => {});
    return { pool, sockets, slots: new Slots(this.options.max) };
  }
}

/** A pool and the sockets of its connections: closing one that does not answer would wait for the answer. */
interface OpenPool {
  readonly pool: Pool;
  readonly sockets: ReadonlySet<Socket>;
  readonly slots: Slots;
}

function trackedClient(sockets: Set<Socket>): typeof Client {
  return class extends Client {
    constructor(config?: string | ClientConfig) {
      super(config);
      const { stream } = (this as unknown as { connection: { stream: Socket } }).connection;
      sockets.add(stream);
      stream.once('close', () => sockets.delete(stream));
    }
  };
}

/** Ends the pool's connections, politely as far as the server answers. */
async function end({ pool, sockets, slots }: OpenPool): Promise<void> {
  slots.fail(unreachableError());
  await within(
    CLOSE_MS,
    pool.end().catch(() => {}),
  );
  for (const socket of sockets) socket.destroy();
}

function standbyError(): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    'the database server is a standby, which takes no writes; name the primary, or all of them with commas between',
    'STORE_UNREACHABLE',
  );
}
