/**
 * The one check of every file that holds a secret: who owns it, and who else may read it.
 *
 * Good are a file of ours (or of root) that nobody else may touch, and what an orchestrator mounts: a file of
 * root that one of our groups may read, behind a link or not.
 */

import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { DomainError } from '../domain/errors';

/** Far above any key, keyset, certificate chain or password. */
const MAX_BYTES = 256 * 1024;

/** @throws DomainError FAILED_PRECONDITION where others may read it; the system's own error where it cannot be read. */
export function readPrivateFile(path: string): Buffer {
  // A pipe that nobody writes to would keep the open waiting for ever; it is refused instead.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = fstatSync(file);
    if (!status.isFile() || status.size > MAX_BYTES) {
      throw refused(
        path,
        'is not a file of a key or password; name the file itself',
        'PRIVATE_FILE_MALFORMED',
      );
    }
    checkIsPrivate(path, status);
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** @throws DomainError FAILED_PRECONDITION saying who else has a right and the command that takes it away. */
export function checkIsPrivate(path: string, { uid, gid, mode }: Stats): void {
  const me = process.geteuid?.();
  if (me === undefined) return; // Windows has no modes
  if (uid !== me && uid !== 0) {
    throw refused(
      path,
      `belongs to user ${uid}, who can change it; run: chown ${me} ${path}`,
      'PRIVATE_FILE_OWNER',
    );
  }
  if ((mode & 0o077) === 0) return;
  const isMounted = uid === 0 && (mode & 0o037) === 0 && isOurGroup(gid);
  if (isMounted) return;
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  throw refused(path, `has mode ${octal}, so others may use it; run: chmod 600 ${path}`, 'PRIVATE_FILE_MODE');
}

function isOurGroup(gid: number): boolean {
  return gid === process.getegid?.() || (process.getgroups?.().includes(gid) ?? false);
}

function refused(path: string, why: string, reason: string): DomainError {
  return new DomainError('FAILED_PRECONDITION', `${path} ${why}`, reason);
}
