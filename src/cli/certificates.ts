/** `axiom certificates`: issued to engines, sidecars and halves, listed and revoked, with the CA of a data folder. */

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, type Command } from 'commander';
import { DAY_MS } from '../domain/clock';
import { writePrivateFile, writePublicFile } from '../files/whole-file';
import { dataDirAt, type DataDir, type PairFiles } from '../server/data-dir';
import { createAuthority, openAuthority, type Authority } from '../server/pki/authority';
import { issueCertificate, publishAuthority, type LeafKind } from '../server/pki/certificates';
import { LEAF_DAYS } from '../server/pki/leaf';
import { readLedger, recordRevoked, type LedgerEntry } from '../server/pki/ledger';
import { createFolders } from '../server/prepare';
import { firstStartMark } from '../server/standing';
import { withStartLock } from '../server/start-lock';
import { defaultDataDir } from './data-folder';
import { withExamples } from './examples';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { note, print, printTable } from './output';
import { parseWholeNumber } from './whole-number';

interface Flags {
  readonly dataDir?: string;
  readonly out?: string;
  readonly host: string[];
  readonly days: string;
  readonly replace?: boolean;
  readonly json?: boolean;
}

type Kind = 'engine' | 'sidecar' | 'management' | 'execution';
const KINDS: readonly Kind[] = ['engine', 'sidecar', 'management', 'execution'];
/** What browsers accept of a certificate, and more than anything should live. */
const MOST_DAYS = 397;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

const EXAMPLES = [
  'axiom certificates create-ca --data-dir ./data    in a folder without a service',
  'axiom certificates issue engine checkout',
  'axiom certificates issue sidecar greeter --out /safe/for-greeter',
  'axiom certificates issue execution --host secrets.internal --out /safe/execution',
  'axiom certificates list',
  'axiom certificates revoke engine checkout',
];
const RENEWAL =
  'Certificates in DIR/workloads are renewed while the service runs; those that lie elsewhere are issued again.';

export function registerCertificates(program: Command): void {
  const certificates = program
    .command('certificates')
    .description('issue, list and revoke certificates of engines, sidecars and halves');
  withExamples(certificates, EXAMPLES, RENEWAL);
  const withDataDir = (command: Command) =>
    command
      .option('--data-dir <folder>', "data folder whose ca/ holds the CA's key")
      .option('--json', 'print JSON');

  withDataDir(certificates.command('create-ca'))
    .description('make a CA in a folder that has none; `axiom serve` does so by itself at its first start')
    .option('--replace', 'also in place of one that is there: what it issued is worth nothing then')
    .action(createCa);
  withDataDir(certificates.command('issue'))
    .description('make a key and a certificate for it')
    .addArgument(new Argument('<kind>', 'for whom').choices([...KINDS]))
    .argument('[name]', "the engine's or sidecar's name")
    .option('--out <folder>', "where to write the files; default: the data folder's own place")
    .option('--host <name...>', "DNS names and IP addresses of a half's doors", [])
    .option('--days <days>', 'how long it lives, at most 397', String(LEAF_DAYS))
    .action(issue);
  withDataDir(certificates.command('list').alias('ls'))
    .description('list what was issued and has not expired')
    .action(list);
  withDataDir(certificates.command('revoke').alias('rm'))
    .description('take certificates back: the execution door and sidecars refuse them from then on')
    .addArgument(new Argument('<kind>', 'whose').choices(['engine', 'sidecar', 'serial']))
    .argument('<name>', 'its name, or a serial number')
    .action(revoke);
}

async function createCa(flags: Flags): Promise<void> {
  const dir = dataDirOf(flags);
  const isNew = !existsSync(dir.root);
  createFolders(dir, 'both', undefined);
  await withStartLock(dir.startLock, async () => {
    if (flags.replace !== true && (existsSync(dir.ca.key) || existsSync(dir.ca.certificate))) {
      throw new CliError(
        `${dir.ca.folder} holds a CA already; use --replace if everything that it issued is to be worthless`,
        EXIT.conflict,
      );
    }
    if (isNew) writePrivateFile(firstStartMark(dir, 'both'), '');
    publishAuthority(dir, await createAuthority(dir, Date.now()));
  });
  if (flags.json) return print(JSON.stringify({ caCertificate: dir.caCertificate }));
  note(`made a CA; give ${dir.caCertificate} to whoever calls the service`);
}

async function issue(kind: Kind, given: string | undefined, flags: Flags): Promise<void> {
  const name = nameOf(kind, given);
  const days = parseWholeNumber('--days', flags.days, 1);
  if (days > MOST_DAYS) throw new CliError(`--days is at most ${MOST_DAYS}`, EXIT.usage);
  const dir = dataDirOf(flags);
  const made = await withAuthority(dir, async (authority) => {
    const kinds: LeafKind[] = kind === 'sidecar' ? ['sidecar', 'sidecar-door'] : [kind];
    const out = [];
    // Each is issued by itself: where the disk has no room for the second, the first stands.
    for (const one of kinds) {
      const files = filesOf(dir, one, name, flags.out);
      const request = { kind: one, name, hosts: flags.host, days, files };
      out.push({ ...files, ...(await issueCertificate(dir, authority, request, Date.now())) });
    }
    if (flags.out !== undefined) writePublicFile(join(flags.out, caFileOf(kind)), authority.root);
    return out;
  });
  if (flags.json) return print(JSON.stringify({ certificates: made }));
  for (const { certificate, key, expires } of made)
    note(`wrote ${certificate} and ${key}, until ${expires.toISOString()}`);
}

