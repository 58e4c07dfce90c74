/** What a process has open now, as Linux tells it. */

import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Socket } from 'node:net';

/** Paths, and `socket:[…]` and the like for what has none. A file that is closed meanwhile is not among them. */
export function openFiles(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}

export function openSockets(pid: number): number {
  return openFiles(pid).filter((path) => path.startsWith('socket:')).length;
}

/** Which of the processes hold the other end of a client's connection over IPv4; none while nobody has accepted it. */
export function holdersOf(client: Socket, pids: readonly number[]): number[] {
  const inode = otherEndOf(client);
  return pids.filter((pid) => openFiles(pid).includes(`socket:[${inode}]`));
}

/** proc(5): a connection is a line; its ports, in hexadecimal, follow the addresses, and the tenth word is its inode. */
function otherEndOf(client: Socket): string | undefined {
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n');
  const words = lines.map((line) => line.trim().split(/\s+/));
  const portOf = (address = ''): number => parseInt(address.split(':')[1] ?? '', 16);
  return words.find(
    ([, local, remote]) => portOf(local) === client.remotePort && portOf(remote) === client.localPort,
  )?.[9];
}
