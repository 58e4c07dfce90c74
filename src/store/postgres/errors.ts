/** PostgreSQL's failures as domain errors: what to do next, and never SQL. */

import { DomainError } from '../../domain/errors';
import { existsError, fullError, lockedError } from '../store-errors';

/** Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html; the first pattern that fits counts. */
const MEANINGS: readonly (readonly [RegExp, () => DomainError])[] = [
  [/^23505$/, existsError],
  [/^(55P03|40001|40P01)$/, lockedError],
  [/^53100$/, () => fullError('the database server')],
  [
    /^(25006|42501)$/,
    () =>
      new DomainError(
        'UNAVAILABLE',
        'the database cannot be written to; connect to the primary with a user that owns the schema',
        'STORE_READONLY',
      ),
  ],
  [
    /^(28|3D)/,
    () =>
      new DomainError(
        'UNAVAILABLE',
        'the database server refuses the connection; check the user, its password and the name of the database',
        'STORE_REFUSED',
      ),
  ],
  [/^(08|53|57P|58|XX)|^E[A-Z]{3,}/, unreachableError],
];

function unreachableError(): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    'the database server cannot be reached or does not work as it should; check its address and its log',
    'STORE_UNREACHABLE',
  );
}

/** A domain error as it is; the server's and the socket's by their codes; a connection that broke otherwise likewise. */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const code = (error as { readonly code?: unknown } | undefined)?.code;
  // The driver's own errors ("Connection terminated unexpectedly") carry no code.
  if (typeof code !== 'string') return unreachableError();
  const meaning = MEANINGS.find(([pattern]) => pattern.test(code));
  return (
    meaning?.[1]() ??
    new DomainError(
      'INTERNAL',
      'the database refused a statement; report this with its reason',
      `POSTGRES_${code}`,
    )
  );
}
