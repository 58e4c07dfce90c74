/** What is said of an execution token that gets nothing. */

import { DomainError } from './errors';

/** One answer for forged, foreign, expired and ended: which of them it was helps only an attacker. */
export function tokenNotInForce(): DomainError {
  return new DomainError(
    'UNAUTHENTICATED',
    'this execution token is not in force; start the execution again to get a new one',
    'TOKEN_NOT_IN_FORCE',
  );
}
