/** How the service's own errors look on every transport. */

import type { ServiceError } from '@grpc/grpc-js';
import { DomainError } from '../domain/errors';
import { domainServiceError, errorDetails as detailsOf, type ErrorDetail } from '../wire/service-error';

/** google.rpc.ErrorInfo.domain of every error of this service. */
const ERROR_DOMAIN = 'secrets.axiom';

/** Anything that is not a domain error is ours to mend: the caller learns only that. */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  return new DomainError(
    'INTERNAL',
    'the service failed; its log says where, so ask its operator',
    'INTERNAL',
  );
}

export function errorDetails(error: DomainError): readonly ErrorDetail[] {
  return detailsOf(error, ERROR_DOMAIN);
}

export function toServiceError(error: DomainError): ServiceError {
  return domainServiceError(error, ERROR_DOMAIN);
}
