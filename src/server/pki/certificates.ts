/** The certificates of a data folder: made on first start, so that TLS is never a later step, and renewed in time. */

import { existsSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { DAY_MS } from '../../domain/clock';
import { DomainError } from '../../domain/errors';
import { ownerOf, readIfThere, writePublicFile } from '../../files/whole-file';
import { SIDECAR_SERVER_NAME } from '../../wire/sidecar-name';
import type { DataDir, PairFiles } from '../data-dir';
import { createAuthority, openAuthority, type Authority } from './authority';
import type * as IssueLeaf from './issue-leaf';
import { isIp, LEAF_DAYS, needsNewLeaf, type Leaf } from './leaf';
import { ledgerWith, publishRevoked, readLedger, revokedSerials } from './ledger';
import { putFoldersAside, readPair, readPairOfHalf, type StandingPair } from './standing-pair';
import { X509Certificate } from 'node:crypto';
import { TRUST_DOMAIN } from './purpose';
import type { x509 } from './x509';

// eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only where a certificate is made
const issueLeaf = () => require('./issue-leaf') as typeof IssueLeaf;

/** What a certificate can be issued for. */
export type LeafKind = 'engine' | 'sidecar' | 'sidecar-door' | Half;
type Half = 'management' | 'execution';

/** The workloads that the first start makes, for this machine. */
export const LOCAL = 'local';

export interface CertificateWishes {
  /** More DNS names and IP addresses of the doors; a name once given is kept. */
  readonly hosts: readonly string[];
  /** Whether a CA may be made. */
  readonly isFirstStart: boolean;
  /** Whether the halves show the certificates of this folder, and not the operator's own. */
  readonly needsServerPairs: boolean;
  readonly needsClientCa: boolean;
}

/**
 * Makes what is missing, due or without a name asked for; everything else stays as it is. Where a half's own certificate
 * cannot be made, everything else is all the same.
 * @throws DomainError FAILED_PRECONDITION where the CA's key is not here, and something that only it can make; what kept a
 *   half from its certificate.
 */
export async function ensureCertificates(
  dir: DataDir,
  wishes: CertificateWishes,
  now: number,
): Promise<void> {
  const authority = (await openAuthority(dir, now)) ?? (await firstAuthority(dir, wishes, now));
  if (authority === undefined) return requireCertificates(dir, wishes);
  publishAuthority(dir, authority);
  publishRevoked(dir, now);
  const failures: unknown[] = [];
  for (const half of ['management', 'execution'] as const)
    await ensureLeaf(dir, authority, half, LOCAL, dir[half].tls, { hosts: wishes.hosts, now }).catch(
      (error: unknown) => failures.push(error),
    );
  for (const kind of ['engine', 'sidecar', 'sidecar-door'] as const)
    await ensureLeaf(dir, authority, kind, LOCAL, dir.workloads.pair(kind), { hosts: [], now });
  await renewWorkloads(dir, authority, now);
  if (failures.length > 0) throw failures[0];
}

/** Issues a certificate to `files` and notes it: all of that or, where the disk has no room for it, nothing. */
export async function issueCertificate(
  dir: DataDir,
  authority: Authority,
  request: {
    readonly kind: LeafKind;
    readonly name: string;
    readonly hosts: readonly string[];
    readonly days: number;
    readonly files: PairFiles;
  },
  now: number,
): Promise<{ readonly serial: string; readonly expires: Date }> {
  const { kind, name, files } = request;
  const leaf = leafOf(kind, name, request.hosts, request.days);
  const isHalf = isOfHalf(kind);
  const owner = isHalf ? ownerOf(join(files.key, '..')) : undefined;
  if (isHalf) putFoldersAside(files);
  const note = ({ serial, expires }: IssueLeaf.IssuedLeaf) =>
    ledgerWith(dir, {
      ...{ serial, kind, name },
      ...(isHalf && { hosts: hostsIn(leaf.names) }),
      issueTime: new Date(now).toISOString(),
      expireTime: expires.toISOString(),
    });
  return issueLeaf().issueLeaf(authority, leaf, files, now, { owner, note });
}

/** The CA's certificate where callers and the execution door look for it. */
export function publishAuthority(dir: DataDir, { root }: Authority): void {
  const copies = [dir.caCertificate, ...(existsSync(dir.execution.folder) ? [dir.execution.clientCa] : [])];
  for (const copy of copies)
    if (readIfThere(copy)?.toString('utf8') !== root) writePublicFile(copy, root, ownerOf(join(copy, '..')));
}

function leafOf(kind: LeafKind, name: string, hosts: readonly string[], days: number): Leaf {
  const dns = (value: string) => ({ type: 'dns' as const, value });
  const ip = (value: string) => ({ type: 'ip' as const, value });
  switch (kind) {
    case 'engine':
    case 'sidecar':
      return {
        ...{ purpose: 'workload', commonName: `axiom ${kind} ${name}`, days },
        names: [{ type: 'url', value: `spiffe://${TRUST_DOMAIN}/${kind}/${name}` }],
      };
    case 'sidecar-door':
      return {
        ...{ purpose: 'sidecar-door', commonName: `axiom sidecar ${name}`, days },
        names: [dns(SIDECAR_SERVER_NAME)],
      };
    case 'management':
    case 'execution': {
      const names = new Set(['localhost', hostname(), ...hosts.filter((host) => !isIp(host))]);
      const ips = new Set(['127.0.0.1', '::1', ...hosts.filter(isIp)]);
      return {
        ...{ purpose: 'service', commonName: commonNameOf(kind), days },
        names: [...[...names].map(dns), ...[...ips].map(ip)],
      };
    }
  }
}

function isOfHalf(kind: LeafKind): kind is Half {
  return kind === 'management' || kind === 'execution';
}

function commonNameOf(half: Half): string {
  return `axiom ${half} server`;
}

async function ensureLeaf(
  dir: DataDir,
  authority: Authority,
  kind: LeafKind,
  name: string,
  files: PairFiles,
  { hosts, now }: { readonly hosts: readonly string[]; readonly now: number },
): Promise<void> {
  const standing = isOfHalf(kind) ? readPairOfHalf(files) : readPair(files);
  if (isRevoked(dir, standing)) return;
  const { purpose } = leafOf(kind, name, hosts, LEAF_DAYS);
  if (!needsNewLeaf(authority, purpose, standing, hosts, now)) return;
  const kept = isOfHalf(kind) ? hostsGiven(dir, authority, kind, standing) : [];
  const all = [...new Set([...hosts, ...kept])];
  await issueCertificate(dir, authority, { kind, name, hosts: all, days: LEAF_DAYS, files }, now);
}

/** Whatever `axiom certificates issue` put beside the first start's is kept alive too. */
async function renewWorkloads(dir: DataDir, authority: Authority, now: number): Promise<void> {
  const files = readdirSync(dir.workloads.folder).filter((file) => /^(?:engine|sidecar)-.*\.crt$/.test(file));
  for (const file of files) {
    const pair = dir.workloads.pair(basename(file, '.crt'));
    const kind = file.startsWith('sidecar-door') ? 'sidecar-door' : (file.split('-')[0] as LeafKind);
    const name = file.slice(kind.length + 1, -'.crt'.length);
    const standing = readPair(pair);
    // Taken away since the folder was listed.
    if (standing.certificate === undefined) continue;
    if (name === '' || isRevoked(dir, standing)) continue;
    const { purpose } = leafOf(kind, name, [], LEAF_DAYS);
    const request = { kind, name, hosts: [], days: daysOf(standing.certificate), files: pair };
    if (needsNewLeaf(authority, purpose, standing, [], now))
      await issueCertificate(dir, authority, request, now);
  }
}

function daysOf({ validFrom, validTo }: X509Certificate): number {
  return Math.max(1, Math.floor((Date.parse(validTo) - Date.parse(validFrom)) / DAY_MS));
}

function isRevoked(dir: DataDir, { certificate }: StandingPair): boolean {
  return certificate !== undefined && revokedSerials(dir).has(certificate.serialNumber.toLowerCase());
}

/**
 * What a half's certificate was issued for, as the CA has noted it. The half may write to its folder, so what lies there
 * says only which one it is: whoever took the half over would be given a certificate of any name. One that a former
 * version issued, which noted no names, counts where the CA has signed it; the other half's, which anybody is shown who
 * connects to it, never does.
 */
function hostsGiven(
  dir: DataDir,
  authority: Authority,
  kind: Half,
  { certificate: standing }: StandingPair,
): readonly string[] {
  if (standing === undefined) return [];
  const serial = standing.serialNumber.toLowerCase();
  const noted = readLedger(dir).find((one) => one.serial.toLowerCase() === serial);
  const other = kind === 'management' ? 'execution' : 'management';
  // Of a certificate without a note, as after a crash of a former version, the CA has still signed the half that it names.
  if (noted === undefined ? standing.subject === `CN=${commonNameOf(other)}` : noted.kind !== kind) return [];
  if (noted?.hosts !== undefined) return noted.hosts;
  const signers = [authority.certificate('service'), new X509Certificate(authority.root)];
  const isOurs = signers.some((signer) => signer !== undefined && standing.verify(signer.publicKey));
  return isOurs ? hostsIn(issueLeaf().namesOf(standing)) : [];
}

function hostsIn(names: x509.JsonGeneralNames): string[] {
  return names.filter(({ type }) => type === 'dns' || type === 'ip').map(({ value }) => String(value));
}

async function firstAuthority(
  dir: DataDir,
  { isFirstStart }: CertificateWishes,
  now: number,
): Promise<Authority | undefined> {
  return isFirstStart && !existsSync(dir.ca.certificate) ? createAuthority(dir, now) : undefined;
}

function requireCertificates(dir: DataDir, { needsServerPairs, needsClientCa }: CertificateWishes): void {
  const { management, execution } = dir;
  const needed = [
    dir.caCertificate,
    ...(needsServerPairs
      ? [management.tls, execution.tls].flatMap(({ certificate, key }) => [certificate, key])
      : []),
    ...(needsClientCa ? [execution.clientCa] : []),
  ];
  const missing = needed.filter((path) => !existsSync(path));
  if (missing.length === 0) return;
  throw new DomainError(
    'FAILED_PRECONDITION',
    `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing, and so is the CA's key, ${dir.ca.key}, to make them; ` +
      `restore ca/ from a backup, or make another CA with \`axiom certificates create-ca --replace --data-dir ${dir.root}\`, ` +
      'whose certificate every engine, sidecar and login must then be given',
    'CERTIFICATES_MISSING',
  );
}
