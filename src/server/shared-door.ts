/**
 * The door that several workers serve: this process accepts, and hands each connection over unread. It goes to the
 * worker that has the fewest of the same source, and of those to the one with the fewest in all: an address's
 * connections are spread evenly, so that each worker can hold its part of the limits by itself.
 */

import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Owner } from '../files/whole-file';
import { socketPathOf } from '../wire/address';
import { bindAddress } from '../wire/listen';
import { sourceOf } from '../wire/listener/source-address';
import type { ClosedMessage, HandedMessage, TakenMessage } from './worker';

/** Connections on their way to a worker; one that takes no more for a while gets none. */
const MAX_ON_THE_WAY = 128;

export interface SharedDoor {
  /** As clients dial it. */
  readonly address: string;
  /** The worker takes connections from now on, until it exits. */
  serve(number: number, child: ChildProcess): void;
  /** Accepts no more. */
  close(): void;
}

/**
 * @param owner of a Unix socket; undefined: whoever runs this process.
 * @throws DomainError where the address cannot be had.
 */
export async function openSharedDoor(
  address: string,
  owner: Owner | undefined,
  logger: Logger,
): Promise<SharedDoor> {
  const workers = new Map<number, Worker>();
  let accepted = 0;
  const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
    // Peers that vanish are their own affair.
    socket.on('error', () => undefined);
    const source = sourceOf(socket.remoteAddress ?? '');
    const worker = fewest([...workers.values()], source);
    if (worker === undefined) socket.destroy();
    else worker.hand(accepted++, source, socket);
  });
  const bound = await bindAddress(server, address, owner);
  server.on('error', () => logger.warn('a connection could not be accepted'));
  return {
    address: bound,
    serve(number, child) {
      const worker = new Worker(child);
      workers.set(number, worker);
      child.once('exit', () => {
        worker.gone();
        if (workers.get(number) === worker) workers.delete(number);
      });
    },
    close() {
      server.close();
      const path = socketPathOf(bound);
      if (path !== undefined) rmSync(path, { force: true });
    },
  };
}

/** @returns undefined where nobody takes connections now. */
function fewest(workers: readonly Worker[], source: string): Worker | undefined {
  const able = workers.filter((worker) => worker.isAble);
  const order = (one: Worker, other: Worker) => one.of(source) - other.of(source) || one.total - other.total;
  return able.reduce<Worker | undefined>(
    (best, one) => (best === undefined || order(one, best) < 0 ? one : best),
    undefined,
  );
}

/** The connections of one worker. */
class Worker {
  /** Sources of those that are open, by number. */
  readonly #open = new Map<number, string>();
  readonly #bySource = new Map<string, number>();
  /** This process keeps them open until the worker has them. */
  readonly #onTheWay = new Map<number, Socket>();

  constructor(private readonly child: ChildProcess) {
    child.on('message', ({ taken, closed }: Partial<TakenMessage & ClosedMessage>) => {
      if (taken !== undefined) this.#arrived(taken);
      if (closed !== undefined) this.#forget(closed);
    });
  }

  get isAble(): boolean {
    return this.child.connected && this.#onTheWay.size < MAX_ON_THE_WAY;
  }

  get total(): number {
    return this.#open.size;
  }

  of(source: string): number {
    return this.#bySource.get(source) ?? 0;
  }

  hand(connection: number, source: string, socket: Socket): void {
    this.#open.set(connection, source);
    this.#bySource.set(source, this.of(source) + 1);
    this.#onTheWay.set(connection, socket);
    // Node closes what it has sent when the other process says that it is there, and never where that one is gone first.
    this.child.send({ connection } satisfies HandedMessage, socket, { keepOpen: true }, (error) => {
      if (error === null) return;
      this.#arrived(connection);
      this.#forget(connection);
    });
  }

  /** Its process has ended; what it was not given yet has no other way. */
  gone(): void {
    for (const connection of [...this.#onTheWay.keys()]) this.#arrived(connection);
  }

  /** Another process has it, or nobody: it is closed in this one. */
  #arrived(connection: number): void {
    this.#onTheWay.get(connection)?.destroy();
    this.#onTheWay.delete(connection);
  }

  #forget(connection: number): void {
    const source = this.#open.get(connection);
    if (source === undefined) return;
    this.#open.delete(connection);
    const left = this.of(source) - 1;
    if (left > 0) this.#bySource.set(source, left);
    else this.#bySource.delete(source);
  }
}
