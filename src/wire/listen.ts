/** Binds servers to addresses, with failures that say what to do. */

import type { AddressInfo, ListenOptions, Server } from 'node:net';
import { DomainError } from '../domain/errors';
import type { Owner } from '../files/whole-file';
import { parseAddress, withPort } from './address';
import { bindPrivateSocket } from './private-socket';

const REMEDIES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; stop it, or give another address',
  EADDRNOTAVAIL: 'this machine has no such address; give one of its own, or 0.0.0.0 for all',
  EACCES: 'this user may not; give a port from 1024 on, or a path where it may write',
};

/**
 * Binds a server to `host:port` (port 0: any free one) or, for its owner alone, to `unix:/path`.
 * @param owner of the socket, where it is not to be this process's user.
 * @returns the address as clients dial it.
 * @throws DomainError as listenFailure and bindPrivateSocket say.
 */
export async function bindAddress(server: Server, address: string, owner?: Owner): Promise<string> {
  if (address.startsWith('unix:')) {
    const path = address.slice('unix:'.length);
    await bindPrivateSocket((at) => listen(server, address, { path: at }), path, owner);
    return address;
  }
  await listen(server, address, parseAddress(address));
  return withPort(address, (server.address() as AddressInfo).port);
}

function listen(server: Server, address: string, where: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(listenFailure(address, error));
    server.once('error', failed);
    server.listen(where, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

/** Why an address could not be bound and what to do: UNAVAILABLE, reason CANNOT_LISTEN. */
function listenFailure(address: string, error: Error): DomainError {
  const code = /\b(?:EADDRINUSE|EADDRNOTAVAIL|EACCES)\b/.exec(error.message)?.[0];
  const why = code === undefined ? error.message : `${REMEDIES[code]} (${code})`;
  return new DomainError('UNAVAILABLE', `cannot listen on ${address}: ${why}`, 'CANNOT_LISTEN');
}
