// Padding as docs/format.md tells it: lengths come in few sizes, and what was padded comes back whole.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pad, paddedLength, unpad } from '../../src/crypto/format/padding';

describe('the padded length', () => {
  // By hand, by Padmé's definition: E = floor(log2 L), S = floor(log2 E) + 1, multiples of 2^(E - S).
  it.each([
    [0, 64],
    [1, 64],
    [63, 64],
    [64, 72],
    [71, 72],
    [72, 80],
    [127, 128],
    [128, 144],
    [999, 1_024],
    [5_000, 5_120],
    [34_815, 34_816],
    [65_535, 65_536],
    [65_536, 67_584],
  ])('of %i bytes is %i', (length, padded) => {
    expect(paddedLength(length)).toBe(padded);
  });

  it('is at most an eighth longer from 64 bytes on, never shrinks, and has few sizes', () => {
    const padded = Array.from({ length: 65_537 }, (_, length) => paddedLength(length));
    expect(padded.filter((size, length) => size <= length)).toEqual([]);
    expect(padded.filter((size, length) => size < (padded[length - 1] ?? 0))).toEqual([]);
    expect(padded.filter((size, length) => length >= 64 && size > (length + 1) * 1.125)).toEqual([]);
    expect(new Set(padded).size).toBeLessThan(150);
  });
});

describe('padding', () => {
  it('comes off again and leaves every byte, zeros and end marks too', () => {
    const bytes = fc.array(fc.constantFrom(0, 0x80, 0x41), { maxLength: 300 }).map((b) => Uint8Array.from(b));
    fc.assert(
      fc.property(bytes, (plaintext) => {
        const padded = pad(plaintext);
        expect(padded.byteLength).toBe(paddedLength(plaintext.byteLength));
        expect(unpad(padded)).toEqual(plaintext);
      }),
    );
  });

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['zeros only', new Uint8Array(64)],
    ['no end mark', new Uint8Array(64).fill(0x41)],
    ['another byte where the end mark belongs', Uint8Array.of(...pad(new Uint8Array()).with(0, 0x81))],
    ['one byte too many', Uint8Array.of(...pad(Uint8Array.of(1)), 0)],
    ['one byte too few', pad(Uint8Array.of(1)).subarray(0, 63)],
    ['a longer padding than need be', Uint8Array.of(...pad(Uint8Array.of(1)), ...new Uint8Array(8))],
  ])('is refused: %s', (_, padded) => {
    expect(unpad(padded)).toBeUndefined();
  });
});
