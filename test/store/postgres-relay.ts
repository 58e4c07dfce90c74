/** A relay before a PostgreSQL server that can fall silent: connections stay open, and nothing passes. */

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
    private readonly folder: string,
    private readonly server: Server,
  ) {}

  /** @param upstream the server's socket. */
  static async start(upstream: string): Promise<PostgresRelay> {
    const folder = mkdtempSync(join(tmpdir(), 'axiom-pg-relay-'));
    const server = createServer();
    const relay = new PostgresRelay(folder, server);
    server.on('connection', (client) => relay.#join(client, connect(upstream)));
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

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
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
