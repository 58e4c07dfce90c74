/**
 * Hides how long a plaintext is, before it is sealed (docs/format.md, "Padding").
 *
 * The end is marked as ISO/IEC 7816-4 does it, by 0x80 and zeros, and the padded length is Padmé's
 * (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", PETS 2019, §4): at most an eighth
 * longer, and never shorter than 64 bytes, so that all passwords look alike.
 */

/** Nothing is padded to less than this, in bytes. */
const SHORTEST_PADDED = 64;

const END_MARK = 0x80;

/** How long a plaintext of so many bytes is once it is padded. */
export function paddedLength(length: number): number {
  const marked = length + 1;
  if (marked <= SHORTEST_PADDED) return SHORTEST_PADDED;
  const exponent = floorLog2(marked);
  const step = 2 ** (exponent - (floorLog2(exponent) + 1));
  return Math.ceil(marked / step) * step;
}

function floorLog2(value: number): number {
  return 31 - Math.clz32(value);
}

/** A padded copy. The caller zeroes both. */
export function pad(plaintext: Uint8Array): Uint8Array {
  const padded = new Uint8Array(paddedLength(plaintext.byteLength));
  padded.set(plaintext);
  padded[plaintext.byteLength] = END_MARK;
  return padded;
}

/** @returns the plaintext as a view of the same memory; undefined for bytes that `pad` does not make. */
export function unpad(padded: Uint8Array): Uint8Array | undefined {
  let end = padded.byteLength - 1;
  while (end >= 0 && padded[end] === 0) end--;
  const isPadded = end >= 0 && padded[end] === END_MARK && paddedLength(end) === padded.byteLength;
  return isPadded ? padded.subarray(0, end) : undefined;
}
