/** Binds servers to addresses, with failures that say what to do. */

import type { Server, ServerCredentials } from '@grpc/grpc-js';
import { DomainError } from '../domain/errors';
import { bindPrivateSocket } from './private-socket';

const REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; stop it, or give another address',
  EADDRNOTAVAIL: 'this machine has no such address; give one of its own, or 0.0.0.0 for all',
  EACCES: 'this user may not; give a port from 1024 on, or a path where it may write',
};

/**
 * Binds a grpc-js server to `host:port` (port 0: any free one) or, for its owner alone, to `unix:/path`.
 * @returns the address as clients dial it.
 * @throws DomainError as listenFailure and bindPrivateSocket say.
 */
export async function listenOn(
  server: Server,
  address: string,
  credentials: ServerCredentials,
): Promise<string> {
  if (address.startsWith('unix:')) {
    await bindPrivateSocket((bound) => bindServer(server, bound, credentials), address.slice('unix:'.length));
    return address;
  }
  const port = await bindServer(server, address, credentials);
  return `${address.slice(0, address.lastIndexOf(':'))}:${port}`;
}

/** @returns the port for TCP addresses, 0 for Unix sockets. */
function bindServer(server: Server, address: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error) reject(listenFailure(address, error));
      else resolve(port);
    });
  });
}

/** Why an address could not be bound and what to do: UNAVAILABLE, reason CANNOT_LISTEN. */
export function listenFailure(address: string, error: Error): DomainError {
  const code = /\b(?:EADDRINUSE|EADDRNOTAVAIL|EACCES)\b/.exec(error.message)?.[0];
  const why = code === undefined ? error.message : `${REMEDIES[code]} (${code})`;
  return new DomainError('UNAVAILABLE', `cannot listen on ${address}: ${why}`, 'CANNOT_LISTEN');
}
