/** What `axiom doctor` looks at, each as a plain function of the data folder or of an answer. */

import { X509Certificate } from 'node:crypto';
import {
  closeSync,
  constants,
  existsSync,
  openSync,
  readdirSync,
  readSync,
  statfsSync,
  statSync,
  type Stats,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { DataDir } from '../server/data-dir';
import { checkIsPrivate } from '../files/private-file';
import { readUnlinked } from '../files/whole-file';
import { LEAST_FREE_BYTES } from '../store/sqlite/least-free';
import { certificateEnd } from '../wire/certificate-end';

/** One thing that was looked at, and how it is. */
export interface Finding {
  readonly check: 'clock' | 'certificates' | 'disk' | 'sockets' | 'permissions' | 'database' | 'service';
  readonly state: 'ok' | 'warning' | 'failed';
  readonly message: string;
}

/** Certificates and tokens tolerate less than this much, in milliseconds. */
const CLOCK_SKEW_MS = 30_000;
const MIB = 1024 * 1024;
const LOW_DISK_BYTES = 512 * MIB;
const NO_FILE = 'there is no SQLite file in this folder, as is right with PostgreSQL';
const SQLITE_MAGIC = 'SQLite format 3\0';

/** @param serverMs the service's clock between the two moments of ours. */
export function clockFinding(sentMs: number, serverMs: number, answeredMs: number): Finding {
  const apart = Math.max(sentMs - serverMs, serverMs - answeredMs, 0);
  const seconds = Math.round(apart / 1_000);
  return apart > CLOCK_SKEW_MS
    ? {
        check: 'clock',
        state: 'failed',
        message: `this clock and the service's are ${seconds} s apart; set both by NTP, or certificates and tokens are refused`,
      }
    : { check: 'clock', state: 'ok', message: "agrees with the service's" };
}

/** Every certificate of the folder that is there. */
export function certificateFindings(dir: DataDir, now: number): Finding[] {
  const served = [dir.management.tls.certificate, dir.execution.tls.certificate];
  const workloads = readable(() => readdirSync(dir.workloads.folder), [])
    .filter((file) => file.endsWith('.crt'))
    .map((file) => join(dir.workloads.folder, file));
  const paths = [dir.caCertificate, ...served, ...workloads].filter((path) => existsSync(path));
  const wrong = paths.flatMap((path) => certificateFinding(path, now) ?? []);
  if (wrong.length > 0 || paths.length === 0) return wrong;
  return [{ check: 'certificates', state: 'ok', message: `${paths.length} are in force` }];
}

function certificateFinding(path: string, now: number): Finding | undefined {
  const finding = (state: Finding['state'], message: string): Finding => ({
    check: 'certificates',
    state,
    message: `${path} ${message}`,
  });
  // A half may put anything there, and whoever looks is often root.
  const certificate = readable(() => new X509Certificate(readUnlinked(path)), undefined);
  if (certificate === undefined) return finding('warning', 'cannot be read as a certificate by this user');
  const { leftMs, isNear } = certificateEnd(certificate, now);
  if (Date.parse(certificate.validFrom) > now)
    return finding('failed', `is in force from ${certificate.validFrom} only; this clock may be behind`);
  if (leftMs <= 0)
    return finding('failed', `ended on ${certificate.validTo}; start the service again, which renews it`);
  return isNear
    ? finding('warning', `ends on ${certificate.validTo}; a running service renews its own before`)
    : undefined;
}

/** Of the disk that the store is on. */
export function diskFinding(dir: DataDir): Finding {
  const folder = existsSync(dir.storeFolder) ? dir.storeFolder : dir.root;
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const told = `${Math.floor(free / MIB)} MiB are free for ${folder}`;
  // A service on SQLite says NOT_SERVING then.
  if (free < LEAST_FREE_BYTES && existsSync(dir.store))
    return failed(
      'disk',
      `${told}; with less than ${LEAST_FREE_BYTES / MIB} the service does not say that it serves: make room`,
    );
  return free < LOW_DISK_BYTES
    ? { check: 'disk', state: 'warning', message: `${told}; make room, a full disk stops writes` }
    : { check: 'disk', state: 'ok', message: told };
}

/** Files with secrets, and the folders of the halves: nobody but their owner may open them. */
export function permissionFindings(dir: DataDir): Finding[] {
  const files = [
    ...[dir.adminApiKey, dir.ca.key, dir.execution.kek, dir.execution.tls.key, dir.management.tls.key],
    ...[dir.management.writerKeyset, dir.workloads.pair('engine').key, dir.workloads.pair('sidecar').key],
  ].filter((path) => existsSync(path));
  const open = files.flatMap((path) => {
    try {
      const status = statSync(path);
      if (!isOfOwnUser(path, status)) checkIsPrivate(path, status);
      return [];
    } catch (error) {
      return [failed('permissions', error instanceof Error ? error.message : String(error))];
    }
  });
  const folders = [dir.management.folder, dir.execution.folder, dir.ca.folder].filter((path) =>
    existsSync(path),
  );
  const wide = folders
    .filter((path) => (statSync(path).mode & 0o007) !== 0)
    .map((path) => failed('permissions', `everybody may look into ${path}; run: chmod o-rwx ${path}`));
  const wrong = [...open, ...wide];
  return wrong.length > 0
    ? wrong
    : [
        {
          check: 'permissions',
          state: 'ok',
          message: `${files.length} files with secrets are their owner's alone`,
        },
      ];
}

/** A half with a user of its own has its folder and what is in it; root, who looks, is another. */
function isOfOwnUser(path: string, { uid, mode }: Stats): boolean {
  const folder = statSync(dirname(path));
  return process.geteuid?.() === 0 && uid === folder.uid && ((mode | folder.mode) & 0o077) === 0;
}

/** The operator's socket: whoever may open it is the operator. */
export function socketFinding(path: string): Finding {
  const status: Stats | undefined = statSync(path, { throwIfNoEntry: false });
  if (status?.isSocket() !== true) return failed('sockets', `${path} is not there; start the execution half`);
  if ((status.mode & 0o077) !== 0)
    return failed('sockets', `others may open ${path}, and be the operator; run: chmod 600 ${path}`);
  return { check: 'sockets', state: 'ok', message: `${path} is its owner's alone` };
}

/** Whether the file is SQLite's, by its first bytes; what is in it is for `axiom verify` to open. */
export function databaseFinding(dir: DataDir): Finding {
  if (!existsSync(dir.store)) return { check: 'database', state: 'ok', message: NO_FILE };
  const head = readable(() => firstBytes(dir.store, SQLITE_MAGIC.length), undefined);
  if (head === undefined)
    return {
      check: 'database',
      state: 'warning',
      message: `this user may not read ${dir.store}; run doctor as the user of a half`,
    };
  return head.toString('latin1') === SQLITE_MAGIC
    ? {
        check: 'database',
        state: 'ok',
        message: `${dir.store} is a SQLite file; \`axiom verify\` opens everything in it`,
      }
    : failed('database', `${dir.store} is not a SQLite file; restore a backup with \`axiom restore\``);
}

export function failed(check: Finding['check'], message: string): Finding {
  return { check, state: 'failed', message };
}

function firstBytes(path: string, count: number): Buffer {
  // Of a pipe nothing is waited for.
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const bytes = Buffer.alloc(count);
    return bytes.subarray(0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

function readable<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
