/** ECDSA P-256 keys of certificates, their PEM text, and the files of a key and its certificate. */

import { webcrypto } from 'node:crypto';
import { writeWholeFiles, type Owner, type WholeFile } from '../../files/whole-file';
import type { PairFiles } from '../data-dir';
import { privateKeyIn } from './private-key';
import { PROVIDER, x509 } from './x509';

type CryptoKey = webcrypto.CryptoKey;
type CryptoKeyPair = webcrypto.CryptoKeyPair;

export const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Who signs certificates. */
export interface Issuer {
  readonly certificate: x509.X509Certificate;
  readonly keys: CryptoKeyPair;
}

export function generateKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as Promise<CryptoKeyPair>;
}

export async function exportKey(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

/**
 * Both or neither where there is no room. The key first: a certificate without its key would be taken for one whose key
 * is kept elsewhere.
 * @param before what is written in the same step, and first.
 */
export function writePair(
  files: PairFiles,
  keyPem: string,
  certificatePem: string,
  { owner, before = [] }: { readonly owner?: Owner | undefined; readonly before?: readonly WholeFile[] } = {},
): void {
  writeWholeFiles([
    ...before,
    { path: files.key, contents: keyPem, mode: 0o600, owner },
    { path: files.certificate, contents: certificatePem, mode: 0o600, owner },
  ]);
}

/** @throws Error where the text is not a P-256 key. */
export async function importIssuer(certificatePem: string, keyPem: string): Promise<Issuer> {
  const der = privateKeyIn(keyPem).export({ format: 'der', type: 'pkcs8' });
  const certificate = new x509.X509Certificate(certificatePem);
  const privateKey = (await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign'])) as CryptoKey;
  return { certificate, keys: { privateKey, publicKey: await certificate.publicKey.export(PROVIDER) } };
}

/** 16 random bytes, positive (RFC 5280 §4.1.2.2). */
export function newSerial(): string {
  const bytes = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  bytes[0] = (bytes.readUInt8(0) & 0x7f) | 0x01;
  return bytes.toString('hex');
}
