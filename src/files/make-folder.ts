/** Makes a folder with those above it, one after the other: Node's own recursion never ends where the system refuses with ENOENT, as in /proc. */

import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Of mode 0700, as those above it that were missing. @throws the system's error, with its path. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
    return;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    const above = dirname(path);
    if (code !== 'ENOENT' || above === path || isFolder(above)) throw error;
    makeFolder(above);
  }
  mkdirSync(path, { mode: 0o700 });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
