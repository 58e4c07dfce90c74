/** Certificates of services and workloads: what they say, and whether a new one is due. */

import type { Authority } from './authority';
import type { Purpose } from './purpose';
import type { StandingPair } from './standing-pair';
import type { x509 } from './x509';

/** How long a certificate lives where nobody says otherwise. */
export const LEAF_DAYS = 30;

/** What a certificate is to say. */
export interface Leaf {
  readonly purpose: Purpose;
  /** For people; no client looks at it. The CA tells the halves by it where it has no note. */
  readonly commonName: string;
  readonly names: x509.JsonGeneralNames;
  readonly days: number;
}

/** Whether a new one is due: none there, past half of its life, of another issuer, not of its key, or without a name. */
export function needsNewLeaf(
  authority: Authority,
  purpose: Purpose,
  { certificate: standing, key }: StandingPair,
  asked: readonly string[],
  now: number,
): boolean {
  if (standing === undefined || key === undefined) return true;
  const [begin, end] = [Date.parse(standing.validFrom), Date.parse(standing.validTo)];
  if (end - now < (end - begin) / 2) return true;
  const issuer = authority.certificate(purpose);
  if (issuer === undefined || !standing.verify(issuer.publicKey)) return true;
  if (!standing.checkPrivateKey(key)) return true;
  return !asked.every(
    (host) => (isIp(host) ? standing.checkIP(host) : standing.checkHost(host)) !== undefined,
  );
}

export function isIp(host: string): boolean {
  return /^[0-9.]+$/.test(host) || host.includes(':');
}
