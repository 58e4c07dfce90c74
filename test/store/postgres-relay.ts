/**
 * A relay before a PostgreSQL server that can fall silent (connections stay open, and nothing passes), cut its
 * connections, and lead to another server from then on.
 */

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SOCKET } from './postgres-server';

export class PostgresRelay {
  readonly #sockets = new Set<Socket>();
  #silent = false;

  private constructor(
    readonly folder: string,
    private readonly server: Server,
    private upstream: string,
  ) {}

  /** @param upstream the server's socket. */
  static async start(upstream: string): Promise<PostgresRelay> {
    const folder = mkdtempSync(join(tmpdir(), 'axiom-pg-relay-'));
    const server = createServer();
    const relay = new PostgresRelay(folder, server, upstream);
    server.on('connection', (client) => relay.#join(client, connect(relay.upstream)));
    server.listen(join(folder, SOCKET));
    await once(server, 'listening');
    return relay;
  }

  url(database: string): string {
    return `postgresql://axiom@/${database}?host=${encodeURIComponent(this.folder)}`;
  }

  /** From now on nothing passes, neither on open connections nor on new ones. */
  fallSilent(): void {
    this.#silent = true;
    for (const socket of this.#sockets) socket.pause();
  }

  /** New connections work; those that were open stay silent, as after a failed firewall. */
  answerNewConnections(): void {
    this.#silent = false;
  }

  /** Every connection breaks; new ones work. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** New connections lead to another server's socket. */
  leadTo(upstream: string): void {
    this.upstream = upstream;
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
    rmSync(this.folder, { recursive: true });
  }

  #join(client: Socket, upstream: Socket): void {
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      this.#sockets.add(from);
      from.on('data', (data) => to.write(data));
      from.on('error', () => {});
      from.on('close', () => {
        this.#sockets.delete(from);
        to.destroy();
      });
    }
    if (this.#silent) for (const socket of [client, upstream]) socket.pause();
  }
}
