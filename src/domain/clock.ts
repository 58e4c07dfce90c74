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

/**
 * An id that nobody can guess and that comes after those of earlier milliseconds: a version 7 UUID (RFC 9562) in hex
 * without hyphens. Rows that are written together then lie together in every index that begins with it.
 */
export function timeOrderedId(now: number, randomBytes: RandomBytes): string {
  const id = Buffer.from(randomBytes(16));
  id.writeUIntBE(now, 0, 6);
  id.writeUInt8((id.readUInt8(6) & 0x0f) | 0x70, 6);
  id.writeUInt8((id.readUInt8(8) & 0x3f) | 0x80, 8);
  return id.toString('hex');
}
