/** What a process has open now, as Linux tells it. */

import { readdirSync, readlinkSync } from 'node:fs';

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
