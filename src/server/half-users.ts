/** The users of the two halves, where the service is started with the right to change to them. */

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  opendirSync,
  openSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Owner } from '../files/whole-file';

/** Undefined: both halves run as whoever started the service. */
export interface HalfUsers {
  readonly management: Owner;
  readonly execution: Owner;
}

/**
 * Both get the execution user's group, through which they share the database; neither has any other.
 * @throws Error when a user does not exist, both are one, or this process may not change to them.
 */
export function resolveHalfUsers(management: string, execution: string): HalfUsers {
  if (process.geteuid?.() !== 0)
    throw new Error('only root can start the halves as users of their own; start the service as root');
  const gid = idOf('-g', execution);
  const users = {
    management: { uid: idOf('-u', management), gid },
    execution: { uid: idOf('-u', execution), gid },
  };
  const uids = [users.management.uid, users.execution.uid];
  if (uids[0] === uids[1] || uids.includes(0))
    throw new Error('the halves need two users, neither of them root; name two others');
  return users;
}

function idOf(flag: '-u' | '-g', user: string): number {
  try {
    return Number(
      execFileSync('id', [flag, '--', user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  } catch {
    throw new Error(`there is no user ${user} on this machine; make it, or name another`);
  }
}

/**
 * Gives a folder and the files in it to their half; what has been given stays as it is, so that a file that others
 * may read is refused and not mended in silence. The folder may have belonged to that half before, and a half that
 * was taken over must not gain another's file: links, and files with a second name, are left alone.
 */
export function giveFolder(
  folder: string,
  owner: Owner,
  modes: { readonly folder: number; /** undefined: the files stay whose they are */ readonly file?: number },
): void {
  give(folder, owner, modes.folder, constants.O_DIRECTORY);
  chmodSync(folder, modes.folder);
  if (modes.file === undefined) return;
  const entries = opendirSync(folder);
  try {
    // One at a time: the half may have put there as many as it likes.
    for (let entry = entries.readSync(); entry !== null; entry = entries.readSync())
      if (entry.isFile()) giveFile(join(folder, entry.name), owner, modes.file);
  } finally {
    entries.closeSync();
  }
}

/** One that is taken away meanwhile, or made a link, is nobody's to give. */
function giveFile(path: string, owner: Owner, mode: number): void {
  try {
    give(path, owner, mode, 0);
  } catch (error) {
    if (!['ENOENT', 'ELOOP', 'EMLINK'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function give(path: string, owner: Owner, mode: number, flags: number): void {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | flags);
  try {
    const status = fstatSync(file);
    if (status.isFile() && status.nlink > 1) return;
    if (status.uid === owner.uid && status.gid === owner.gid) return;
    fchownSync(file, owner.uid, owner.gid);
    fchmodSync(file, mode);
  } finally {
    closeSync(file);
  }
}
