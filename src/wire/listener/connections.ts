/** The connections of one listener: how many, from where, and which one goes when there are too many. */

import type { Socket } from 'node:net';
import { Connection } from './connection';
import type { ListenerLimits } from './limits';
import { sourceOf } from './source-address';

export class Connections {
  /** In the order in which they came. */
  readonly #all = new Set<Connection>();
  readonly #bySource = new Map<string, Set<Connection>>();

  #onEmpty: () => void = () => undefined;

  constructor(private readonly limits: ListenerLimits) {}

  [Symbol.iterator](): Iterator<Connection> {
    return this.#all.values();
  }

  get size(): number {
    return this.#all.size;
  }

  /**
   * Takes a new connection in. Where there are too many already, the oldest that has proved nothing
   * makes room: silent connections can then not keep a client out that calls at once.
   * @returns undefined where all the others have proved themselves; then this one is to be closed.
   */
  admit(socket: Socket): Connection | undefined {
    const address = socket.remoteAddress ?? '';
    const source = sourceOf(address);
    // A Unix socket's file mode says who may connect.
    const ofSource = source === '' ? undefined : this.#bySource.get(source);
    if (
      ofSource !== undefined &&
      ofSource.size >= this.limits.connectionsPerAddress &&
      !this.#makeRoom(ofSource)
    )
      return undefined;
    if (this.#all.size >= this.limits.connections && !this.#makeRoom(this.#all)) return undefined;
    const connection = new Connection(address, socket);
    this.#all.add(connection);
    const together = this.#bySource.get(source);
    if (together === undefined) this.#bySource.set(source, new Set([connection]));
    else together.add(connection);
    socket.once('close', () => this.#forget(connection));
    return connection;
  }

  /** Resolves when there are none. */
  emptied(): Promise<void> {
    if (this.#all.size === 0) return Promise.resolve();
    return new Promise((resolve) => (this.#onEmpty = resolve));
  }

  #makeRoom(among: ReadonlySet<Connection>): boolean {
    for (const connection of among) {
      if (connection.isProven) continue;
      connection.socket.destroy();
      this.#forget(connection);
      return true;
    }
    return false;
  }

  #forget(connection: Connection): void {
    this.#all.delete(connection);
    const source = sourceOf(connection.address);
    const together = this.#bySource.get(source);
    together?.delete(connection);
    if (together?.size === 0) this.#bySource.delete(source);
    if (this.#all.size === 0) this.#onEmpty();
  }
}
