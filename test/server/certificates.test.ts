/** The certificates that the service makes: whose names they carry over many starts, and what each is good for. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { dataDirAt, type DataDir, type PairFiles } from '../../src/server/data-dir';
import { openAuthority } from '../../src/server/pki/authority';
import { ensureCertificates, issueCertificate } from '../../src/server/pki/certificates';
import { issueLeaf } from '../../src/server/pki/issue-leaf';
import { ALGORITHM, exportKey, generateKeys } from '../../src/server/pki/keys';
import { x509 } from '../../src/server/pki/x509';
import { createFolders } from '../../src/server/prepare';
import { describeIf } from '../support/needs';

const DIST = join(__dirname, '..', '..', 'dist');

const START = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;

let dir: DataDir;

beforeEach(() => {
  dir = dataDirAt(mkdtempSync(join(tmpdir(), 'axiom-certificates-')));
  createFolders(dir, 'both', undefined);
});
afterEach(() => rmSync(dir.root, { recursive: true }));

const ensure = (hosts: readonly string[], now: number, isFirstStart = true) =>
  ensureCertificates(dir, { hosts, isFirstStart, needsServerPairs: true, needsClientCa: true }, now);
const pairs = () => ({
  management: dir.management.tls,
  execution: dir.execution.tls,
  engine: dir.workloads.pair('engine'),
  sidecar: dir.workloads.pair('sidecar'),
  door: dir.workloads.pair('sidecar-door'),
});
type Name = keyof ReturnType<typeof pairs>;
const NAMES: readonly Name[] = ['management', 'execution', 'engine', 'sidecar', 'door'];
const certificate = (name: Name) => new X509Certificate(readFileSync(pairs()[name].certificate));
const files = () => NAMES.map((name) => readFileSync(pairs()[name].certificate, 'utf8'));

describe('the certificates of a data folder', () => {
  it('are changed by no later start that asks for nothing new', async () => {
    await ensure(['secrets.example.com', '192.0.2.7', '2001:db8::7'], START);
    const before = files();
    await ensure([], START + DAY_MS);
    await ensure(['192.0.2.7', '2001:DB8:0::7'], START + DAY_MS);
    expect(files()).toEqual(before);
  });

  it('get a name that a later start asks for, and keep those they had; workloads get none', async () => {
    await ensure(['secrets.example.com'], START);
    const [, , ...workloads] = files();
    await ensure(['secrets.example.org', '192.0.2.7'], START + DAY_MS);
    for (const name of ['management', 'execution'] as const) {
      const made = certificate(name);
      expect(made.checkHost('secrets.example.org')).toBeDefined();
      expect(made.checkHost('secrets.example.com')).toBeDefined();
      expect(made.checkHost('localhost')).toBeDefined();
      expect(made.checkIP('192.0.2.7')).toBeDefined();
    }
    expect(files().slice(2)).toEqual(workloads);
    expect(certificate('engine').subjectAltName).toBe('URI:spiffe://axiom/engine/local');
    expect(certificate('sidecar').subjectAltName).toBe('URI:spiffe://axiom/sidecar/local');
    expect(certificate('door').subjectAltName).toBe('DNS:sidecar.axiom.internal');
  });

  it('live thirty days and are renewed after fifteen, with every name they had', async () => {
    await ensure(['secrets.example.com'], START);
    const before = files();
    for (const name of NAMES) expect(Date.parse(certificate(name).validTo)).toBe(START + 30 * DAY_MS);
    await ensure([], START + 14 * DAY_MS);
    expect(files()).toEqual(before);
    await ensure([], START + 16 * DAY_MS);
    for (const name of NAMES) expect(Date.parse(certificate(name).validTo)).toBe(START + 46 * DAY_MS);
    expect(certificate('management').checkHost('secrets.example.com')).toBeDefined();
  });
});

describe('a half that writes to its own folder', () => {
  /** Signed by itself, under the number that the CA gave the one that stood there. */
  async function putOwnCertificate(host: string): Promise<void> {
    const { certificate: path, key } = dir.management.tls;
    const serialNumber = certificate('management').serialNumber;
    const keys = await generateKeys();
    const names = new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }]);
    const dates = { notBefore: new Date(START - DAY_MS), notAfter: new Date(START + 90 * DAY_MS) };
    const own = await x509.X509CertificateGenerator.createSelfSigned({
      ...{ serialNumber, name: 'CN=axiom management server', keys, ...dates, signingAlgorithm: ALGORITHM },
      extensions: [names],
    });
    writeFileSync(path, own.toString('pem'));
    writeFileSync(key, await exportKey(keys.privateKey));
  }

  /** As it stays behind where the process that listened is killed. */
  const putSocket = (path: string) =>
    spawnSync(process.execPath, ['-e', LEAVE_SOCKET, path], { timeout: 30_000 });

  const withoutHosts = (ledger: string) => ledger.replaceAll(/,"hosts":\[[^\]]*\]/g, '');

  it('is given a certificate of no other name, and of those that it had', async () => {
    await ensure(['secrets.example.com'], START);
    await putOwnCertificate('accounts.example.net');
    expect(certificate('management').checkHost('accounts.example.net')).toBeDefined();
    await ensure([], START + DAY_MS);
    const made = certificate('management');
    expect(
      made.verify(new X509Certificate(readFileSync(dir.ca.intermediate('service').certificate)).publicKey),
    ).toBe(true);
    expect(made.checkHost('accounts.example.net')).toBeUndefined();
    expect(made.checkHost('secrets.example.com')).toBeDefined();
  });

  it('is given none at all of what a former version noted no names of, but those that the CA signed', async () => {
    await ensure(['secrets.example.com'], START);
    const withoutNames = withoutHosts(readFileSync(dir.ca.ledger, 'utf8'));
    writeFileSync(dir.ca.ledger, withoutNames);
    await ensure([], START + 16 * DAY_MS);
    expect(certificate('management').checkHost('secrets.example.com')).toBeDefined();
    writeFileSync(dir.ca.ledger, withoutNames);
    await putOwnCertificate('accounts.example.net');
    await ensure([], START + 17 * DAY_MS);
    expect(certificate('management').checkHost('accounts.example.net')).toBeUndefined();
  });

  it.each([
    ['has noted', (ledger: string) => ledger],
    ['has noted without names, as former versions did', withoutHosts],
    ['has lost its note of', () => ''],
  ])("is given no name of the other half's certificate, which the CA %s", async (_what, change) => {
    await ensure([], START);
    const authority = await openAuthority(dir, START);
    const request = { kind: 'execution', name: 'local', hosts: ['exec.example.com'], days: 30 } as const;
    await issueCertificate(dir, authority!, { ...request, files: dir.execution.tls }, START);
    writeFileSync(dir.ca.ledger, change(readFileSync(dir.ca.ledger, 'utf8')));
    copyFileSync(dir.execution.tls.certificate, dir.management.tls.certificate);
    await ensure([], START + DAY_MS);
    expect(certificate('management').subject).toBe('CN=axiom management server');
    expect(certificate('management').checkHost('exec.example.com')).toBeUndefined();
    expect(certificate('execution').checkHost('exec.example.com')).toBeDefined();
  });

  it.each<[string, (path: string) => void]>([
    ['nothing', () => undefined],
    ['a text that is no PEM', (path) => writeFileSync(path, 'no certificate')],
    ['a file of 10 GB', (path) => (writeFileSync(path, ''), truncateSync(path, 10_000_000_000))],
    ['a pipe', (path) => spawnSync('mkfifo', [path])],
    ['a socket', putSocket],
    ['a folder with something in it', (path) => (mkdirSync(path), writeFileSync(join(path, 'kept'), ''))],
    ['a link to a device without end', (path) => symlinkSync('/dev/zero', path)],
    ['a link to nowhere', (path) => symlinkSync('nowhere', path)],
    ['a link to itself', (path) => symlinkSync(path, path)],
  ])(
    'keeps neither itself nor the other from a certificate by %s in the place of one',
    async (_what, put) => {
      await ensure([], START);
      for (const path of Object.values(dir.management.tls)) {
        rmSync(path);
        put(path);
        const before = certificate('execution').serialNumber;
        await ensure([], Date.parse(certificate('execution').validFrom) + 16 * DAY_MS);
        expect(certificate('execution').serialNumber).not.toBe(before);
        const key = createPrivateKey(readFileSync(dir.management.tls.key));
        expect(certificate('management').checkPrivateKey(key)).toBe(true);
        for (const made of Object.values(dir.management.tls)) expect(lstatSync(made).isFile()).toBe(true);
      }
    },
  );

  it('has its own key written, and not that of the other half, which a link in its place leads to', async () => {
    await ensure([], START);
    const theirs = readFileSync(dir.execution.tls.key, 'utf8');
    for (const [ours, of] of Object.entries(dir.management.tls)) {
      rmSync(of);
      symlinkSync(dir.execution.tls[ours as keyof PairFiles], of);
    }
    await ensure([], START + DAY_MS);
    expect(readFileSync(dir.execution.tls.key, 'utf8')).toBe(theirs);
    expect(certificate('management').subject).toBe('CN=axiom management server');
    for (const made of Object.values(dir.management.tls)) expect(lstatSync(made).isFile()).toBe(true);
  });
});

