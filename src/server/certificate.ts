/** Who calls the execution door: the workload that the client certificate names. */

import type { ServerUnaryCall } from '@grpc/grpc-js';
import type { WorkloadPrincipal } from '../domain/principal';
import { workloadOf } from '../wire/workload';

/** @throws DomainError UNAUTHENTICATED. */
export async function authenticateCertificate(
  call: ServerUnaryCall<Buffer, Buffer>,
): Promise<WorkloadPrincipal> {
  return workloadOf(call.getAuthContext().sslPeerCertificate?.subjectaltname);
}
