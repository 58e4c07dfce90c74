/** Time and randomness, passed in so that tests can hold them still. */

/** Milliseconds since the Unix epoch. */
export type Clock = () => number;

/** Cryptographically strong random bytes from the platform. */
export type RandomBytes = (size: number) => Uint8Array;

/** An id that nobody can guess: 22 base64url characters of 16 random bytes. */
export function randomId(randomBytes: RandomBytes): string {
  return Buffer.from(randomBytes(16)).toString('base64url');
}
