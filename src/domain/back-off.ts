/** How long to wait between attempts: exponential, half of each wait random, so that many who wait do not come back at once. */

export interface BackOff {
  /** The first wait is at most this long, in milliseconds; each later one at most twice the one before. */
  readonly firstMs: number;
  /** No wait is longer. */
  readonly maxMs: number;
}

/**
 * Milliseconds to wait after the given number of failures (1 and up).
 * @param random from 0 up to, not including, 1.
 */
export function backOffMs(backOff: BackOff, failures: number, random: number): number {
  const longest = Math.min(backOff.maxMs, backOff.firstMs * 2 ** (failures - 1));
  return longest * (0.5 + random / 2);
}
