/** The one place where errors become gRPC statuses with google.rpc details. */

import { create, toBinary, type DescMessage, type Message } from '@bufbuild/protobuf';
import { anyPack, DurationSchema } from '@bufbuild/protobuf/wkt';
import { Metadata, status as GrpcStatus, type ServiceError } from '@grpc/grpc-js';
import type { DomainError } from '../domain/errors';
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from '../gen/google/rpc/error_details_pb';
import { StatusSchema } from '../gen/google/rpc/status_pb';
import { STATUS_DETAILS_KEY } from './status-error';

/** One google.rpc detail. */
export interface ErrorDetail {
  readonly desc: DescMessage;
  readonly value: Message;
}

/** What google.rpc.ErrorInfo says. */
export interface ErrorReason {
  readonly reason: string;
  /** Whose reasons these are. */
  readonly domain: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

export function errorInfo({ reason, domain, metadata }: ErrorReason): ErrorDetail {
  return {
    desc: ErrorInfoSchema,
    value: create(ErrorInfoSchema, { reason, domain, metadata: { ...metadata } }),
  };
}

/** The details of a domain error, for every transport: ErrorInfo always, BadRequest and RetryInfo where they say more. */
export function errorDetails(error: DomainError, domain: string): readonly ErrorDetail[] {
  const details = [errorInfo({ reason: error.reason, domain })];
  if (error.fields.length > 0) {
    const fieldViolations = error.fields.map(({ field, description }) => ({ field, description }));
    details.push({ desc: BadRequestSchema, value: create(BadRequestSchema, { fieldViolations }) });
  }
  if (error.retryAfterMs !== undefined) {
    const seconds = Math.floor(error.retryAfterMs / 1_000);
    const nanos = Math.round((error.retryAfterMs % 1_000) * 1e6);
    const retryDelay = create(DurationSchema, { seconds: BigInt(seconds), nanos });
    details.push({ desc: RetryInfoSchema, value: create(RetryInfoSchema, { retryDelay }) });
  }
  return details;
}

/** A status as grpc-js sends it, with google.rpc.Status in `grpc-status-details-bin`. */
export function serviceError(
  code: GrpcStatus,
  message: string,
  details: readonly ErrorDetail[],
): ServiceError {
  const status = create(StatusSchema, {
    ...{ code, message },
    details: details.map(({ desc, value }) => anyPack(desc, value)),
  });
  const metadata = new Metadata();
  metadata.set(STATUS_DETAILS_KEY, Buffer.from(toBinary(StatusSchema, status)));
  return Object.assign(new Error(message), { code, details: message, metadata });
}

/** A domain error as grpc-js sends it. @param domain google.rpc.ErrorInfo.domain of the server that answers. */
export function domainServiceError(error: DomainError, domain: string): ServiceError {
  return serviceError(GrpcStatus[error.code], error.message, errorDetails(error, domain));
}
