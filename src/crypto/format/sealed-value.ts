/** The shape of a sealed value: what whoever cannot open it can still check (docs/format.md, "A secret's value"). */

import { paddedLength } from './padding';

/** Tink's output prefix, an uncompressed P-256 point, and the tag of AES-GCM. */
const PREFIX_BYTES = 5;
const POINT_BYTES = 65;
const OVERHEAD_BYTES = PREFIX_BYTES + POINT_BYTES + 16;

/** How long the padded value in a ciphertext is. */
export function paddedLengthOf(ciphertext: Uint8Array): number {
  return ciphertext.byteLength - OVERHEAD_BYTES;
}

/** Whether a ciphertext is as long as that of some value of up to so many bytes. */
export function isSealedLength(ciphertext: Uint8Array, longestValue: number): boolean {
  const padded = paddedLengthOf(ciphertext);
  return padded > 0 && padded <= paddedLength(longestValue) && paddedLength(padded - 1) === padded;
}

/** Which key it was sealed to: Tink's output prefix. */
export function prefixOf(ciphertext: Uint8Array): Uint8Array {
  return ciphertext.subarray(0, PREFIX_BYTES);
}

/** The encapsulated key: an uncompressed point, if the ciphertext is whole. */
export function encapsulatedKeyOf(ciphertext: Uint8Array): Uint8Array {
  return ciphertext.subarray(PREFIX_BYTES, PREFIX_BYTES + POINT_BYTES);
}
