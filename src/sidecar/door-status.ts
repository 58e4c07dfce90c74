/** How failures look at the sidecar's door. */

import type { ServiceError } from '@grpc/grpc-js';
import { DomainError } from '../domain/errors';
import { domainServiceError, errorInfo, serviceError } from '../wire/service-error';
import { NodeFailure } from './node-failure';

/** google.rpc.ErrorInfo.domain of what handlers and their host say. */
const NODE_ERROR_DOMAIN = 'node.axiom';
/** google.rpc.ErrorInfo.domain of what the sidecar itself says. */
const SIDECAR_ERROR_DOMAIN = 'sidecar.axiom';

export function doorStatus(error: unknown): ServiceError {
  if (error instanceof NodeFailure) {
    const { at, reason, detail } = error;
    const metadata = { node: at.node, package: at.package, detail };
    return serviceError(error.code, error.message, [
      errorInfo({ reason, domain: NODE_ERROR_DOMAIN, metadata }),
    ]);
  }
  return domainServiceError(error instanceof DomainError ? error : sidecarFailed(), SIDECAR_ERROR_DOMAIN);
}

/** Anything else is ours to mend: the caller learns only that. */
function sidecarFailed(): DomainError {
  return new DomainError(
    'INTERNAL',
    'the sidecar failed; its log says where, so ask its operator',
    'INTERNAL',
  );
}
