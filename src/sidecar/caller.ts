/** Who may call the sidecar's door: the method's own policy against the certificate that the caller showed. */

import type { DescMethod } from '@bufbuild/protobuf';
import type { WorkloadPrincipal } from '../domain/principal';
import { accessOf, authorize, isServedAt } from '../wire/policy';
import { workloadOf } from '../wire/workload';

/**
 * Decides about one call by the names in the certificate that its connection has proved. @returns who calls.
 * @throws DomainError UNAUTHENTICATED or PERMISSION_DENIED.
 */
export type Admit = (peerNames: string | undefined) => WorkloadPrincipal;

const WHO_OPENS_THE_SOCKET: WorkloadPrincipal = { kind: 'engine', id: 'engine:local' };

/**
 * Reads who may call a method from its `access` option.
 * @param plain whether the door is a plain Unix socket, whose file mode alone proves the engine.
 * @throws Error for a method that is not for this door: such a sidecar does not start.
 */
export function admission(method: DescMethod, plain: boolean): Admit {
  const access = accessOf(method);
  if (!isServedAt(access, 'sidecar'))
    throw new Error(`${method.parent.typeName}.${method.name} is not a method of the sidecar's door`);
  return (peerNames) => {
    const caller = plain ? WHO_OPENS_THE_SOCKET : workloadOf(peerNames);
    authorize(caller, access);
    return caller;
  };
}