function list(flags: Flags): void {
  const dir = dataDirOf(flags);
  if (!existsSync(dir.ca.ledger) && !existsSync(dir.ca.key)) throw missingAuthority(dir);
  const entries = readLedger(dir).filter(({ expireTime }) => Date.parse(expireTime) > Date.now());
  if (flags.json) return print(JSON.stringify({ certificates: entries }));
  printTable(
    ['KIND', 'NAME', 'ISSUED', 'EXPIRES', 'STATE', 'SERIAL'],
    entries.map((one) => [one.kind, one.name, one.issueTime, one.expireTime, stateOf(one), one.serial]),
  );
}

function stateOf({ revokeTime }: LedgerEntry): string {
  return revokeTime === undefined ? 'good' : `revoked ${revokeTime}`;
}

async function revoke(kind: 'engine' | 'sidecar' | 'serial', name: string, flags: Flags): Promise<void> {
  const dir = dataDirOf(flags);
  const now = Date.now();
  const revoked = await withAuthority(dir, async () => {
    const entries = kind === 'serial' ? [bySerial(name, now)] : inForce(dir, kind, name, now);
    recordRevoked(dir, entries, now);
    return entries.map(({ serial }) => serial);
  });
  if (flags.json) return print(JSON.stringify({ revoked }));
  note(`revoked ${revoked.length} certificate${revoked.length === 1 ? '' : 's'}`);
  if (!existsSync(dir.execution.folder))
    note(`copy ${dir.ca.revoked} into execution/ on the machine of the execution half`);
}

function inForce(dir: DataDir, kind: string, name: string, now: number): LedgerEntry[] {
  const entries = readLedger(dir).filter(
    (one) =>
      one.kind === kind &&
      one.name === name &&
      one.revokeTime === undefined &&
      Date.parse(one.expireTime) > now,
  );
  if (entries.length > 0) return entries;
  throw new CliError(
    `there is no certificate of ${kind} ${name} to revoke; see \`axiom certificates list\``,
    EXIT.notFound,
  );
}

/** Of any certificate under the CA, such as one that a former version made: nobody here knows its end. */
function bySerial(serial: string, now: number): { readonly serial: string; readonly expireTime: string } {
  const digits = serial.replaceAll(':', '').toLowerCase();
  if (/^[0-9a-f]{2,40}$/.test(digits))
    return { serial: digits, expireTime: new Date(now + UNKNOWN_END_MS).toISOString() };
  throw new CliError(`'${serial}' is not a serial number in hexadecimal digits`, EXIT.usage);
}

/** Longer than any certificate that was ever made here. */
const UNKNOWN_END_MS = 4 * 366 * DAY_MS;

async function withAuthority<T>(dir: DataDir, body: (authority: Authority) => Promise<T>): Promise<T> {
  if (!existsSync(dir.ca.key)) throw missingAuthority(dir);
  return withStartLock(dir.startLock, async () => {
    const authority = await openAuthority(dir, Date.now());
    if (authority === undefined) throw missingAuthority(dir);
    return body(authority);
  });
}

function missingAuthority(dir: DataDir): CliError {
  return new CliError(
    `there is no CA in ${dir.ca.folder}; give the data folder of the service that made it, or make one with \`axiom certificates create-ca\``,
    EXIT.notFound,
  );
}

function nameOf(kind: Kind, name: string | undefined): string {
  if (kind === 'management' || kind === 'execution') {
    if (name === undefined) return kind;
    throw new CliError(`a certificate of the ${kind} half has no name of its own; give --host`, EXIT.usage);
  }
  // `sidecar-door` is the file of what a sidecar shows engines.
  if (name !== undefined && NAME.test(name) && !(kind === 'sidecar' && /^door(?:-|$)/.test(name)))
    return name;
  throw new CliError(
    `give the ${kind} a name of letters, digits, '.', '_' and '-', at most 63; for example: axiom certificates issue ${kind} checkout`,
    EXIT.usage,
  );
}

/** A half's files keep the names that the half looks for. */
function filesOf(dir: DataDir, kind: LeafKind, name: string, out: string | undefined): PairFiles {
  const isHalf = kind === 'management' || kind === 'execution';
  if (out === undefined) return isHalf ? dir[kind].tls : dir.workloads.pair(`${kind}-${name}`);
  mkdirSync(out, { recursive: true, mode: 0o700 });
  const base = join(out, isHalf ? 'server' : `${kind}-${name}`);
  return { certificate: `${base}.crt`, key: `${base}.key` };
}

function caFileOf(kind: Kind): string {
  return kind === 'execution' ? 'client-ca.crt' : 'ca.crt';
}

function dataDirOf({ dataDir }: Flags): DataDir {
  return dataDirAt(dataDir ?? defaultDataDir());
}
