/** Failures as the sidecar's door answers them: a gRPC status with google.rpc details. */

import { create, toBinary } from '@bufbuild/protobuf';
import { anyPack, type Any } from '@bufbuild/protobuf/wkt';
import { Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { DomainError } from '../domain/errors';
import { BadRequestSchema, ErrorInfoSchema } from '../gen/google/rpc/error_details_pb';
import { StatusSchema } from '../gen/google/rpc/status_pb';
import { STATUS_DETAILS_KEY } from '../wire/status-error';
import { NodeFailure } from './node-failure';

/** google.rpc.ErrorInfo.domain of what handlers and their host say. */
export const NODE_ERROR_DOMAIN = 'node.axiom';
/** google.rpc.ErrorInfo.domain of what the sidecar itself says. */
export const SIDECAR_ERROR_DOMAIN = 'sidecar.axiom';

export function doorStatus(error: unknown): ServiceError {
  if (error instanceof NodeFailure) {
    const metadata = { node: error.at.node, package: error.at.package, detail: error.detail };
    const info = create(ErrorInfoSchema, { reason: error.reason, domain: NODE_ERROR_DOMAIN, metadata });
    return withDetails(error.code, error.message, [anyPack(ErrorInfoSchema, info)]);
  }
  if (error instanceof DomainError) {
    const info = create(ErrorInfoSchema, { reason: error.reason, domain: SIDECAR_ERROR_DOMAIN });
    const details = [anyPack(ErrorInfoSchema, info)];
    if (error.fields.length > 0) {
      const fieldViolations = error.fields.map(({ field, description }) => ({ field, description }));
      details.push(anyPack(BadRequestSchema, create(BadRequestSchema, { fieldViolations })));
    }
    return withDetails(status[error.code], error.message, details);
  }
  return withDetails(status.INTERNAL, 'The sidecar failed; its log says where.', []);
}

function withDetails(code: status, message: string, details: Any[]): ServiceError {
  const metadata = new Metadata();
  const rich = create(StatusSchema, { code, message, details });
  metadata.set(STATUS_DETAILS_KEY, Buffer.from(toBinary(StatusSchema, rich)));
  return Object.assign(new Error(message), { code, details: message, metadata });
}
