/** Makes this process's hashes its own, so that no tenant can choose values whose hashes collide. */

import { randomBytes } from 'node:crypto';

const random = randomBytes(8);

export const FILTER_SEED = random.readInt32LE(0);
/** Odd, so that multiplying by it loses nothing. */
export const TABLE_MULTIPLIER = random.readInt32LE(4) | 1;
