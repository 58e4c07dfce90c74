// Puts a folder that was made aside where its predecessor is, file by file: whoever reads meanwhile finds each file that
// both have, the old one or the new one, whole.

import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Moves the files below `made` to `place`, whose other files go, apart from those below its folder `kept`. */
export function putInPlace(made, place, kept) {
  const files = filesBelow(made).map((path) => relative(made, path));
  for (const file of files) {
    mkdirSync(dirname(join(place, file)), { recursive: true });
    renameSync(join(made, file), join(place, file));
  }
  rmSync(made, { recursive: true });
  const current = new Set(files);
  removeOthers(place, (path) => current.has(relative(place, path)), kept && join(place, kept));
}

/** Removes the files that are not wanted, and folders in which nothing is left. */
function removeOthers(folder, wanted, kept) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (path === kept) continue;
    if (!entry.isDirectory()) {
      if (!wanted(path)) rmSync(path);
      continue;
    }
    removeOthers(path, wanted, kept);
    if (readdirSync(path).length === 0) rmdirSync(path);
  }
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [path];
  });
}
