/** Randomness that a failing test can be run with again. */

import { createHash, randomInt } from 'node:crypto';

export interface SeededRandom {
  /** A whole number from 0 up to `end`, which it is not. */
  below(end: number): number;
  bytes(length: number): Buffer;
}

/**
 * Runs a test's body with randomness from a fresh seed, or from the one in AXIOM_TEST_SEED; the failure names it.
 */
export async function withSeed(body: (random: SeededRandom) => Promise<void>): Promise<void> {
  const seed = process.env['AXIOM_TEST_SEED'] ?? String(randomInt(2 ** 32));
  try {
    await body(seededRandom(seed));
  } catch (error) {
    throw new Error(`failed with AXIOM_TEST_SEED=${seed}`, { cause: error });
  }
}

export function seededRandom(seed: string): SeededRandom {
  let drawn = 0;
  const bytes = (length: number) => {
    const parts: Buffer[] = [];
    for (let have = 0; have < length; have += 64)
      parts.push(createHash('sha512').update(`${seed}/${drawn++}`).digest());
    return Buffer.concat(parts).subarray(0, length);
  };
  return { bytes, below: (end) => Math.floor((bytes(4).readUInt32BE() / 2 ** 32) * end) };
}
