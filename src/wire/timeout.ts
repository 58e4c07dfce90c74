/** How long a client waits, as gRPC and Connect write it into the headers of a call. */

import { invalid } from '../domain/errors';

/** https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, "Timeout". */
const UNIT_MS: Readonly<Record<string, number>> = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

type Header = string | readonly string[] | undefined;

/**
 * The value of `grpc-timeout` in milliseconds; undefined where there is none.
 * @throws DomainError INVALID_ARGUMENT for what is no timeout: a call that its client thinks bounded would not be.
 */
export function parseGrpcTimeout(header: Header): number | undefined {
  if (header === undefined) return undefined;
  const [, digits, unit = ''] = /^([0-9]{1,8})([HMSmun])$/.exec(String(header)) ?? [];
  if (digits === undefined)
    throw noTimeout('grpc-timeout', 'up to eight digits and a unit of H, M, S, m, u or n, as in 10S');
  return Number(digits) * (UNIT_MS[unit] ?? NaN);
}

/**
 * The value of `connect-timeout-ms`, undefined where there is none: https://connectrpc.com/docs/protocol, "Timeout".
 * @throws DomainError INVALID_ARGUMENT, as parseGrpcTimeout.
 */
export function parseConnectTimeout(header: Header): number | undefined {
  if (header === undefined) return undefined;
  const text = String(header);
  if (!/^[0-9]{1,10}$/.test(text)) throw noTimeout('connect-timeout-ms', 'up to ten digits');
  return Number(text);
}

function noTimeout(field: string, form: string): Error {
  return invalid({ field, description: `is no timeout; send ${form}` });
}

/** When a call that comes now with such a timeout is no longer waited for, by performance.now(). */
export function deadlineOf(timeoutMs: number | undefined): number | undefined {
  return timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
}

/** The value of `grpc-timeout` for so many milliseconds: at least one, and up to a day. */
export function grpcTimeout(milliseconds: number): string {
  return `${Math.min(Math.max(1, Math.ceil(milliseconds)), 86_400_000)}m`;
}
