/** Files written whole or not at all, synced to disk, for their owner only. */

import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { DomainError } from '../domain/errors';

/** Whose a file is, where it is not the writer's own. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** What is to be in a file. */
export interface WholeFile {
  readonly path: string;
  readonly contents: string | Uint8Array;
  /** 0600 for its owner only, 0644 for everybody to read, whatever the umask. */
  readonly mode: 0o600 | 0o644;
  /** Whose it is to be; undefined: the writer's. */
  readonly owner?: Owner | undefined;
}

/**
 * Writes a file of mode 0600 so that a crash leaves the old file or the new one. Never through a link: a folder
 * may belong to someone who is trusted less than the writer.
 * @param owner whose it is to be; undefined: the writer's.
 */
export function writePrivateFile(path: string, contents: string | Uint8Array, owner?: Owner): void {
  writeWholeFiles([{ path, contents, mode: 0o600, owner }]);
}

/** The same for a file that everybody may read: certificates, addresses. */
export function writePublicFile(path: string, contents: string | Uint8Array, owner?: Owner): void {
  writeWholeFiles([{ path, contents, mode: 0o644, owner }]);
}

/**
 * The same for files that belong together: all are on disk beside their places before the first takes its place, in
 * the order given, so that a disk without room for one of them leaves each as it was. A folder is
 * synced before what follows in another takes its place.
 * @throws the system's error, with the path of the file that it is about.
 */
export function writeWholeFiles(files: readonly WholeFile[]): void {
  const written: { readonly path: string; readonly partial: string }[] = [];
  try {
    for (const file of files) {
      const partial = partialOf(file.path);
      written.push({ path: file.path, partial });
      withPath(file.path, () => writePartial(partial, file));
    }
    for (const [index, { path, partial }] of written.entries()) {
      withPath(path, () => renameSync(partial, path));
      const next = written[index + 1];
      if (next === undefined || dirname(next.path) !== dirname(path)) syncToDisk(dirname(path));
    }
  } finally {
    for (const { partial } of written) rmSync(partial, { force: true });
  }
}

function writePartial(partial: string, { contents, mode, owner }: WholeFile): void {
  const bytes = typeof contents === 'string' ? Buffer.from(contents, 'utf8') : contents;
  const file = openSync(partial, 'wx', mode);
  try {
    fchmodSync(file, mode); // whatever the umask
    if (owner !== undefined) fchownSync(file, owner.uid, owner.gid);
    for (let written = 0; written < bytes.byteLength;) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Moves a file that is on disk to its place, which may be on another: it is whole there before it takes its place.
 * @throws the system's error, with the path of the place.
 */
export function moveFile(from: string, path: string): void {
  withPath(path, () => {
    try {
      renameSync(from, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
      copyToPlace(from, path);
    }
  });
  syncToDisk(dirname(path));
}

function copyToPlace(from: string, path: string): void {
  const partial = partialOf(path);
  try {
    copyFileSync(from, partial, constants.COPYFILE_EXCL);
    syncToDisk(partial);
    renameSync(partial, path);
  } finally {
    rmSync(partial, { force: true });
  }
}

/** Beside a file's place, under a name that nobody can put a link at beforehand. */
function partialOf(path: string): string {
  return `${path}.${randomBytes(6).toString('hex')}.partial`;
}

/** A write that finds no room fails without a path, and a name that nobody chose tells nobody anything. */
function withPath(path: string, body: () => void): void {
  try {
    body();
  } catch (error) {
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  }
}

/**
 * Whose new files in a folder are to be: its owner's, where this process may say so.
 * @returns undefined where it may not, or need not.
 */
export function ownerOf(folder: string): Owner | undefined {
  const { uid, gid } = statSync(folder);
  return process.geteuid?.() === 0 && uid !== 0 ? { uid, gid } : undefined;
}

/** Waits until a file or folder is on disk; a renamed file is once its folder is. */
export function syncToDisk(path: string): void {
  const opened = openSync(path, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** @returns undefined when there is no such file, also where somebody takes it away meanwhile. */
export function readIfThere(
  path: string,
  read: (path: string) => Buffer = (file) => readFile(file, 0),
): Buffer | undefined {
  try {
    return read(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Far above any keyset, certificate chain or API key. */
const MAX_UNLINKED_BYTES = 256 * 1024;

/**
 * Reads a file in a folder of someone who is trusted less: its last part is not a link, and it is no longer than what can
 * be meant.
 * @throws DomainError FAILED_PRECONDITION for anything else that lies there.
 */
export function readUnlinked(path: string): Buffer {
  try {
    return readFile(path, constants.O_NOFOLLOW, MAX_UNLINKED_BYTES);
  } catch (error) {
    // What Linux and other systems say of a link, and of a socket.
    const { code = '' } = error as NodeJS.ErrnoException;
    throw ['ELOOP', 'EMLINK', 'ENXIO'].includes(code) ? notAFile(path) : error;
  }
}

/** In such a folder there may be a pipe, which would keep the reader waiting for ever; it is refused instead. */
function readFile(path: string, flags: number, maxBytes?: number): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | flags);
  try {
    if (!fstatSync(file).isFile()) throw notAFile(path);
    return maxBytes === undefined ? readFileSync(file) : readAtMost(file, path, maxBytes);
  } finally {
    closeSync(file);
  }
}

/** Whatever its length was a moment ago. */
function readAtMost(file: number, path: string, maxBytes: number): Buffer {
  const bytes = Buffer.alloc(maxBytes + 1);
  let length = 0;
  for (let read = -1; read !== 0 && length <= maxBytes; length += read)
    read = readSync(file, bytes, length, bytes.byteLength - length, null);
  if (length > maxBytes)
    throw new DomainError(
      'FAILED_PRECONDITION',
      `${path} is longer than any file of this service; remove it`,
      NOT_A_FILE,
    );
  return bytes.subarray(0, length);
}

function notAFile(path: string): DomainError {
  return new DomainError('FAILED_PRECONDITION', `${path} is not a file; remove it`, NOT_A_FILE);
}

/** The reason of the error where something lies there that is no file of this service. */
export const NOT_A_FILE = 'NOT_A_FILE';
