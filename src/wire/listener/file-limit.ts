/** How many connections one door can hold without taking the files that the process opens otherwise. */

import { readFileSync } from 'node:fs';

/** A process has two doors at most, and a third of its files for everything else. */
const PART_OF_FILES = 1 / 3;

/** @returns Infinity where the system does not tell. Children of this process have its limit. */
export function connectionsWithinFileLimit(): number {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? Infinity : Math.max(1, Math.floor(Number(soft) * PART_OF_FILES));
  } catch {
    return Infinity; // not Linux
  }
}
