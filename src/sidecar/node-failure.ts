/** What a caller learns when a node, or the host that runs it, fails. */

import { status } from '@grpc/grpc-js';
import { StatusError } from '../wire/status-error';
import type { NodeErrorEvent } from './node-events';

/** Says of any failure that the handler did not mean for the caller (contract: "one fixed sentence"). */
export const MASKED_FAILURE = 'The node failed; its log has the reason.';

export const CALL_CANCELLED = 'the call was cancelled';

/** Where a failure happened. */
export interface FailedNode {
  readonly node: string;
  /** `handle/name@version`. */
  readonly package: string;
}

/** A handler's failure as a status. */
export class NodeFailure extends Error {
  constructor(
    readonly code: status,
    message: string,
    /** google.rpc.ErrorInfo.reason: the handler's own code, or ours. */
    readonly reason: string,
    readonly at: FailedNode,
    /** The handler's own detail. */
    readonly detail = '',
  ) {
    super(message);
    this.name = 'NodeFailure';
  }
}

/** Takes the execution's values out of text, and cuts it after so many bytes: a handler may have put one into its own message. */
export type Mask = (text: string | Uint8Array, limit?: number) => string;

export function failureOf(error: NodeErrorEvent, at: FailedNode, mask: Mask): NodeFailure {
  if (!error.typed) return new NodeFailure(status.INTERNAL, MASKED_FAILURE, 'NODE_FAILED', at);
  const [message, reason, detail] = [error.message, error.code, error.detail].map((text) =>
    fitted(text, mask),
  );
  return new NodeFailure(
    statusNamed(Buffer.from(error.code.subarray(0, MAX_TEXT_BYTES)).toString('utf8')),
    message ?? '',
    reason ?? '',
    at,
    detail,
  );
}

// A status travels in HTTP/2 trailers, percent-encoded and again in base64, and gRPC peers
// take about 8 KiB of them (grpc: "max_metadata_size"); one that is larger ends the call as if the node hung.
const MAX_TEXT_BYTES = 1_000;

/** Cut once more after masking, which may make a text longer. */
function fitted(text: string | Uint8Array, mask: Mask): string {
  const masked = mask(text, MAX_TEXT_BYTES);
  const bytes = Buffer.from(masked, 'utf8');
  const isCut = (typeof text === 'string' ? Buffer.byteLength(text) : text.length) > MAX_TEXT_BYTES;
  if (bytes.length <= MAX_TEXT_BYTES) return isCut ? `${masked}…` : masked;
  return `${bytes.toString('utf8', 0, MAX_TEXT_BYTES).replace(/\ufffd$/, '')}…`;
}

/** The gRPC status that a handler's code names; FAILED_PRECONDITION for a code of its own (`OK` is not a failure). */
function statusNamed(code: string): status {
  const named = Object.hasOwn(status, code) ? status[code as keyof typeof status] : undefined;
  return typeof named === 'number' && named !== status.OK ? named : status.FAILED_PRECONDITION;
}

// What a host may say about a call itself; its text is masked, since it may quote the input.
const PASSED_ON: ReadonlySet<status> = new Set([
  status.NOT_FOUND,
  status.INVALID_ARGUMENT,
  status.UNIMPLEMENTED,
  status.RESOURCE_EXHAUSTED,
  status.FAILED_PRECONDITION,
]);

/** What is known of the call that failed. */
export interface HostCall {
  readonly at: FailedNode;
  readonly timeoutMs: number;
  /** Whether the engine cancelled it. */
  readonly cancelled: boolean;
  readonly mask: Mask;
}

/** A call to the host that ended in a status of its own, or in none because the host is gone. */
export function hostFailureOf(error: unknown, call: HostCall): Error {
  const { at, mask, timeoutMs } = call;
  if (!(error instanceof StatusError)) return error instanceof Error ? error : new Error('unknown failure');
  if (call.cancelled) return new NodeFailure(status.CANCELLED, CALL_CANCELLED, 'CANCELLED', at);
  if (PASSED_ON.has(error.code))
    return new NodeFailure(error.code, fitted(error.message, mask), 'NODE_HOST_REFUSED', at);
  if (error.code === status.DEADLINE_EXCEEDED) {
    const text = `the node did not answer in time (its timeout is ${timeoutMs / 1_000} s); give its flow config a longer node timeout, or the call a later deadline`;
    return new NodeFailure(status.DEADLINE_EXCEEDED, text, 'NODE_TIMEOUT', at);
  }
  if (isConnectionLost(error)) {
    const text =
      'the node host stopped or cannot be reached; its log has the reason, so try again once it is back';
    return new NodeFailure(status.UNAVAILABLE, text, 'NODE_HOST_UNAVAILABLE', at);
  }
  return new NodeFailure(status.INTERNAL, MASKED_FAILURE, 'NODE_HOST_FAILED', at);
}

/** A host that dies in mid-call shows as UNAVAILABLE, as CANCELLED though nobody cancelled, or as a reset stream. */
function isConnectionLost(error: StatusError): boolean {
  if (error.code === status.UNAVAILABLE || error.code === status.CANCELLED) return true;
  return /RST_STREAM|stream removed|ECONNRESET|EPIPE/.test(error.message);
}
