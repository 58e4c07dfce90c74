/** Client certificates of engines and sidecars: a SPIFFE-style URI says which of the two, and its name. */

import { DomainError } from '../domain/errors';
import type { WorkloadPrincipal } from '../domain/principal';

/** `spiffe://axiom/engine/<name>` or `spiffe://axiom/sidecar/<name>`, in the certificate's subjectAltName. */
const SPIFFE_URI = /^spiffe:\/\/axiom\/(engine|sidecar)\/([A-Za-z0-9][A-Za-z0-9._-]{0,62})$/;

/**
 * Whom a certificate names; TLS has already checked that our CA signed it.
 * @param altNames as node:tls gives a peer certificate's `subjectaltname`. Node writes a name
 *   that itself holds a comma or a quote as a JSON string with its commas escaped, which matches nothing here.
 * @throws DomainError UNAUTHENTICATED.
 */
export function workloadOf(altNames: string | undefined): WorkloadPrincipal {
  const uris = (altNames ?? '')
    .split(', ')
    .filter((name) => name.startsWith('URI:'))
    .map((name) => name.slice('URI:'.length));
  // A certificate that says two things proves neither.
  const match = uris.length === 1 ? SPIFFE_URI.exec(uris[0] ?? '') : null;
  if (match === null) {
    throw new DomainError(
      'UNAUTHENTICATED',
      'the client certificate names neither an engine nor a sidecar; use one that the service made',
      'CERTIFICATE_NOT_A_WORKLOAD',
    );
  }
  const [, kind, name] = match;
  return { kind: kind as WorkloadPrincipal['kind'], id: `${kind}:${name}` };
}
