/**
 * Files that a flag names. What cannot be read is told by the flag and never by the path: somebody may have given the
 * key, the password or the URL itself in its place.
 */

import { accessSync, constants } from 'node:fs';
import { CliError } from './cli-error';
import { EXIT } from './exit-codes';

/** @param error the system's. */
export function unreadable(flag: string, error: unknown): CliError {
  return unreadableInput(`the file that ${flag} names`, error);
}

/** @param what names it: `the file to import`. */
export function unreadableInput(what: string, error: unknown): CliError {
  const { code } = error as NodeJS.ErrnoException;
  return new CliError(
    `cannot read ${what}${code === undefined ? '' : ` (${code})`}; check that it is there and yours to read`,
    EXIT.usage,
  );
}

/** @throws CliError where the file that the flag names is not there for us: before anything is made or started. */
export function checkReadable(flag: string, path: string | undefined): void {
  if (path === undefined) return;
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    throw unreadable(flag, error);
  }
}
