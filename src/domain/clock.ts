/** Time and randomness, passed in so that tests can hold them still. */

/** Milliseconds since the Unix epoch. */
export type Clock = () => number;

/** A day, in milliseconds. */
export const DAY_MS = 86_400_000;

/** Cryptographically strong random bytes from the platform. */
export type RandomBytes = (size: number) => Uint8Array;

/** An id that nobody can guess: 16 random bytes in hex, so that none looks like a flag on a command line. */
export function randomId(randomBytes: RandomBytes): string {
  return Buffer.from(randomBytes(16)).toString('hex');
}
