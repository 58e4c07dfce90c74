/**
 * Whether the files that a connection has open are still the ones under their names. SQLite goes on in a file that was
 * moved, removed or replaced: what is written there is confirmed by the disk, and the next process never reads it.
 */

import { statSync } from 'node:fs';

export class NamedFiles {
  readonly #opened: readonly (readonly [path: string, identity: string])[];

  /** @param path the database's, which a connection has open: its log and the log's index exist as long as that does. */
  constructor(path: string) {
    this.#opened = [path, `${path}-wal`, `${path}-shm`].map((file) => [file, identityOf(file)]);
  }

  /** A few microseconds: no waiting for the disk, whose cache has what is asked. */
  get areMoved(): boolean {
    return this.#opened.some(([path, opened]) => {
      const named = identityOf(path);
      return named !== UNKNOWN && opened !== UNKNOWN && named !== opened;
    });
  }
}

/** It could not be looked at: for a moment it may not be, or the disk does not answer. That says nothing of where it is. */
const UNKNOWN = 'unknown';

/** Empty where there is none. */
function identityOf(path: string): string {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    return ['ENOENT', 'ENOTDIR', 'ELOOP'].includes((error as NodeJS.ErrnoException).code ?? '')
      ? ''
      : UNKNOWN;
  }
}