describeIf(
  process.getuid?.() === 0 ? undefined : 'only root starts processes of an ordinary user',
  process.env['AXIOM_REQUIRE_USERS'] === '1',
  'halves of the user that starts them',
  () => {
    it('keep it from no certificate by a file that this user may not read', async () => {
      await ensure([], START);
      spawnSync('chown', ['-R', '61001:61001', dir.root]);
      const before = NAMES.slice(0, 2).map((name) => certificate(name).serialNumber);
      const args = [DIST, dir.root, String(START + 16 * DAY_MS), ...Object.values(dir.management.tls)];
      const { stderr, status } = spawnSync(process.execPath, ['-e', ENSURE_UNREAD, ...args], {
        encoding: 'utf8',
        timeout: 60_000,
      });
      expect([stderr, status]).toEqual(['', 0]);
      const after = NAMES.slice(0, 2).map((name) => certificate(name).serialNumber);
      expect(after.filter((serial) => before.includes(serial))).toEqual([]);
    });
  },
);

describe('a CA', () => {
  it('notes no certificate that it could not write', async () => {
    await ensure([], START);
    const before = readFileSync(dir.ca.ledger, 'utf8');
    const authority = await openAuthority(dir, START);
    const files = {
      certificate: join(dir.root, 'nowhere', 'x.crt'),
      key: join(dir.root, 'nowhere', 'x.key'),
    };
    const request = { kind: 'engine', name: 'x', hosts: [], days: 30, files } as const;
    await expect(issueCertificate(dir, authority!, request, START)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(readFileSync(dir.ca.ledger, 'utf8')).toBe(before);
  });

  it('whose key is elsewhere is not made anew: the certificates stay, and missing ones stop the start', async () => {
    await ensure([], START);
    const before = files();
    rmSync(dir.ca.key);
    await ensure([], START + 29 * DAY_MS, false);
    expect(files()).toEqual(before);
    rmSync(dir.execution.tls.key);
    await expect(ensure([], START, false)).rejects.toThrow(
      /execution\/server\.key is missing, and so is the CA's key, .*; restore ca\/ from a backup/,
    );
  });

  it('whose certificate is gone beside its key is not made anew', async () => {
    await ensure([], START);
    rmSync(dir.ca.certificate);
    await expect(ensure([], START)).rejects.toThrow(/ca\/ca\.crt is missing, .*; copy .*\/ca\.crt there/);
  });

  it('that is gone with everything it issued stops the start', async () => {
    await expect(ensure([], START, false)).rejects.toMatchObject({ reason: 'CERTIFICATES_MISSING' });
  });
});

describe('A standard client that trusts the CA', () => {
  const now = Date.now();

  it("takes the service's certificate, and no workload's, for the service", async () => {
    await ensure([], now);
    expect(await greet(dir, 'localhost', pairs().management)).toBe('connected');
    expect(await greet(dir, 'localhost', pairs().engine)).toBe('INVALID_PURPOSE');
    expect(await greet(dir, 'localhost', pairs().sidecar)).toBe('INVALID_PURPOSE');
    expect(await greet(dir, 'localhost', pairs().door)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await greet(dir, 'sidecar.axiom.internal', pairs().door)).toBe('connected');
  });

  it('refuses what the intermediate of workloads or of their doors signs in a name of the service', async () => {
    await ensure([], now);
    const forge = async (purpose: 'workload' | 'sidecar-door', usage: x509.ExtendedKeyUsage) => {
      const authority = await openAuthority(dir, now);
      const files = dir.workloads.pair(`forged-${purpose}`);
      const names = [{ type: 'dns' as const, value: 'localhost' }];
      await issueLeaf(authority!, { purpose, commonName: 'forged', names, days: 1 }, files, now);
      expect(new X509Certificate(readFileSync(files.certificate)).keyUsage).toEqual([usage]);
      return files;
    };
    expect(await greet(dir, 'localhost', await forge('sidecar-door', x509.ExtendedKeyUsage.serverAuth))).toBe(
      'permitted subtree violation',
    );
    expect(await greet(dir, 'localhost', await forge('workload', x509.ExtendedKeyUsage.clientAuth))).toMatch(
      /excluded subtree violation|INVALID_PURPOSE/,
    );
  });

  it('in Go decides the same', async () => {
    if (spawnSync('go', ['version']).status !== 0) {
      console.warn('skipped: there is no Go on this machine');
      return;
    }
    await ensure([], now);
    const program = join(dir.root, 'verify.go');
    writeFileSync(program, GO_VERIFY);
    const verdicts = (['management', 'engine', 'sidecar', 'door'] as const).map((name) => {
      const host = name === 'door' ? 'sidecar.axiom.internal' : 'localhost';
      return [name, ...['localhost', host].map((as) => goVerify(program, pairs()[name].certificate, as))];
    });
    expect(verdicts).toEqual([
      ['management', 'good', 'good'],
      ['engine', 'refused', 'refused'],
      ['sidecar', 'refused', 'refused'],
      ['door', 'refused', 'good'],
    ]);
  });
});

/** How a TLS client of Node fares at a server that shows this pair. */
async function greet(
  of: DataDir,
  servername: string,
  { certificate: cert, key }: PairFiles,
): Promise<string> {
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) });
  server.on('tlsClientError', () => undefined); // a client that refused us
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', servername, ca: readFileSync(of.caCertificate) });
  try {
    return await new Promise((resolve) => {
      socket.once('secureConnect', () => resolve('connected'));
      socket.once('error', (error: NodeJS.ErrnoException) =>
        resolve(error.code === 'UNSPECIFIED' ? error.message : String(error.code)),
      );
    });
  } finally {
    socket.destroy();
    server.close();
  }
}

