/** The Unix socket that only this user's sidecar can open. */

import { lstatSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server as SocketServer } from 'node:net';
import { type Server, ServerCredentials } from '@grpc/grpc-js';
import { PacedSocket } from './paced-socket';
import { Turns } from './turns';

const DEFAULT_SOCKET = '/tmp/axiom.sock';

/** sun_path holds 108 bytes with its closing zero on Linux, and 104 on macOS. */
const MAX_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;

/** AXIOM_SOCKET, or the platform's own place. */
export function socketPath(): string {
  return process.env['AXIOM_SOCKET'] || DEFAULT_SOCKET;
}

/** Listens with mode 0600 from the first moment on; returns what takes connections. Throws where another host serves the socket. */
export async function listen(server: Server, path: string): Promise<SocketServer> {
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    throw new Error(
      `${path} is too long for a Unix socket; set AXIOM_SOCKET to a path of at most ${MAX_PATH_BYTES} bytes`,
    );
  }
  await removeStale(path);
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const turns = new Turns();
  const sockets = createServer((socket) => injector.injectConnection(new PacedSocket(socket, turns)));
  const mask = process.umask(0o177);
  try {
    return await new Promise((resolve, reject) => {
      // Told later, it is that no more files may be opened: those that are connected go on.
      sockets.on('error', () =>
        reject(new Error(`cannot listen on ${path}; set AXIOM_SOCKET to a path in a folder of yours`)),
      );
      sockets.listen(path, () => resolve(sockets));
    });
  } finally {
    process.umask(mask);
  }
}

/** A host that was killed leaves its socket behind; one that answers is left alone. */
async function removeStale(path: string): Promise<void> {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isSocket()) return;
  const answers = await new Promise<boolean>((resolve) => {
    const connection = createConnection(path);
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
    connection.once('error', () => resolve(false));
  });
  if (answers)
    throw new Error(`another node host serves ${path}; stop it, or set AXIOM_SOCKET to another path`);
  rmSync(path, { force: true });
}
