/** Whether a connection URL lets anybody but PostgreSQL read along: passwords and ciphertexts travel in it. */

import type { ClientConfig } from 'pg';
import { DomainError } from '../../domain/errors';
import { parseHosts } from './hosts';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/;

/**
 * @param insecure whether the operator asked for it by a flag that says so.
 * @throws DomainError FAILED_PRECONDITION for a server elsewhere whose certificate and name nobody checks.
 */
export function checkTransport(url: string, insecure: boolean): void {
  const modes = new URLSearchParams(url.slice(url.indexOf('?') + 1)).getAll('sslmode');
  const saysSo = modes.length > 0 && modes.every((mode) => mode === 'verify-full');
  for (const server of parseHosts(url)) {
    const where = server.host ?? process.env['PGHOST'] ?? 'localhost';
    // A folder is a Unix socket's.
    if (insecure || where.startsWith('/') || LOOPBACK.test(where)) continue;
    if (saysSo && checksPeer(server.ssl)) continue;
    throw new DomainError(
      'FAILED_PRECONDITION',
      `the connection URL of PostgreSQL at ${where} does not say sslmode=verify-full; say so, with sslrootcert=FILE where its CA is your own, or accept with --insecure-postgres that others on the way can read and change everything`,
      'POSTGRES_INSECURE',
    );
  }
}

/** What the driver made of the URL, whose other parameters can weaken it. */
function checksPeer(ssl: ClientConfig['ssl']): boolean {
  if (typeof ssl !== 'object') return ssl === true;
  return ssl.rejectUnauthorized !== false && ssl.checkServerIdentity === undefined;
}
