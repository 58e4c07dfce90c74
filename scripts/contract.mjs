// The contract as one image, and whether it still keeps what the last release promised.
//
// buf compares images: definitions made by others come from a package, so a comparison of
// folders would count them as deleted.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run, tool } from './setup.mjs';

/** The contract of the last release, written by `npm run release`. */
export const lastRelease = join(root, 'proto', 'last-release.binpb');

/** Writes the contract of the working tree, without comments, as an image. */
export function writeContract(path) {
  run(tool('buf'), ['build', '--path', 'proto/axiom', '--exclude-source-info', '-o', path]);
}

/** Ends the process when a client of the last release would no longer understand us. */
export function checkContract() {
  if (!existsSync(lastRelease)) return;
  const folder = mkdtempSync(join(tmpdir(), 'axiom-contract-'));
  try {
    const current = join(folder, 'current.binpb');
    writeContract(current);
    run(tool('buf'), ['breaking', current, '--against', lastRelease]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
