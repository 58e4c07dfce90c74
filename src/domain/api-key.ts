/** API keys: `axk_` and 64 hex characters, stored as a hash, shown masked. */

import { hash } from 'node:crypto';
import { DAY_MS } from './clock';

/** In front of every key, so that secret scanners find one that leaked. */
const API_KEY_PREFIX = 'axk_';

/** A key that nobody looks after ends by itself. */
export const DEFAULT_API_KEY_TTL_MS = 90 * DAY_MS;

const KEY_BYTES = 32;
const KEY_PATTERN = /^axk_[0-9a-f]{64}$/;

/** @param randomBytes the platform's randomness. */
export function newApiKey(randomBytes: (size: number) => Uint8Array): string {
  return API_KEY_PREFIX + Buffer.from(randomBytes(KEY_BYTES)).toString('hex');
}

export function isApiKey(text: string): boolean {
  return KEY_PATTERN.test(text);
}

/** Lower-case hex SHA-256: a key has 256 random bits, so a plain hash cannot be searched back. */
export function hashApiKey(rawKey: string): string {
  return hash('sha256', rawKey, 'hex');
}

/** First 8 characters, an ellipsis, last 4. */
export function maskApiKey(rawKey: string): string {
  return `${rawKey.slice(0, 8)}…${rawKey.slice(-4)}`;
}
