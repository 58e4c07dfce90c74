/** Client certificates on the execution door: a SPIFFE-style URI says engine or sidecar. */

import type { ServerUnaryCall } from '@grpc/grpc-js';
import { DomainError } from '../domain/errors';
import type { WorkloadPrincipal } from '../domain/principal';

/** `spiffe://axiom/engine/<name>` or `spiffe://axiom/sidecar/<name>`, in the certificate's subjectAltName. */
const SPIFFE_URI = /^spiffe:\/\/axiom\/(engine|sidecar)\/([A-Za-z0-9][A-Za-z0-9._-]{0,62})$/;

/** TLS has already checked that our CA signed the certificate; here it only says for whom. @throws DomainError UNAUTHENTICATED. */
export async function authenticateCertificate(
  call: ServerUnaryCall<Buffer, Buffer>,
): Promise<WorkloadPrincipal> {
  const altNames = call.getAuthContext().sslPeerCertificate?.subjectaltname ?? '';
  const uris = altNames
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
