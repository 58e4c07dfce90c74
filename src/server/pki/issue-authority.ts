/** The CA's own certificates: its root and an intermediate for each purpose, made with @peculiar/x509. */

import { AsnConvert } from '@peculiar/asn1-schema';
import { GeneralName, GeneralSubtree, GeneralSubtrees, NameConstraints } from '@peculiar/asn1-x509';
import { DAY_MS } from '../../domain/clock';
import { writePrivateFile } from '../../files/whole-file';
import { SIDECAR_SERVER_NAME } from '../../wire/sidecar-name';
import type { DataDir, PairFiles } from '../data-dir';
import { ALGORITHM, exportKey, generateKeys, importIssuer, newSerial, writePair, type Issuer } from './keys';
import { BACKDATE_MS, TRUST_DOMAIN, type Purpose } from './purpose';
import { x509 } from './x509';

const ROOT_DAYS = 3_650;
const INTERMEDIATE_DAYS = 1_825;

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

/** Makes a root in place of whichever was there. @returns its certificate, PEM. */
export async function makeRoot(ca: DataDir['ca'], now: number): Promise<string> {
  const keys = await generateKeys();
  const { certificate } = await signRoot({ keys }, now);
  const pem = certificate.toString('pem');
  writePair(ca, await exportKey(keys.privateKey), pem);
  return pem;
}

/** @returns the root's certificate, PEM, signed anew where the one that stands lets it have no intermediates. */
export async function withIntermediates(
  ca: DataDir['ca'],
  rootPem: string,
  keyPem: string,
  now: number,
): Promise<string> {
  const standing = await importIssuer(rootPem, keyPem);
  if (mayHaveIntermediates(standing.certificate)) return rootPem;
  const pem = (await signRoot(standing, now)).certificate.toString('pem');
  writePrivateFile(ca.certificate, pem);
  return pem;
}

/** Makes the intermediate of a purpose. */
export async function makeIntermediate(
  root: Issuer,
  files: PairFiles,
  purpose: Purpose,
  now: number,
): Promise<Issuer> {
  const keys = await generateKeys();
  const certificate = await signIntermediate(root, keys, purpose, now);
  writePair(files, await exportKey(keys.privateKey), certificate.toString('pem'));
  return { certificate, keys };
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
