// What one wait for the disk takes by itself, as a step of an execution waits for SQLite's log: pages that are there
// already are overwritten, and `fdatasync` is done off the event loop.

import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { median } from './load.mjs';

/** Of a step of an execution, about (docs/decisions/one-statement-per-step.md). */
const PAGES = Buffer.alloc(8 * 4096, 1);
const WAITS = 200;

/** @returns milliseconds, the median. */
export async function diskWait(folder) {
  const file = await open(join(folder, 'disk-wait'), 'w');
  try {
    const waited = [];
    for (let round = 0; round <= WAITS; round++) {
      await file.write(PAGES, 0, PAGES.length, 0);
      const begun = performance.now();
      await file.datasync();
      if (round > 0) waited.push(performance.now() - begun); // the first makes the file
    }
    return median(waited);
  } finally {
    await file.close();
  }
}
