/** How long a client waits, as gRPC and Connect write it into the headers of a call. */

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

/** The value of `grpc-timeout` in milliseconds. @returns undefined where there is none that can be read. */
export function parseGrpcTimeout(header: Header): number | undefined {
  const [, digits, unit = ''] = /^([0-9]{1,8})([HMSmun])$/.exec(String(header)) ?? [];
  return digits === undefined ? undefined : Number(digits) * (UNIT_MS[unit] ?? NaN);
}

/** The value of `connect-timeout-ms`: https://connectrpc.com/docs/protocol, "Timeout". */
export function parseConnectTimeout(header: Header): number | undefined {
  const text = String(header);
  return /^[0-9]{1,10}$/.test(text) ? Number(text) : undefined;
}

/** When a call that comes now with such a timeout is no longer waited for, by performance.now(). */
export function deadlineOf(timeoutMs: number | undefined): number | undefined {
  return timeoutMs === undefined ? undefined : performance.now() + timeoutMs;
}

/** The value of `grpc-timeout` for so many milliseconds: at least one, and up to a day. */
export function grpcTimeout(milliseconds: number): string {
  return `${Math.min(Math.max(1, Math.ceil(milliseconds)), 86_400_000)}m`;
}
