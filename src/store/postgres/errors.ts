/** PostgreSQL's failures as domain errors: what to do next, and never SQL. */

import { DomainError } from '../../domain/errors';
import { existsError, fullError, lockedError, lostError } from '../store-errors';

type Meaning = readonly [RegExp, (code: string) => DomainError];

/** Codes: https://www.postgresql.org/docs/current/errcodes-appendix.html; the first pattern that fits counts. */
const SERVER: readonly Meaning[] = [
  [/^23505$/, existsError],
  [/^22021$/, notTextError],
  [/^(55P03|40001|40P01)$/, lockedError],
  [/^57014$/, slowError],
  // A statement of the same transaction failed before.
  [/^25P02$/, lostError],
  [/^53100$/, () => fullError('the database server')],
  [
    /^(25006|42501)$/,
    () =>
      unavailable(
        'the database user may not write; grant it SELECT, INSERT, UPDATE and DELETE on every table of the schema',
        'STORE_READONLY',
      ),
  ],
  [
    /^(28|3D)/,
    () =>
      unavailable(
        'the database server refuses the connection; check the user, its password and the name of the database',
        'STORE_REFUSED',
      ),
  ],
  // 25P03: the server ended a transaction that this side left alone for too long.
  [/^(08|25P03|53|57P|58|XX)|^E[A-Z]{3,}/, unreachableError],
];

/** What Node says of a certificate: https://nodejs.org/api/tls.html#x509-certificate-error-codes. */
const CERTIFICATE: readonly Meaning[] = [
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    () => tlsError('the certificate of the database server is for another name; write that name as the host'),
  ],
  [
    /^CERT_(HAS_EXPIRED|NOT_YET_VALID)$/,
    () =>
      tlsError('the certificate of the database server is not in force; renew it, or set the clocks right'),
  ],
  [
    /^(SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|CERT_|INVALID_CA|ERR_(TLS|SSL|OSSL))|^E?PROTO$/,
    (code) =>
      tlsError(
        `the certificate of the database server cannot be verified (${code}); name its CA with sslrootcert=FILE in ` +
          'the URL or with PGSSLROOTCERT',
      ),
  ],
];

/** The driver's own errors have no code. */
const DRIVER: readonly (readonly [RegExp, () => DomainError])[] = [
  [
    /does not support SSL/,
    () =>
      tlsError(
        'the database server speaks no TLS; switch it on there (ssl = on, ssl_cert_file, ssl_key_file)',
      ),
  ],
  [
    /SASL|password/i,
    () =>
      unavailable(
        'the database server wants a password; put it into the URL or into PGPASSFILE',
        'STORE_REFUSED',
      ),
  ],
];

function unavailable(message: string, reason: string): DomainError {
  return new DomainError('UNAVAILABLE', message, reason);
}

function tlsError(message: string): DomainError {
  return unavailable(message, 'STORE_TLS');
}

const UNREACHABLE = 'STORE_UNREACHABLE';

/** The server does not answer, or not as a primary does. */
export function unreachableError(): DomainError {
  return unavailable(
    'the database server cannot be reached or does not answer; check its address, its load and its log',
    UNREACHABLE,
  );
}

/** SQLite keeps such a text; PostgreSQL has none, so nothing that it holds is meant. */
function notTextError(): DomainError {
  return new DomainError(
    'INVALID_ARGUMENT',
    'a text of this request holds a NUL character; leave it out',
    'TEXT_HOLDS_NUL',
  );
}

function slowError(): DomainError {
  return unavailable(
    'the database took too long for a statement; try again, and look at its load',
    'STORE_SLOW',
  );
}

/** A connection with such an error is not used again. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof DomainError && error.reason === UNREACHABLE;
}

/** A domain error as it is; the server's, the socket's and the certificate's by their codes. */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  if (typeof code !== 'string') {
    const said = String(message);
    return DRIVER.find(([pattern]) => pattern.test(said))?.[1]() ?? unreachableError();
  }
  const meaning = [...CERTIFICATE, ...SERVER].find(([pattern]) => pattern.test(code));
  return (
    meaning?.[1](code) ??
    new DomainError(
      'INTERNAL',
      'the database refused a statement; report this with its reason',
      `POSTGRES_${code}`,
    )
  );
}
