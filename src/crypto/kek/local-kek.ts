/** A KEK in a file: a Tink AES-256-GCM keyset in the clear, which only its owner may read. */

import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, open, unlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DomainError } from '../../domain/errors';
import { readPrivateFile } from '../../files/private-file';
import { keysetDoesNotUnwrap } from '../errors';
import { createAead } from '../tink/aead';
import type { Aead } from '../tink/aead';
import { generateAeadKeyset } from '../tink/generate';
import type { Kek } from './kek';

/**
 * Opens the KEK file, made first if there is none. Safe against another process that does the
 * same at the same time: one file wins, it is whole, and both open it. Never overwrites.
 * @throws as openLocalKek, and DomainError FAILED_PRECONDITION when the file cannot be made.
 */
export async function createLocalKek(path: string): Promise<Kek> {
  try {
    return await openLocalKek(path);
  } catch (error) {
    if (!(error instanceof DomainError && error.reason === 'KEK_FILE_MISSING')) {
      throw error;
    }
  }
  try {
    await writeNewFile(path);
  } catch {
    throw refused(
      path,
      'cannot be made; its folder must be there and writable, with space left',
      'KEK_FILE_UNWRITABLE',
    );
  }
  return openLocalKek(path);
}

/** @throws DomainError FAILED_PRECONDITION when there is no such file, others may read it, or it is not a keyset. */
export async function openLocalKek(path: string): Promise<Kek> {
  const keyset = readKeyset(path);
  try {
    return localKek(path, createAead(keyset));
  } catch {
    throw refused(path, 'is not a Tink AES-GCM keyset; restore the file from a backup', 'KEK_FILE_MALFORMED');
  } finally {
    keyset.fill(0);
  }
}

function localKek(path: string, aead: Aead): Kek {
  return {
    uri: `file:${resolve(path)}`,
    wrap: async (plaintext, associatedData) => aead.encrypt(plaintext, associatedData),
    async unwrap(ciphertext, associatedData) {
      try {
        return aead.decrypt(ciphertext, associatedData);
      } catch {
        throw keysetDoesNotUnwrap();
      }
    },
  };
}

function readKeyset(path: string): Buffer {
  try {
    return readPrivateFile(path);
  } catch (error) {
    if (error instanceof DomainError) throw error;
    if (isErrno(error, 'ENOENT')) {
      throw refused(path, 'does not exist; restore it from a backup', 'KEK_FILE_MISSING');
    }
    throw refused(path, 'cannot be opened; run the service as the user who owns it', 'KEK_FILE_UNREADABLE');
  }
}

/** Written and synced under another name, then linked: a crash leaves no half file under the real one. */
async function writeNewFile(path: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const keyset = await generateAeadKeyset();
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(keyset);
      await file.sync();
    } finally {
      await file.close();
    }
    await linkUnlessThere(temporary, path);
  } finally {
    keyset.fill(0);
    await unlink(temporary).catch(() => undefined);
  }
  await syncFolder(dirname(path));
}

async function linkUnlessThere(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) {
      throw error;
    }
  }
}

/** The new name is on disk only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function refused(path: string, why: string, reason: string): DomainError {
  return new DomainError('FAILED_PRECONDITION', `the key-encryption key file ${path} ${why}`, reason);
}

function isErrno(error: unknown, code: string): boolean {
  return (error as NodeJS.ErrnoException).code === code;
}
