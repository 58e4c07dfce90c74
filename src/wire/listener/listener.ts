/**
 * Accepts a door's connections before any protocol sees them: TLS ends here, limits hold here, and
 * what has been let in is handed to an HTTP/2 server, or to an HTTP/1.1 server for browsers.
 */

import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Logger } from 'pino';
import { bindAddress } from '../listen';
import type { CertificateFiles } from './certificate-files';
import { clientHello } from './client-hello';
import type { Connection } from './connection';
import { Connections } from './connections';
import { CountedSocket } from './counted-socket';
import { DearHandshakes } from './dear-handshakes';
import type { HandedConnections } from './handed-connections';
import type { ListenerLimits } from './limits';
import type { OpenRequests } from './open-requests';
import { sourceOf } from './source-address';
import { acceptTls } from './tls-accept';
import { UnprovenTurns } from './unproven-turns';

export interface ListenerOptions {
  /**
   * `host:port` (port 0: any free one), or `unix:/path` for a socket of mode 0600; or what brings connections that
   * another process accepts.
   */
  readonly address: string | HandedConnections;
  /** Undefined: plain text, where the socket's file mode proves who calls. */
  readonly certificates: CertificateFiles | undefined;
  readonly limits: ListenerLimits;
  readonly logger: Logger;
}

export interface Listener {
  /** As clients dial it. */
  readonly address: string;
  /** Takes no more connections, lets requests under way finish for so many milliseconds, and closes all. */
  stop(drainMs: number): Promise<void>;
}

/** Enough to tell a health watch that the server stops. */
const WATCH_MS = 100;
const SWEEPS_A_LIMIT = 4;
const SWEEP_MS = { least: 10, most: 1_000 };

/** @throws DomainError where the address cannot be had, Error for certificates that cannot be used. */
export async function openListener(requests: OpenRequests, options: ListenerOptions): Promise<Listener> {
  const { limits } = options;
  const connections = new Connections(limits);
  const handshaking = new Map<string, Connection>();
  // Hundreds of handshakes that go on together would keep everybody waiting until the last of them is done.
  const turns = new UnprovenTurns();
  // Where no certificate is asked for, none is checked.
  const dear = options.certificates?.clientCa === undefined ? undefined : new DearHandshakes();
  const turnOf = (address: string | undefined, socket: Socket) => turns.next(sourceOf(address ?? ''), socket);

  const tls =
    options.certificates &&
    acceptTls(options.certificates, requests.alpn, options.logger, (socket, carrier) => {
      const key = peerKey(carrier instanceof CountedSocket ? carrier.socket : socket);
      const connection = handshaking.get(key) ?? connections.admit(socket);
      handshaking.delete(key);
      if (connection === undefined || connection.socket.destroyed) return socket.destroy();
      dear?.succeeded(connection.socket);
      connection.secured(socket, peerOf(socket));
      void turnOf(connection.address, socket).then(() =>
        requests.hand(connection, socket, socket.alpnProtocol),
      );
    });

  const onConnection = (socket: Socket): void => {
    // Peers that vanish are their own affair.
    socket.on('error', () => undefined);
    if (tls === undefined) {
      const connection = connections.admit(socket);
      if (connection === undefined) return void socket.destroy();
      connection.secured(socket);
      connection.prove();
      return requests.hand(connection, socket, 'h2');
    }
    const begin = (carrier: () => Duplex): void => {
      void clientHello(socket)
        .then(() => turnOf(socket.remoteAddress, socket))
        .then(() => tls.begin(carrier()));
    };
    const key = peerKey(socket);
    if (key === '') return begin(() => socket);
    const connection = connections.admit(socket);
    if (connection === undefined) return void socket.destroy();
    handshaking.set(key, connection);
    socket.once('close', () => {
      if (handshaking.delete(key)) dear?.failed(socket);
      else dear?.succeeded(socket);
    });
    const { address } = connection;
    begin(() => dear?.begin(socket, sourceOf(address), () => connection.isSecured) ?? socket);
  };
  const source = await openSource(options, onConnection).catch((error: unknown) => {
    tls?.close();
    throw error;
  });
  const stopEnforcing = enforce(connections, limits);
  return {
    address: source.address,
    async stop(drainMs) {
      stopEnforcing();
      await close(source, connections, drainMs);
      tls?.close();
    },
  };
}

/** Where a listener's connections come from. */
interface Source {
  readonly address: string;
  /** No more come; resolves when all that came are closed. */
  end(connections: Connections): Promise<void>;
}

async function openSource(
  { address, logger }: ListenerOptions,
  onConnection: (socket: Socket) => void,
): Promise<Source> {
  if (typeof address !== 'string') {
    address.begin(onConnection);
    return {
      address: address.address,
      end(connections) {
        address.end();
        return connections.emptied();
      },
    };
  }
  const server = createServer({ noDelay: true }, onConnection);
  const bound = await bindAddress(server, address);
  // A process that may open no more files is told by this event, and goes on with the connections it has.
  server.on('error', () => logger.warn('a connection could not be accepted'));
  return {
    address: bound,
    end: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

/** The same for a socket and for the TLS socket over it; empty on Unix sockets. */
function peerKey({ remoteAddress, remotePort }: Socket): string {
  return remoteAddress === undefined ? '' : `${remoteAddress} ${remotePort}`;
}

/** Read once a connection: at each call it would cost a quarter of an echo (docs/decisions/listeners.md). */
function peerOf(socket: TLSSocket) {
  if (!socket.authorized) return undefined;
  const { subjectaltname: names, serialNumber: serial } = socket.getPeerCertificate();
  return { names, serial };
}

function enforce(connections: Connections, limits: ListenerLimits): () => void {
  const { handshakeMs, unprovenMs, requestMs, idleMs, ageMs } = limits;
  const shortest = Math.min(handshakeMs, unprovenMs, requestMs, idleMs, ageMs);
  const everyMs = Math.min(SWEEP_MS.most, Math.max(SWEEP_MS.least, shortest / SWEEPS_A_LIMIT));
  const timer = setInterval(() => {
    const now = performance.now();
    for (const connection of connections) connection.enforce(limits, now);
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

async function close(source: Source, connections: Connections, drainMs: number): Promise<void> {
  const closed = source.end(connections);
  const endsAt = performance.now() + drainMs;
  for (const connection of connections) connection.drain(endsAt);
  const watches = setTimeout(
    () => {
      for (const connection of connections) connection.endWatches();
    },
    Math.min(WATCH_MS, drainMs),
  );
  const end = setTimeout(() => {
    for (const connection of connections) connection.socket.destroy();
  }, drainMs);
  await closed;
  clearTimeout(watches);
  clearTimeout(end);
}
