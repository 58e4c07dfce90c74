/** Seal ids: each random, and drawn many at a time, since what the system takes to be asked is most of what an id costs. */

import { randomFillSync } from 'node:crypto';
import { SEAL_ID_BYTES } from '../format/binding';

const DRAWN = 256;

const drawn = new Uint8Array(DRAWN * SEAL_ID_BYTES);
let used = drawn.byteLength;

export function newSealId(): Uint8Array {
  if (used === drawn.byteLength) {
    randomFillSync(drawn);
    used = 0;
  }
  const id = drawn.slice(used, used + SEAL_ID_BYTES);
  used += SEAL_ID_BYTES;
  return id;
}
