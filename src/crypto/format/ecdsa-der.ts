/** ECDSA signatures over P-256 as Tink writes them (DER, RFC 3279 §2.2.3), for WebCrypto, which wants r || s. */

const COORDINATE_BYTES = 32;
const SEQUENCE = 0x30;
const INTEGER = 0x02;

/** @returns 64 bytes; undefined for anything but the one DER encoding of two positive numbers of up to 256 bits. */
export function ecdsaFromDer(der: Uint8Array): Uint8Array | undefined {
  // Two numbers of at most 33 bytes: every length takes one byte.
  if (der[0] !== SEQUENCE || der[1] !== der.byteLength - 2) return undefined;
  const r = integerAt(der, 2);
  const s = r && integerAt(der, r.end);
  if (r === undefined || s === undefined || s.end !== der.byteLength) return undefined;
  const raw = new Uint8Array(2 * COORDINATE_BYTES);
  raw.set(r.bytes, COORDINATE_BYTES - r.bytes.byteLength);
  raw.set(s.bytes, 2 * COORDINATE_BYTES - s.bytes.byteLength);
  return raw;
}

function integerAt(
  der: Uint8Array,
  at: number,
): { readonly bytes: Uint8Array; readonly end: number } | undefined {
  const length = der[at + 1] ?? 0;
  const end = at + 2 + length;
  if (der[at] !== INTEGER || length === 0 || end > der.byteLength) return undefined;
  const bytes = der.subarray(at + 2, end);
  const [first = 0, second = 0] = bytes;
  // Negative; or a zero in front that is not there to keep it positive.
  if (first >= 0x80 || (first === 0 && second < 0x80)) return undefined;
  const magnitude = first === 0 ? bytes.subarray(1) : bytes;
  return magnitude.byteLength > COORDINATE_BYTES ? undefined : { bytes: magnitude, end };
}
