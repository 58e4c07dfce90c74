/** Who calls the execution door: the workload that the client certificate names, read once per connection. */

import type { WorkloadPrincipal } from '../domain/principal';
import type { Connection } from '../wire/listener/connection';
import type { RevokedCertificates } from '../wire/listener/revoked-certificates';
import { workloadOf } from '../wire/workload';

/**
 * @returns what judges a connection's calls; @throws there: DomainError UNAUTHENTICATED, also on a connection that
 *   was opened before its certificate was revoked.
 */
export function certificateAuthenticator(
  revoked: RevokedCertificates,
): (connection: Connection) => WorkloadPrincipal {
  const known = new WeakMap<Connection, WorkloadPrincipal>();
  return (connection) => {
    revoked.refuse(connection.peerSerial);
    const standing = known.get(connection);
    if (standing !== undefined) return standing;
    const workload = workloadOf(connection.peerNames);
    known.set(connection, workload);
    return workload;
  };
}
