/** Certificates of services and workloads, made under an intermediate with @peculiar/x509. */

import { DAY_MS } from '../../domain/clock';
import type { Owner, WholeFile } from '../../files/whole-file';
import type { PairFiles } from '../data-dir';
import type { Authority } from './authority';
import { ALGORITHM, exportKey, generateKeys, newSerial, writePair } from './keys';
import type { Leaf } from './leaf';
import { BACKDATE_MS, type Purpose } from './purpose';
import { x509 } from './x509';

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

/**
 * Writes a new key and its certificate, followed by the intermediate's.
 * @param note what is written with them, and is in its place before, so that no certificate is anywhere that nobody can
 *   revoke by its name.
 */
export async function issueLeaf(
  authority: Authority,
  leaf: Leaf,
  files: PairFiles,
  now: number,
  {
    owner,
    note,
  }: { readonly owner?: Owner | undefined; readonly note?: (issued: IssuedLeaf) => WholeFile } = {},
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
  const key = await exportKey(keys.privateKey);
  const chain = `${certificate.toString('pem')}\n${issuer.certificate.toString('pem')}\n`;
  const issued = { serial: certificate.serialNumber, expires };
  const before = note === undefined ? [] : [note(issued)];
  writePair(files, key, chain, { owner, before });
  return issued;
}

/** The names of a certificate, or none. */
export function namesOf({ raw }: { readonly raw: Buffer }): x509.JsonGeneralNames {
  return (
    new x509.X509Certificate(new Uint8Array(raw))
      .getExtension(x509.SubjectAlternativeNameExtension)
      ?.names.toJSON() ?? []
  );
}
