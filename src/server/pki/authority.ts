/**
 * The service's own CA: a root, and an intermediate for each purpose, so that what one may sign is of no use for
 * another's. Whoever calls trusts the root; a sidecar's certificate must not pass for the service with any client,
 * and extended key usage and name constraints (RFC 5280 §4.2.1.10, §4.2.1.12) are what every client checks.
 */

import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { AsnConvert } from '@peculiar/asn1-schema';
import { GeneralName, GeneralSubtree, GeneralSubtrees, NameConstraints } from '@peculiar/asn1-x509';
import { DAY_MS } from '../../domain/clock';
import { DomainError } from '../../domain/errors';
import { readPrivateFile } from '../../files/private-file';
import { readIfThere, writePrivateFile } from '../../files/whole-file';
import { SIDECAR_SERVER_NAME } from '../../wire/sidecar-name';
import type { DataDir } from '../data-dir';
import { ALGORITHM, exportKey, generateKeys, importIssuer, newSerial, type Issuer } from './keys';
import { x509 } from './x509';

/** `service`: the doors. `workload`: engines and sidecars as clients. `sidecar-door`: what sidecars show engines. */
export type Purpose = 'service' | 'workload' | 'sidecar-door';

/** Signs for each purpose. */
export interface Authority {
  readonly root: x509.X509Certificate;
  issuer(purpose: Purpose): Promise<Issuer>;
}

/** Clocks of machines differ; a certificate made now must be valid there too. */
export const BACKDATE_MS = 3_600_000;
const ROOT_DAYS = 3_650;
const INTERMEDIATE_DAYS = 1_825;
const RENEW_INTERMEDIATE_DAYS = 90;

/** The host of a workload's SPIFFE URI. */
export const TRUST_DOMAIN = 'axiom';

interface Limits {
  readonly usage: x509.ExtendedKeyUsage;
  readonly permitted?: readonly GeneralName[];
  readonly excluded?: readonly GeneralName[];
}

const everyIp = () => ['0.0.0.0/0', '::/0'].map((iPAddress) => new GeneralName({ iPAddress }));

const LIMITS: Readonly<Record<Purpose, () => Limits>> = {
  service: () => ({
    usage: x509.ExtendedKeyUsage.serverAuth,
    excluded: [new GeneralName({ uniformResourceIdentifier: TRUST_DOMAIN })],
  }),
  workload: () => ({
    usage: x509.ExtendedKeyUsage.clientAuth,
    permitted: [new GeneralName({ uniformResourceIdentifier: TRUST_DOMAIN })],
    // The empty name is above every name.
    excluded: [new GeneralName({ dNSName: '' }), ...everyIp()],
  }),
  'sidecar-door': () => ({
    usage: x509.ExtendedKeyUsage.serverAuth,
    permitted: [new GeneralName({ dNSName: SIDECAR_SERVER_NAME })],
    excluded: [new GeneralName({ uniformResourceIdentifier: TRUST_DOMAIN }), ...everyIp()],
  }),
};

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
  const certificatePem = readIfThere(ca.certificate)?.toString('utf8');
  if (certificatePem === undefined) {
    throw new DomainError(
      'FAILED_PRECONDITION',
      `${ca.certificate} is missing, and the key of that CA is here; copy ${caCertificate} there, or restore it from a backup`,
      'CA_CERTIFICATE_MISSING',
    );
  }
  const standing = await importIssuer(certificatePem, readPrivateFile(ca.key).toString('utf8'));
  const root = mayHaveIntermediates(standing.certificate) ? standing : await signRoot(standing, now);
  if (root !== standing) writePrivateFile(ca.certificate, root.certificate.toString('pem'));
  return authorityOf(root, ca, now);
}

/** Makes a CA in place of whichever was there. */
export async function createAuthority({ ca }: DataDir, now: number): Promise<Authority> {
  const keys = await generateKeys();
  const root = await signRoot({ keys }, now);
  // The key first: a certificate without its key would be taken for one whose key is kept elsewhere.
  writePrivateFile(ca.key, await exportKey(keys.privateKey));
  writePrivateFile(ca.certificate, root.certificate.toString('pem'));
  return authorityOf(root, ca, now);
}

function authorityOf(root: Issuer, ca: DataDir['ca'], now: number): Authority {
  return {
    root: root.certificate,
    issuer: (purpose) => ensureIntermediate(root, ca.intermediate(purpose), purpose, now),
  };
}

/** Roots of former versions signed everything themselves, and said that nobody else may. */
function mayHaveIntermediates(root: x509.X509Certificate): boolean {
  return root.getExtension(x509.BasicConstraintsExtension)?.pathLength !== 0;
}

async function signRoot(
  { keys, certificate }: { keys: Issuer['keys']; certificate?: x509.X509Certificate },
  now: number,
): Promise<Issuer> {
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    name: certificate?.subject ?? 'CN=Axiom Secrets CA',
    keys,
    serialNumber: newSerial(),
    notBefore: new Date(now - BACKDATE_MS),
    notAfter: new Date(now + ROOT_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: root, keys };
}

async function ensureIntermediate(
  root: Issuer,
  files: { certificate: string; key: string },
  purpose: Purpose,
  now: number,
): Promise<Issuer> {
  if (existsSync(files.certificate) && existsSync(files.key)) {
    const standing = readFileSync(files.certificate, 'utf8');
    const parsed = new X509Certificate(standing);
    const isOfRoot = parsed.verify(new X509Certificate(root.certificate.toString('pem')).publicKey);
    if (isOfRoot && Date.parse(parsed.validTo) - now > RENEW_INTERMEDIATE_DAYS * DAY_MS)
      return importIssuer(standing, readPrivateFile(files.key).toString('utf8'));
  }
  const keys = await generateKeys();
  const certificate = await signIntermediate(root, keys, purpose, now);
  writePrivateFile(files.key, await exportKey(keys.privateKey));
  writePrivateFile(files.certificate, certificate.toString('pem'));
  return { certificate, keys };
}

async function signIntermediate(
  root: Issuer,
  keys: Issuer['keys'],
  purpose: Purpose,
  now: number,
): Promise<x509.X509Certificate> {
  const { usage, permitted, excluded } = LIMITS[purpose]();
  const subtrees = (names: readonly GeneralName[]) =>
    new GeneralSubtrees(names.map((base) => new GeneralSubtree({ base })));
  const constraints = new NameConstraints({
    ...(permitted !== undefined && { permittedSubtrees: subtrees(permitted) }),
    ...(excluded !== undefined && { excludedSubtrees: subtrees(excluded) }),
  });
  const end = Math.min(now + INTERMEDIATE_DAYS * DAY_MS, root.certificate.notAfter.getTime());
  return x509.X509CertificateGenerator.create({
    subject: `CN=Axiom Secrets CA for ${purpose}s`,
    issuer: root.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: root.keys.privateKey,
    serialNumber: newSerial(),
    notBefore: new Date(now - BACKDATE_MS),
    notAfter: new Date(end),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      new x509.ExtendedKeyUsageExtension([usage]),
      new x509.Extension('2.5.29.30', true, AsnConvert.serialize(constraints)),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(root.keys.publicKey),
    ],
  });
}
