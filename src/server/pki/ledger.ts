/** What the CA issued and what it took back: a line each in `ca/`, and for the doors a list of serial numbers. */

import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { ownerOf, readIfThere, syncToDisk, writePublicFile } from '../../files/whole-file';
import type { DataDir } from '../data-dir';

/** One certificate that was issued. */
export interface Issued {
  /** Hexadecimal. */
  readonly serial: string;
  /** `engine`, `sidecar`, `sidecar-door`, `management` or `execution`. */
  readonly kind: string;
  readonly name: string;
  /** What a half's doors are called in it; of workloads, and of certificates of former versions, nothing is noted. */
  readonly hosts?: readonly string[];
  /** RFC 3339. */
  readonly issueTime: string;
  readonly expireTime: string;
}

/** With when it was revoked, if it was. */
export interface LedgerEntry extends Issued {
  readonly revokeTime?: string;
}

interface Revoked {
  readonly revoked: string;
  readonly revokeTime: string;
  readonly expireTime: string;
}

export function recordIssued(dir: DataDir, issued: Issued): void {
  append(dir, issued);
}

/** In the order of issue. */
export function readLedger(dir: DataDir): LedgerEntry[] {
  const lines = readLines(dir);
  const revoked = new Map(lines.filter(isRevoked).map((line) => [line.revoked, line.revokeTime]));
  return lines
    .filter((line): line is Issued => !isRevoked(line))
    .map((issued) => {
      const revokeTime = revoked.get(issued.serial);
      return { ...issued, ...(revokeTime !== undefined && { revokeTime }) };
    });
}

export function revokedSerials(dir: DataDir): Set<string> {
  return new Set(
    readLines(dir)
      .filter(isRevoked)
      .map((line) => line.revoked),
  );
}

/** The doors need to know of each until it expires. */
export function recordRevoked(
  dir: DataDir,
  certificates: readonly Pick<Issued, 'serial' | 'expireTime'>[],
  now: number,
): void {
  const revokeTime = new Date(now).toISOString();
  for (const { serial, expireTime } of certificates) append(dir, { revoked: serial, revokeTime, expireTime });
  publishRevoked(dir, now);
}

/** Writes the list for each door that judges workloads: what has expired anyway is not on it. */
export function publishRevoked(dir: DataDir, now: number): void {
  const { ca, execution, workloads } = dir;
  const current = readLines(dir)
    .filter(isRevoked)
    .filter(({ expireTime }) => Date.parse(expireTime) > now)
    .map(({ revoked }) => revoked);
  const text = current.map((serial) => `${serial}\n`).join('');
  for (const { folder, revoked: path } of [ca, execution, workloads]) {
    if (!existsSync(folder) || readIfThere(path)?.toString('utf8') === text) continue;
    writePublicFile(path, text, ownerOf(folder));
  }
}

function append({ ca }: DataDir, line: Issued | Revoked): void {
  appendFileSync(ca.ledger, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  syncToDisk(ca.ledger);
}

function readLines({ ca }: DataDir): (Issued | Revoked)[] {
  if (!existsSync(ca.ledger)) return [];
  // A crash may have left half a line; what it told of was not answered.
  return readFileSync(ca.ledger, 'utf8').split('\n').flatMap(parseLine);
}

function parseLine(line: string): (Issued | Revoked)[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as Issued | Revoked];
  } catch {
    return [];
  }
}

function isRevoked(line: Issued | Revoked): line is Revoked {
  return 'revoked' in line;
}
