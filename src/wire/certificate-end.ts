/** When a certificate is near its end: one rule for the doors that show it, the keeper and `axiom doctor`. */

import type { X509Certificate } from 'node:crypto';
import { DAY_MS } from '../domain/clock';

/** The last quarter of its life: what is renewed by itself is so at half of it. */
const SHARE = 1 / 4;
/** Of a life of years that is more time than anybody needs to renew one. */
const MOST_MS = 30 * DAY_MS;
/** Of a CA that signed itself: whoever trusts it has to be given the next one. */
const MOST_OF_ROOT_MS = 365 * DAY_MS;

/** How long a certificate has left, and whether it is time to see to the next one. */
export function certificateEnd(
  { validFrom, validTo, subject, issuer }: X509Certificate,
  now: number,
): { readonly end: number; readonly leftMs: number; readonly isNear: boolean } {
  const [begin, end] = [Date.parse(validFrom), Date.parse(validTo)];
  const most = subject === issuer ? MOST_OF_ROOT_MS : MOST_MS;
  return { end, leftMs: end - now, isNear: end - now < Math.min((end - begin) * SHARE, most) };
}
