/** What nobody in front of a door may exceed, whoever it is. Times are in milliseconds. */

/** The limits of one listener. */
export interface ListenerLimits {
  /** Connections in all; a file descriptor each. */
  readonly connections: number;
  /** Connections from one address: an IPv4 address, or an IPv6 /64. */
  readonly connectionsPerAddress: number;
  /** Requests that one connection may have open, answered or not. */
  readonly streams: number;
  /** How long a TLS handshake may take. */
  readonly handshakeMs: number;
  /** How long a connection may be idle before a request on it has proved who calls. */
  readonly unprovenMs: number;
  /** How long a request may take to arrive whole, and its answer may wait without any of it being taken. */
  readonly requestMs: number;
  /** How long a connection may be idle after that. */
  readonly idleMs: number;
  /** How long a connection lives; give or take a tenth, so that clients do not all come back at once. */
  readonly ageMs: number;
  /** How long its last requests may go on then. */
  readonly ageGraceMs: number;
}

/** They suit one machine. */
export const DEFAULT_LISTENER_LIMITS: ListenerLimits = {
  connections: 10_000,
  connectionsPerAddress: 1_000,
  streams: 256,
  handshakeMs: 5_000,
  unprovenMs: 10_000,
  requestMs: 30_000,
  idleMs: 15 * 60_000,
  ageMs: 30 * 60_000,
  ageGraceMs: 60_000,
};
