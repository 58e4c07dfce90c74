/** What the CA issued and what it took back: a line each in `ca/`, and for the doors a list of serial numbers. */

import { existsSync } from 'node:fs';
import { ownerOf, readIfThere, writeWholeFiles, type WholeFile } from '../../files/whole-file';
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

/** The ledger with one more, to be written with the certificate itself. */
export function ledgerWith(dir: DataDir, issued: Issued): WholeFile {
  return withLines(dir, [issued]);
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

/**
 * The doors need to know of each until it expires. They are told in the same step, before it is noted: where that fails
 * nothing is noted, so that revoking them again does all of it.
 */
export function recordRevoked(
  dir: DataDir,
  certificates: readonly Pick<Issued, 'serial' | 'expireTime'>[],
  now: number,
): void {
  const revokeTime = new Date(now).toISOString();
  const lines = certificates.map(({ serial, expireTime }) => ({ revoked: serial, revokeTime, expireTime }));
  writeWholeFiles([...revokedLists(dir, [...readLines(dir), ...lines], now), withLines(dir, lines)]);
}

/** Writes the list for each door that judges workloads: what has expired anyway is not on it. */
export function publishRevoked(dir: DataDir, now: number): void {
  writeWholeFiles(revokedLists(dir, readLines(dir), now));
}

/** Those that differ from what is there. */
function revokedLists(
  { ca, execution, workloads }: DataDir,
  lines: readonly (Issued | Revoked)[],
  now: number,
): WholeFile[] {
  const current = lines
    .filter(isRevoked)
    .filter(({ expireTime }) => Date.parse(expireTime) > now)
    .map(({ revoked }) => revoked);
  const contents = current.map((serial) => `${serial}\n`).join('');
  return [ca, execution, workloads]
    .filter(({ folder, revoked: path }) => existsSync(folder) && readText(path) !== contents)
    .map(({ folder, revoked: path }) => ({ path, contents, mode: 0o644, owner: ownerOf(folder) }));
}

/** The ledger with more lines. Half a line, as a crash of a former version left it, would swallow the next: it ends here. */
function withLines({ ca }: DataDir, lines: readonly (Issued | Revoked)[]): WholeFile {
  const standing = readText(ca.ledger) ?? '';
  const end = standing === '' || standing.endsWith('\n') ? '' : '\n';
  const contents = `${standing}${end}${lines.map((line) => `${JSON.stringify(line)}\n`).join('')}`;
  return { path: ca.ledger, contents, mode: 0o600, owner: ownerOf(ca.folder) };
}

function readLines({ ca }: DataDir): (Issued | Revoked)[] {
  return (readText(ca.ledger) ?? '').split('\n').flatMap(parseLine);
}

function readText(path: string): string | undefined {
  return readIfThere(path)?.toString('utf8');
}

/** Of half a line: what it told of was not answered. */
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
