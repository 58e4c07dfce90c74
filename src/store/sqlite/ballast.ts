/**
 * Space that the store keeps back beside its database: given up when the disk is full, so that
 * taking a value or a right away still finds room for its log and its audit row. The folder may be shared with a half that
 * was taken over, so nothing is written to, or made open to the group, through a link that lies in its place.
 */

import { lstat, open, rm } from 'node:fs/promises';
import { isDenied } from '../../files/permission';
import { modeBeside } from './mode';

/** Room for the log of a deletion that overwrites a full scope, its bundles and their parts. */
const BALLAST_BYTES = 5 * 1024 * 1024;

export class Ballast {
  readonly #path: string;

  constructor(databasePath: string) {
    this.#path = `${databasePath}-ballast`;
  }

  /** Lays it up where it is missing. @param freeBytes what may be taken of the disk without harm. */
  async restore(freeBytes: number): Promise<void> {
    if (freeBytes < BALLAST_BYTES || (await this.#size()) === BALLAST_BYTES) return;
    await rm(this.#path, { force: true });
    const file = await open(this.#path, 'wx', 0o600).catch(undefinedIfThere);
    // The other half lays it up.
    if (file === undefined) return;
    try {
      const mode = modeBeside(this.#path);
      // Node's permission model changes no mode of what is open; where it holds, nobody shares the folder.
      if (mode !== 0o600) await file.chmod(mode);
      // Written and not only sized: a sparse file would keep nothing back.
      await file.writeFile(Buffer.alloc(BALLAST_BYTES));
      // Where Node's permission model does not let it wait, the system writes it later: the room is taken all the same.
      await file.sync().catch((error: unknown) => {
        if (!isDenied(error)) throw error;
      });
    } finally {
      await file.close();
    }
  }

  /** Gives the space up. @returns false when there was none left to give, or the disk did not let go of it. */
  async release(): Promise<boolean> {
    const size = await this.#size();
    return rm(this.#path).then(
      () => size > 0,
      () => false,
    );
  }

  async #size(): Promise<number> {
    return lstat(this.#path).then(
      (found) => (found.isFile() ? found.size : 0),
      () => 0,
    );
  }
}

function undefinedIfThere(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
}
