/**
 * Whether a Unix socket is one that only the node host can have made: whoever answers on it
 * gets every value, and Node.js cannot ask a socket who is at its other end. So its owner
 * must be the expected user, and nobody else may put another in its place.
 */

import { lstatSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DomainError } from '../domain/errors';

/** A socket file, told from another that takes its place. */
export interface NodeSocketId {
  readonly device: number;
  readonly inode: number;
}

const GROUP_OR_OTHERS_WRITE = 0o022;
const STICKY = 0o1000;

/**
 * @param uid the user who runs the node host.
 * @returns undefined where there is nothing yet.
 * @throws DomainError FAILED_PRECONDITION where another user could be behind it.
 */
export function checkNodeSocket(path: string, uid: number): NodeSocketId | undefined {
  const folder = dirname(resolve(path));
  const stats = statsOf(path);
  if (stats === undefined) return undefined;
  if (!stats.isSocket()) throw notTrusted(`${path} is not a socket; remove it, or name another path`);
  if (stats.uid !== uid) {
    throw notTrusted(
      `${path} belongs to user ${stats.uid} and not to user ${uid}; start the node host as that user, or say --node-uid ${stats.uid} if it is meant to be another`,
    );
  }
  const parent = statsOf(folder);
  // With the sticky bit, as /tmp has it, others can make files but not replace this one.
  const replaceable =
    parent === undefined || ((parent.mode & GROUP_OR_OTHERS_WRITE) !== 0 && (parent.mode & STICKY) === 0);
  if (replaceable || !isOneOf(parent.uid, uid)) {
    throw notTrusted(
      `others can replace ${path}; keep it in a folder of user ${uid}'s own with mode 0700, or give ${folder} the sticky bit`,
    );
  }
  return { device: stats.dev, inode: stats.ino };
}

export function isSameSocket(one: NodeSocketId | undefined, other: NodeSocketId | undefined): boolean {
  return one !== undefined && one.device === other?.device && one.inode === other.inode;
}

/** The folder's owner can do everything in it: the node host's user, this one, or root. */
function isOneOf(owner: number, nodeUid: number): boolean {
  return owner === nodeUid || owner === process.getuid?.() || owner === 0;
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function notTrusted(message: string): DomainError {
  return new DomainError('FAILED_PRECONDITION', message, 'NODE_SOCKET_NOT_TRUSTED');
}