function goVerify(program: string, chain: string, host: string): string {
  const { stdout, stderr } = spawnSync('go', ['run', program, dir.caCertificate, chain, host], {
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return stdout.trim();
}

/** Loads what makes certificates while it may read that, as root. */
const ENSURE_UNREAD = `
  const [dist, root, now, ...paths] = process.argv.slice(1);
  require(dist + '/server/pki/issue-leaf.js');
  const { ensureCertificates } = require(dist + '/server/pki/certificates.js');
  const { dataDirAt } = require(dist + '/server/data-dir.js');
  process.setgroups([]);
  process.setgid(61001);
  process.setuid(61001);
  for (const path of paths) require('node:fs').chmodSync(path, 0);
  const wishes = { hosts: [], isFirstStart: false, needsServerPairs: true, needsClientCa: true };
  void ensureCertificates(dataDirAt(root), wishes, Number(now));
`;

const LEAVE_SOCKET = `
  require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'));
`;

const GO_VERIFY = `package main

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
)

func main() {
	roots, intermediates := x509.NewCertPool(), x509.NewCertPool()
	ca, _ := os.ReadFile(os.Args[1])
	roots.AppendCertsFromPEM(ca)
	chain, _ := os.ReadFile(os.Args[2])
	first, rest := pem.Decode(chain)
	intermediates.AppendCertsFromPEM(rest)
	leaf, err := x509.ParseCertificate(first.Bytes)
	if err == nil {
		_, err = leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: intermediates, DNSName: os.Args[3]})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		fmt.Println("refused")
		return
	}
	fmt.Println("good")
}
`;
