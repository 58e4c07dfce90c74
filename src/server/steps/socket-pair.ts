/**
 * Two Unix sockets that are connected with each other, as socketpair(2) makes them, which Node does not offer. Nobody else
 * can have an end: the path is in a folder of mode 0700, and gone once both are there.
 */

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Nothing is read of them until they are resumed. */
export async function socketPair(): Promise<[Socket, Socket]> {
  const folder = mkdtempSync(join(tmpdir(), 'axiom-'));
  const server = createServer({ pauseOnConnect: true });
  try {
    server.listen(join(folder, 's'));
    await once(server, 'listening');
    const other = connect({ path: join(folder, 's') });
    other.pause();
    const [[one]] = (await Promise.all([once(server, 'connection'), once(other, 'connect')])) as [
      [Socket],
      unknown,
    ];
    for (const socket of [one, other]) socket.on('error', () => undefined);
    return [one, other];
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
