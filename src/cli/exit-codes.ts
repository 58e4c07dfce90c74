/** Exit codes, the same for every command; docs/cli.md lists them. */

import type { StatusName } from '../wire/status-error';

export const EXIT = {
  ok: 0,
  /** Anything without a code of its own. */
  failure: 1,
  /** A flag or argument is wrong; nothing was sent. */
  usage: 2,
  notFound: 3,
  /** It exists already, or has changed since it was read. */
  conflict: 4,
  /** No credential, one that is not in force, or one that may not. */
  denied: 5,
  /** The service cannot be reached, or did not answer in time. */
  unavailable: 6,
  /** The service refused the request as it is. */
  invalid: 7,
} as const;

const BY_STATUS: Partial<Record<StatusName, number>> = {
  NOT_FOUND: EXIT.notFound,
  ALREADY_EXISTS: EXIT.conflict,
  ABORTED: EXIT.conflict,
  UNAUTHENTICATED: EXIT.denied,
  PERMISSION_DENIED: EXIT.denied,
  UNAVAILABLE: EXIT.unavailable,
  DEADLINE_EXCEEDED: EXIT.unavailable,
  INVALID_ARGUMENT: EXIT.invalid,
  RESOURCE_EXHAUSTED: EXIT.invalid,
  FAILED_PRECONDITION: EXIT.invalid,
  DATA_LOSS: EXIT.invalid,
};

export function exitCodeOf(status: StatusName): number {
  return BY_STATUS[status] ?? EXIT.failure;
}

/** What `--json` calls a failure of this command's own. */
const OWN: Readonly<Record<number, StatusName | 'USAGE'>> = {
  [EXIT.usage]: 'USAGE',
  [EXIT.notFound]: 'NOT_FOUND',
  [EXIT.conflict]: 'ALREADY_EXISTS',
  [EXIT.unavailable]: 'UNAVAILABLE',
  [EXIT.invalid]: 'FAILED_PRECONDITION',
};

export function codeNameOf(exitCode: number): string {
  return OWN[exitCode] ?? 'FAILED';
}
