/**
 * Handshakes in which a client showed a long chain of certificates, and that came to nothing. OpenSSL checks each of
 * them before anybody here is asked, some milliseconds each on a slow curve, and Node has no limit for their number
 * (docs/decisions/listeners.md). What its client said is known afterwards: the address then rests.
 */

import { RecentMap } from '../../domain/recent-map';

/** A first message, and a certificate with two intermediates of RSA with 4,096 bits, are shorter. */
const FREE_BYTES = 8 * 1024;
/** OpenSSL refuses more than 100 KiB of certificates: 50 s at most. */
const MS_A_BYTE = 1_000 / 2_048;
const KEPT_SOURCES = 1_000;

export class DearHandshakes {
  /** By address, when its rest ends. */
  readonly #rests = new RecentMap<string, { readonly end: number }>(KEPT_SOURCES);

  /**
   * A handshake has ended without a connection.
   * @param bytes what its client said.
   * @param now by performance.now().
   * @returns whether the address rests for it.
   */
  failed(source: string, bytes: number, now: number): boolean {
    if (bytes <= FREE_BYTES) return false;
    this.#rests.set(source, { end: now + bytes * MS_A_BYTE });
    return true;
  }

  rests(source: string, now: number): boolean {
    return now < (this.#rests.get(source)?.end ?? 0);
  }
}
