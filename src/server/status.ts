/** The one place where the domain's errors become gRPC statuses with google.rpc details. */

import { create, toBinary, type Message, type DescMessage } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { Metadata, status as GrpcStatus, type ServiceError } from '@grpc/grpc-js';
import { DomainError } from '../domain/errors';
import { BadRequestSchema, ErrorInfoSchema } from '../gen/google/rpc/error_details_pb';
import { StatusSchema } from '../gen/google/rpc/status_pb';

/** google.rpc.ErrorInfo.domain of every error of this service. */
export const ERROR_DOMAIN = 'secrets.axiom';

/** Anything that is not a domain error is ours to mend: the caller learns only that. */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  return new DomainError(
    'INTERNAL',
    'the service failed; its log says where, so ask its operator',
    'INTERNAL',
  );
}

/** The details of an error, for every transport: ErrorInfo always, BadRequest where fields are wrong. */
export function errorDetails(error: DomainError): readonly { desc: DescMessage; value: Message }[] {
  const info = create(ErrorInfoSchema, { reason: error.reason, domain: ERROR_DOMAIN });
  const details: { desc: DescMessage; value: Message }[] = [{ desc: ErrorInfoSchema, value: info }];
  if (error.fields.length > 0) {
    const fieldViolations = error.fields.map(({ field, description }) => ({ field, description }));
    details.push({ desc: BadRequestSchema, value: create(BadRequestSchema, { fieldViolations }) });
  }
  return details;
}

/** The error as grpc-js sends it, with google.rpc.Status in `grpc-status-details-bin`. */
export function toServiceError(error: DomainError): ServiceError {
  const code = GrpcStatus[error.code];
  const status = create(StatusSchema, {
    code,
    message: error.message,
    details: errorDetails(error).map(({ desc, value }) => anyPack(desc, value)),
  });
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(toBinary(StatusSchema, status)));
  return Object.assign(new Error(error.message), { code, details: error.message, metadata });
}
