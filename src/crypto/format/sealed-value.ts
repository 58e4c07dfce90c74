/** The lengths in a sealed value: what whoever cannot open it can still check (docs/format.md, "A secret's value"). */

/** Tink's output prefix, an uncompressed P-256 point, and the tag of AES-GCM. */
const OVERHEAD_BYTES = 5 + 65 + 16;

/** How long the padded value in a ciphertext is. */
export function paddedLengthOf(ciphertext: Uint8Array): number {
  return ciphertext.byteLength - OVERHEAD_BYTES;
}
