/** Certificates of services and workloads: made under an intermediate, and found to be in need of a new one. */

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { DAY_MS } from '../../domain/clock';
import { readIfThere, writePrivateFile, type Owner } from '../../files/whole-file';
import type { PairFiles } from '../data-dir';
import { BACKDATE_MS, type Authority, type Purpose } from './authority';
import { ALGORITHM, exportKey, generateKeys, newSerial } from './keys';
import { x509 } from './x509';

/** How long a certificate lives where nobody says otherwise. */
export const LEAF_DAYS = 30;

/** What a certificate is to say. */
export interface Leaf {
  readonly purpose: Purpose;
  /** For people; no client looks at it. */
  readonly commonName: string;
  readonly names: x509.JsonGeneralNames;
  readonly days: number;
}

/** What was made. */
export interface IssuedLeaf {
  readonly serial: string;
  readonly expires: Date;
}

const USAGES: Readonly<Record<Purpose, x509.ExtendedKeyUsage>> = {
  service: x509.ExtendedKeyUsage.serverAuth,
  workload: x509.ExtendedKeyUsage.clientAuth,
  'sidecar-door': x509.ExtendedKeyUsage.serverAuth,
};

/** Writes a new key and its certificate, followed by the intermediate's. */
export async function issueLeaf(
  authority: Authority,
  leaf: Leaf,
  files: PairFiles,
  now: number,
  owner?: Owner,
): Promise<IssuedLeaf> {
  const issuer = await authority.issuer(leaf.purpose);
  const keys = await generateKeys();
  const expires = new Date(Math.min(now + leaf.days * DAY_MS, issuer.certificate.notAfter.getTime()));
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${leaf.commonName}`,
    issuer: issuer.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: issuer.keys.privateKey,
    serialNumber: newSerial(),
    notBefore: new Date(now - BACKDATE_MS),
    notAfter: expires,
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([USAGES[leaf.purpose]]),
      new x509.SubjectAlternativeNameExtension(leaf.names),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.keys.publicKey),
    ],
  });
  writePrivateFile(files.key, await exportKey(keys.privateKey), owner);
  const chain = `${certificate.toString('pem')}\n${issuer.certificate.toString('pem')}\n`;
  writePrivateFile(files.certificate, chain, owner);
  return { serial: certificate.serialNumber, expires };
}

/** Whether a new one is due: past half of its life, of another issuer, not of its key, or without a name. */
export async function needsNewLeaf(
  authority: Authority,
  purpose: Purpose,
  files: PairFiles,
  asked: readonly string[],
  now: number,
): Promise<boolean> {
  const pem = readIfThere(files.certificate);
  const keyPem = readIfThere(files.key);
  if (pem === undefined || keyPem === undefined) return true;
  const standing = new X509Certificate(pem);
  const [begin, end] = [Date.parse(standing.validFrom), Date.parse(standing.validTo)];
  if (end - now < (end - begin) / 2) return true;
  const issuer = await authority.issuer(purpose);
  if (!standing.verify(new X509Certificate(issuer.certificate.toString('pem')).publicKey)) return true;
  if (!standing.checkPrivateKey(createPrivateKey(keyPem))) return true;
  return !asked.every(
    (host) => (isIp(host) ? standing.checkIP(host) : standing.checkHost(host)) !== undefined,
  );
}

export function isIp(host: string): boolean {
  return /^[0-9.]+$/.test(host) || host.includes(':');
}

/** The names of a standing certificate, or none. */
export function namesOf(files: PairFiles): x509.JsonGeneralNames {
  const pem = readIfThere(files.certificate)?.toString('utf8');
  if (pem === undefined) return [];
  return (
    new x509.X509Certificate(pem).getExtension(x509.SubjectAlternativeNameExtension)?.names.toJSON() ?? []
  );
}
