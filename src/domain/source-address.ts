/** Where a call came from, as the audit log says it. */

/** Of a Unix socket there is no address to tell. */
const UNIX_SOURCE = 'unix';

/** @param address the peer's IP address; empty on a Unix socket. @returns `10.0.0.7`, `2001:db8::1` or `unix`. */
export function sourceAddress(address: string): string {
  if (address === '') return UNIX_SOURCE;
  // A dual-stack listener shows IPv4 peers so (RFC 4291 §2.5.5.2).
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '').replace(/%.*$/, '');
}
