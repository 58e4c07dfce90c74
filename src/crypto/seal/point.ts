/**
 * Tells points of P-256 from other bytes, by the curve's equation (FIPS 186-4, D.1.2.3). OpenSSL takes ten times as long,
 * since it makes a point and its curve anew each time, and nothing here is secret: what is looked at is public.
 */

const POINT_BYTES = 65;
const UNCOMPRESSED = 0x04;

const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** Whether the bytes are an uncompressed point of the curve: y² = x³ - 3x + b, of two numbers below p. */
export function isP256Point(bytes: Uint8Array): boolean {
  if (bytes.byteLength !== POINT_BYTES || bytes[0] !== UNCOMPRESSED) return false;
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  const x = BigInt(`0x${hex.slice(2, 66)}`);
  const y = BigInt(`0x${hex.slice(66)}`);
  return x < P && y < P && (x * (x * x - 3n) + B - y * y) % P === 0n;
}
