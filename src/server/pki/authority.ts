/**
 * The service's own CA: a root, and an intermediate for each purpose, so that what one may sign is of no use for
 * another's. Whoever calls trusts the root; a sidecar's certificate must not pass for the service with any client,
 * and extended key usage and name constraints (RFC 5280 §4.2.1.10, §4.2.1.12) are what every client checks.
 *
 * A start looks at what stands with Node's own X.509. The library that makes certificates takes longer to load than
 * all of that, so it is loaded where one is made.
 */

import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { DAY_MS } from '../../domain/clock';
import { DomainError } from '../../domain/errors';
import { readPrivateFile } from '../../files/private-file';
import { readIfThere } from '../../files/whole-file';
import type { DataDir } from '../data-dir';
import type * as IssueAuthority from './issue-authority';
import type * as Keys from './keys';
import type { Issuer } from './keys';
import { privateKeyIn } from './private-key';
import type { Purpose } from './purpose';

const PURPOSES: readonly Purpose[] = ['service', 'workload', 'sidecar-door'];

/** Signs for each purpose. */
export interface Authority {
  /** The root's certificate, PEM. */
  readonly root: string;
  /** The intermediate's certificate as it stands; undefined: there is none, or another one is due. */
  certificate(purpose: Purpose): X509Certificate | undefined;
  /** The intermediate, made where none stands. */
  issuer(purpose: Purpose): Promise<Issuer>;
}

const RENEW_INTERMEDIATE_DAYS = 90;

/* eslint-disable @typescript-eslint/no-require-imports -- loaded only where a certificate is made */
const issueAuthority = () => require('./issue-authority') as typeof IssueAuthority;
const keys = () => require('./keys') as typeof Keys;
/* eslint-enable @typescript-eslint/no-require-imports */

/**
 * Opens the CA of a data folder.
 * @returns undefined where its key is not here: the service serves without it.
 * @throws DomainError FAILED_PRECONDITION where the key is here and its certificate is not.
 */
export async function openAuthority(
  { ca, caCertificate }: DataDir,
  now: number,
): Promise<Authority | undefined> {
  if (!existsSync(ca.key)) return undefined;
  const standing = readIfThere(ca.certificate)?.toString('utf8');
  if (standing === undefined) {
    throw new DomainError(
      'FAILED_PRECONDITION',
      `${ca.certificate} is missing, and the key of that CA is here; copy ${caCertificate} there, or restore it from a backup`,
      'CA_CERTIFICATE_MISSING',
    );
  }
  const keyPem = readPrivateFile(ca.key).toString('utf8');
  // One that is none shows at the start, and not when a certificate is due.
  privateKeyIn(keyPem);
  // Roots of former versions signed everything themselves, and said that nobody else may.
  const hasIntermediates = PURPOSES.every((purpose) => existsSync(ca.intermediate(purpose).certificate));
  const root = hasIntermediates
    ? standing
    : await issueAuthority().withIntermediates(ca, standing, keyPem, now);
  return authorityOf(root, ca, now);
}

/** Makes a CA in place of whichever was there. */
export async function createAuthority({ ca }: DataDir, now: number): Promise<Authority> {
  return authorityOf(await issueAuthority().makeRoot(ca, now), ca, now);
}

function authorityOf(root: string, ca: DataDir['ca'], now: number): Authority {
  const rootKey = new X509Certificate(root).publicKey;
  const certificate = (purpose: Purpose): X509Certificate | undefined => {
    const files = ca.intermediate(purpose);
    if (!existsSync(files.certificate) || !existsSync(files.key)) return undefined;
    const standing = new X509Certificate(readFileSync(files.certificate));
    const isInTime = Date.parse(standing.validTo) - now > RENEW_INTERMEDIATE_DAYS * DAY_MS;
    return isInTime && standing.verify(rootKey) ? standing : undefined;
  };
  const importFrom = ({ certificate, key }: { readonly certificate: string; readonly key: string }) =>
    keys().importIssuer(readFileSync(certificate, 'utf8'), readPrivateFile(key).toString('utf8'));
  return {
    root,
    certificate,
    async issuer(purpose) {
      const files = ca.intermediate(purpose);
      if (certificate(purpose) !== undefined) return importFrom(files);
      return issueAuthority().makeIntermediate(await importFrom(ca), files, purpose, now);
    },
  };
}
