/** A call that failed, as the other side told it: the gRPC status with its google.rpc details. */

import { fromBinary, type MessageShape, type DescMessage } from '@bufbuild/protobuf';
import { anyUnpack } from '@bufbuild/protobuf/wkt';
import { status, type Metadata, type ServiceError } from '@grpc/grpc-js';
import { StatusSchema, type Status } from '../gen/google/rpc/status_pb';

/** Where a google.rpc.Status travels (grpc/grpc: "Richer error model"). */
export const STATUS_DETAILS_KEY = 'grpc-status-details-bin';

/** The name of a gRPC status code: `NOT_FOUND`. */
export type StatusName = keyof typeof status;

/** A call's failure. `message` is the status's own text, without the code in front. */
export class StatusError extends Error {
  constructor(
    /** The status code; see `codeName` for its name. */
    readonly code: status,
    message: string,
    /** google.rpc.Status, where the other side sent one. */
    readonly richStatus?: Status,
  ) {
    super(message);
    this.name = 'StatusError';
  }

  /** `NOT_FOUND` and its like; UNKNOWN for a number that gRPC does not define. */
  get codeName(): StatusName {
    return (status[this.code] ?? 'UNKNOWN') as StatusName;
  }

  /** The details of one type, `BadRequestSchema` for instance; empty where there are none. */
  details<D extends DescMessage>(schema: D): MessageShape<D>[] {
    const packed = this.richStatus?.details ?? [];
    return packed.flatMap((any) => anyUnpack(any, schema) ?? []);
  }
}

type EndedCall = Pick<ServiceError, 'code' | 'details' | 'metadata'>;

/** What grpc-js throws, as a StatusError; anything else stays what it is. */
export function toStatusError(error: unknown): unknown {
  return isServiceError(error) ? statusErrorOf(error) : error;
}

/** How a call ended, where it is not OK. */
function statusErrorOf(ended: EndedCall): StatusError {
  if (brokeOff(ended))
    return new StatusError(status.UNAVAILABLE, 'the connection broke off before the answer; try again');
  return new StatusError(ended.code, ended.details, richStatusOf(ended.metadata));
}

/**
 * The other side's process died between an answer's headers and its status. grpc-js calls what its HTTP/2 makes of
 * that (NO_ERROR, INTERNAL_ERROR) INTERNAL, which says that the service is at fault and that trying again is no use.
 */
function brokeOff({ code, details }: EndedCall): boolean {
  return code === status.INTERNAL && /^Received RST_STREAM with code [02] \((?!trigg)/.test(details);
}

function isServiceError(error: unknown): error is ServiceError {
  return (
    error instanceof Error && typeof (error as Partial<ServiceError>).code === 'number' && 'details' in error
  );
}

function richStatusOf(metadata: Metadata | undefined): Status | undefined {
  const packed = metadata?.get(STATUS_DETAILS_KEY)[0];
  if (!Buffer.isBuffer(packed)) return undefined;
  try {
    return fromBinary(StatusSchema, packed);
  } catch {
    return undefined; // a peer's mangled detail must not hide the status itself
  }
}
