/**
 * The servers that a connection URL names, each as the driver wants it.
 *
 * libpq takes several (`postgresql://user@a:5432,b:5432/db`), tries them in order and keeps to
 * the one that fits `target_session_attrs`; the driver takes one. We need the primary, whatever
 * the URL says, so every host is asked whether it is that.
 */

import type { ClientConfig } from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { DomainError } from '../../domain/errors';

/** Scheme, user and password, hosts, the rest. */
const URL_PARTS = /^(postgres(?:ql)?:\/\/)([^@/?#]*@)?([^/?#]*)(.*)$/s;

/** What the driver does not know and libpq does. */
const LIBPQ_ONLY = ['target_session_attrs'];

/**
 * @param environment PGSSLROOTCERT names the CA where the URL has no sslrootcert, as with libpq.
 * @throws DomainError INVALID_ARGUMENT for a text that is not such a URL, which is not repeated: it may hold a password.
 */
export function parseHosts(
  url: string,
  environment: NodeJS.ProcessEnv = process.env,
): readonly ClientConfig[] {
  const match = URL_PARTS.exec(url);
  if (match === null) throw malformed();
  const [, scheme = '', user = '', hosts = '', rest = ''] = match;
  return hosts
    .split(',')
    .flatMap((host) => perSocket(rest).map((one) => parseOne(`${scheme}${user}${host}${one}`, environment)));
}

/** Sockets are named by a parameter, `?host=/folder,/other`. */
function perSocket(rest: string): readonly string[] {
  const [path, query] = split(rest);
  const parameters = new URLSearchParams(query);
  const folders = parameters.get('host')?.split(',') ?? [];
  if (folders.length < 2) return [rest];
  return folders.map((folder) => {
    parameters.set('host', folder);
    return `${path}?${parameters.toString()}`;
  });
}

function parseOne(text: string, environment: NodeJS.ProcessEnv): ClientConfig {
  try {
    // A URL without a host is right for a socket (?host=/folder), and the URL parser refuses it with a user.
    const [address = '', query = ''] = split(text);
    const parameters = new URLSearchParams(query);
    for (const name of LIBPQ_ONLY) parameters.delete(name);
    const rootCertificate = environment['PGSSLROOTCERT'];
    if (rootCertificate && asksForTls(parameters, environment) && !parameters.has('sslrootcert')) {
      parameters.set('sslrootcert', rootCertificate);
    }
    return parseIntoClientConfig(`${address}?${parameters.toString().replaceAll('+', '%20')}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw certificateMissing();
    throw malformed();
  }
}

function split(text: string): [string, string] {
  const at = text.indexOf('?');
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function asksForTls(parameters: URLSearchParams, environment: NodeJS.ProcessEnv): boolean {
  const mode = parameters.get('sslmode') ?? environment['PGSSLMODE'] ?? 'disable';
  return mode !== 'disable';
}

function malformed(): DomainError {
  return new DomainError(
    'INVALID_ARGUMENT',
    'the PostgreSQL URL cannot be read; write postgresql://user@host:5432/database?sslmode=verify-full, ' +
      'with special characters in the password percent-encoded',
    'POSTGRES_URL',
  );
}

function certificateMissing(): DomainError {
  return new DomainError(
    'INVALID_ARGUMENT',
    'a certificate file that the PostgreSQL URL or PGSSLROOTCERT names does not exist; check the path',
    'POSTGRES_URL',
  );
}
