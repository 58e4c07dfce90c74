/** Writes generated files into a package: whole or not at all, and only those that differ. */

import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { DomainError } from '../domain/errors';
import type { GeneratedFile, Report } from './language';

/** What became of the files; paths are relative to the package's root. */
export interface WriteResult {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  /** `once` files that were there already and differ from what would be written. */
  readonly kept: readonly string[];
}

type State = 'missing' | 'same' | 'different';

/** The files that generation would write now: missing ones, and `always` files that differ. */
export async function staleFiles(root: string, files: readonly GeneratedFile[]): Promise<readonly string[]> {
  const stale: string[] = [];
  for (const file of files) {
    const state = await stateOf(root, file);
    if (state === 'missing' || (state === 'different' && file.write === 'always')) stale.push(file.path);
  }
  return stale;
}

/** Writes what is missing or differs; says in one line which of the user's own files it kept. */
export async function writeFiles(
  root: string,
  files: readonly GeneratedFile[],
  report: Report,
): Promise<WriteResult> {
  const written: string[] = [];
  const unchanged: string[] = [];
  const kept: string[] = [];
  for (const file of files) {
    const state = await stateOf(root, file);
    if (state === 'same') unchanged.push(file.path);
    else if (state === 'different' && file.write === 'once') kept.push(file.path);
    else {
      await writeWhole(placeOf(root, file), file.contents);
      written.push(file.path);
    }
  }
  for (const path of kept) report(`kept ${path}: it is yours; delete it to have it generated again`);
  return { written, unchanged, kept };
}

/** Writes only what is stale, and keeps quiet about the user's own files: for commands that generate on the way. */
export async function refreshFiles(
  root: string,
  files: readonly GeneratedFile[],
  report: Report,
): Promise<void> {
  const stale = new Set(await staleFiles(root, files));
  await writeFiles(
    root,
    files.filter((file) => stale.has(file.path)),
    report,
  );
}

async function stateOf(root: string, file: GeneratedFile): Promise<State> {
  try {
    const present = await readFile(placeOf(root, file));
    return present.equals(Buffer.from(file.contents)) ? 'same' : 'different';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'missing';
    throw error;
  }
}

/** A generated path never leaves the package, whatever a manifest's names hold. */
function placeOf(root: string, file: GeneratedFile): string {
  const path = normalize(file.path);
  if (isAbsolute(path) || path.startsWith('..')) {
    throw new DomainError(
      'INTERNAL',
      `${file.path} would be written outside the package`,
      'PATH_OUTSIDE_PACKAGE',
    );
  }
  return join(root, path);
}

/** By rename, so that a killed run leaves the old file or the new one, never half of one. */
async function writeWhole(place: string, contents: string | Uint8Array): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  const draft = `${place}.${process.pid}.tmp`;
  try {
    await writeFile(draft, contents);
    await rename(draft, place);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
