/**
 * The service's own CA and the certificates under it, made on first start so that TLS is
 * never a later step. ECDSA P-256; workloads are named by a SPIFFE-style URI.
 */

import 'reflect-metadata';
import { webcrypto, X509Certificate } from 'node:crypto';
import { hostname } from 'node:os';
import * as x509 from '@peculiar/x509';
import { readIfThere, writePrivateFile, writePublicFile } from '../files/whole-file';
import type { DataDir, PairFiles } from './data-dir';

type CryptoKey = webcrypto.CryptoKey;
type CryptoKeyPair = webcrypto.CryptoKeyPair;

// Tests are checked with a browser's types beside Node's, where the two kinds of Crypto differ in name only.
const PROVIDER = webcrypto as never;
x509.cryptoProvider.set(PROVIDER);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const CA_DAYS = 3_650;
const LEAF_DAYS = 730;
/** A certificate with less than this left is made anew at start. */
const RENEW_DAYS = 30;
/** Clocks of machines differ; a certificate made now must be valid there too. */
const BACKDATE_MS = 3_600_000;

interface Issuer {
  readonly certificate: x509.X509Certificate;
  readonly keys: CryptoKeyPair;
}

/**
 * Makes what is missing, about to expire or without a name asked for; what stands stays as it is,
 * and a name once given is kept.
 * @param hosts more DNS names and IP addresses of this server.
 */
export async function ensureCertificates(dir: DataDir, hosts: readonly string[], now: number): Promise<void> {
  const ca = await ensureCa(dir.ca, now);
  const published = ca.certificate.toString('pem');
  for (const copy of [dir.caCertificate, dir.execution.clientCa])
    if (readIfThere(copy)?.toString('utf8') !== published) writePublicFile(copy, published);
  const names = new Set(['localhost', hostname(), ...hosts.filter((host) => !isIp(host))]);
  const ips = new Set(['127.0.0.1', '::1', ...hosts.filter(isIp)]);
  const serverNames: x509.JsonGeneralNames = [
    ...[...names].map((value) => ({ type: 'dns' as const, value })),
    ...[...ips].map((value) => ({ type: 'ip' as const, value })),
  ];
  const leaf = (
    name: string,
    files: PairFiles,
    altNames: x509.JsonGeneralNames,
    usages: x509.ExtendedKeyUsage[],
    asked: readonly string[],
  ) => ensureLeaf(files, ca, { name, altNames, usages, asked }, now);
  for (const half of [dir.management, dir.execution])
    await leaf('server', half.tls, serverNames, [x509.ExtendedKeyUsage.serverAuth], hosts);
  const { pair } = dir.workloads;
  await leaf('engine', pair('engine'), workload('engine'), [x509.ExtendedKeyUsage.clientAuth], []);
  // A sidecar calls the service, and engines call it.
  const sidecarNames: x509.JsonGeneralNames = [...workload('sidecar'), ...serverNames];
  const both = [x509.ExtendedKeyUsage.clientAuth, x509.ExtendedKeyUsage.serverAuth];
  await leaf('sidecar', pair('sidecar'), sidecarNames, both, hosts);
}

function workload(kind: 'engine' | 'sidecar'): x509.JsonGeneralNames {
  return [{ type: 'url', value: `spiffe://axiom/${kind}/local` }];
}

function isIp(host: string): boolean {
  return /^[0-9.]+$/.test(host) || host.includes(':');
}

async function ensureCa(files: PairFiles, now: number): Promise<Issuer> {
  const certificatePem = readIfThere(files.certificate)?.toString('utf8');
  const keyPem = readIfThere(files.key)?.toString('utf8');
  if (certificatePem !== undefined && keyPem !== undefined) {
    const certificate = new x509.X509Certificate(certificatePem);
    const privateKey = await importKey(keyPem);
    return { certificate, keys: { privateKey, publicKey: await certificate.publicKey.export(PROVIDER) } };
  }
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Axiom Secrets local CA',
    keys,
    serialNumber: serial(),
    notBefore: new Date(now - BACKDATE_MS),
    notAfter: new Date(now + CA_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  // The key first: a certificate without its key would be taken for an operator's own CA.
  writePrivateFile(files.key, await exportKey(keys.privateKey));
  writePrivateFile(files.certificate, certificate.toString('pem'));
  return { certificate, keys };
}

interface Leaf {
  /** The subject's. */
  readonly name: string;
  readonly altNames: x509.JsonGeneralNames;
  readonly usages: x509.ExtendedKeyUsage[];
  /** Without one of these among its names, a standing certificate is made anew. */
  readonly asked: readonly string[];
}

async function ensureLeaf(
  files: PairFiles,
  ca: Issuer,
  { name, altNames, usages, asked }: Leaf,
  now: number,
): Promise<void> {
  const standing = readIfThere(files.certificate);
  const hasKey = readIfThere(files.key) !== undefined;
  if (standing !== undefined && hasKey && hasTimeLeft(standing, now) && hasNames(standing, asked)) return;
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=axiom ${name}`,
    issuer: ca.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: ca.keys.privateKey,
    serialNumber: serial(),
    notBefore: new Date(now - BACKDATE_MS),
    notAfter: new Date(now + LEAF_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension(usages),
      new x509.SubjectAlternativeNameExtension(
        standing === undefined ? altNames : withNamesOf(standing, altNames),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(ca.keys.publicKey),
    ],
  });
  writePrivateFile(files.key, await exportKey(keys.privateKey));
  writePrivateFile(files.certificate, certificate.toString('pem'));
}

function hasTimeLeft(certificatePem: Buffer, now: number): boolean {
  return Date.parse(new X509Certificate(certificatePem).validTo) - now > RENEW_DAYS * DAY_MS;
}

function hasNames(certificatePem: Buffer, hosts: readonly string[]): boolean {
  const certificate = new X509Certificate(certificatePem);
  return hosts.every(
    (host) => (isIp(host) ? certificate.checkIP(host) : certificate.checkHost(host)) !== undefined,
  );
}

/** Clients of a name that was given once go on trusting the next certificate. */
function withNamesOf(certificatePem: Buffer, altNames: x509.JsonGeneralNames): x509.JsonGeneralNames {
  const standing = new x509.X509Certificate(certificatePem.toString('utf8'));
  const names = standing.getExtension(x509.SubjectAlternativeNameExtension)?.names.toJSON() ?? [];
  const isNew = (name: x509.JsonGeneralName) =>
    !altNames.some((one) => one.type === name.type && one.value === name.value);
  return [...altNames, ...names.filter(isNew)];
}

/** 16 random bytes, positive (RFC 5280 §4.1.2.2). */
function serial(): string {
  const bytes = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  bytes[0] = (bytes.readUInt8(0) & 0x7f) | 0x01;
  return bytes.toString('hex');
}

function generateKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<CryptoKeyPair>;
}

async function exportKey(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function importKey(pem: string): Promise<CryptoKey> {
  const [der] = x509.PemConverter.decode(pem);
  if (der === undefined)
    throw new Error('the CA key file holds no PEM block; restore it or remove the tls folder');
  return webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']) as Promise<CryptoKey>;
}
