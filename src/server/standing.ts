/**
 * The one question of every start: is nothing here yet, or is something missing?
 *
 * Only where nothing is, everything is made. From then on a file that is missing stops the start: what would be
 * made in its place opens nothing, or says that secrets do not exist which do.
 */

import { existsSync } from 'node:fs';
import { DomainError } from '../domain/errors';
import { writePrivateFile } from '../files/whole-file';
import type { ServiceConfig } from './config';
import type { DataDir } from './data-dir';
import type { Halves } from './separation';

interface Piece {
  readonly path: string;
  /** What to do where it is missing. */
  readonly remedy: string;
}

const RESTORE = 'restore it from a backup';

function piecesOf(dir: DataDir, config: ServiceConfig, halves: Halves): Piece[] {
  const { management, execution } = dir;
  const store: Piece[] =
    config.postgresUrlFile === undefined
      ? [
          {
            path: dir.store,
            remedy: `put a backup there with \`axiom restore FILE --data-dir ${dir.root}\`, or start anew in an empty folder`,
          },
        ]
      : [];
  const ofManagement: Piece[] = [
    { path: management.verifyingKeyset, remedy: `${RESTORE}, or copy ${execution.verifyingKeyset} there` },
    { path: management.writerKeyset, remedy: RESTORE },
  ];
  const ofExecution: Piece[] = [
    { path: execution.kek, remedy: `${RESTORE}: without it no secret opens` },
    {
      path: execution.writerPublicKeyset,
      remedy: `${RESTORE}, or copy ${management.writerPublicKeyset} there`,
    },
  ];
  if (halves === 'both') return [...ofManagement, ...ofExecution, ...store];
  // What the other half's operator brings may be there before the first start, or come after it.
  return halves === 'management' ? [ofManagement[1] as Piece] : [ofExecution[0] as Piece, ...store];
}

/** Where a first start that is under way notes that it is. */
export function firstStartMark(dir: DataDir, halves: Halves): string {
  return `${halves === 'both' ? dir.root : dir[halves].folder}/first-start`;
}

/**
 * @returns whether what is missing is to be made: nothing is here, or a first start did not come to its end.
 * @throws DomainError FAILED_PRECONDITION naming what is missing and how to mend it.
 */
export function beginFirstStart(dir: DataDir, config: ServiceConfig, halves: Halves): boolean {
  const mark = firstStartMark(dir, halves);
  if (existsSync(mark)) return true;
  const pieces = piecesOf(dir, config, halves);
  const missing = pieces.filter(({ path }) => !existsSync(path));
  // Where both run, a CA is made with the rest; a half alone is brought what a CA elsewhere made.
  const hasCa = halves === 'both' && (existsSync(dir.ca.certificate) || existsSync(dir.ca.key));
  const isNew = missing.length === pieces.length && !hasCa;
  if (isNew) {
    writePrivateFile(mark, '');
    return true;
  }
  if (missing.length === 0) return false;
  throw new DomainError(
    'FAILED_PRECONDITION',
    missing
      .map(({ path, remedy }) => `${path} is missing where others of its service are; ${remedy}`)
      .join('; '),
    'DATA_DIR_INCOMPLETE',
  );
}
