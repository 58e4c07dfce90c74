/**
 * Binds a Unix socket that only its owner can open.
 *
 * A socket gets the process's umask when it is bound, and changing its mode afterwards
 * leaves a moment in which others can connect. So it is bound in a folder of mode 0700,
 * and moved to its place once its own mode is 0600; moving also takes the place of a
 * socket that a dead process left behind.
 */

import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { DomainError } from '../domain/errors';
import type { Owner } from '../files/whole-file';

/** @throws DomainError FAILED_PRECONDITION where somebody answers on the path already. */
export async function bindPrivateSocket(
  bind: (path: string) => Promise<unknown>,
  socketPath: string,
  owner?: Owner,
): Promise<void> {
  if (await isAnswering(socketPath)) {
    throw new DomainError(
      'FAILED_PRECONDITION',
      `another process listens on ${socketPath}; stop it or choose another path`,
      'SOCKET_IN_USE',
    );
  }
  const folder = fs.mkdtempSync(path.join(path.dirname(path.resolve(socketPath)), '.s-'));
  try {
    const bound = path.join(folder, 's');
    await bind(bound);
    fs.chmodSync(bound, 0o600);
    if (owner !== undefined) fs.chownSync(bound, owner.uid, owner.gid);
    fs.renameSync(bound, socketPath);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether somebody listens on the socket. */
export function isAnswering(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
