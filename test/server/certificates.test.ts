/** The certificates that the service makes for itself: whose names they carry, over many starts. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataDirAt, type DataDir } from '../../src/server/data-dir';
import { createFolders } from '../../src/server/prepare';
import { ensureCertificates } from '../../src/server/pki';

const START = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;

let dir: DataDir;

beforeEach(() => {
  dir = dataDirAt(mkdtempSync(join(tmpdir(), 'axiom-certificates-')));
  createFolders(dir, 'both', undefined);
});
afterEach(() => rmSync(dir.root, { recursive: true }));

const pairs = () => ({
  server: dir.management.tls,
  execution: dir.execution.tls,
  engine: dir.workloads.pair('engine'),
  sidecar: dir.workloads.pair('sidecar'),
});
const certificate = (name: keyof ReturnType<typeof pairs>) =>
  new X509Certificate(readFileSync(pairs()[name].certificate));
const files = () =>
  (['engine', 'server', 'execution', 'sidecar'] as const).map((name) =>
    readFileSync(pairs()[name].certificate, 'utf8'),
  );

describe('the certificates of a data folder', () => {
  it('are changed by no later start that asks for nothing new', async () => {
    await ensureCertificates(dir, ['secrets.example.com', '192.0.2.7', '2001:db8::7'], START);
    const before = files();
    await ensureCertificates(dir, [], START + DAY_MS);
    await ensureCertificates(dir, ['192.0.2.7', '2001:DB8:0::7'], START + DAY_MS);
    expect(files()).toEqual(before);
  });

  it('get a name that a later start asks for, and keep those they had', async () => {
    await ensureCertificates(dir, ['secrets.example.com'], START);
    const [engine] = files();
    await ensureCertificates(dir, ['secrets.example.org', '192.0.2.7'], START + DAY_MS);
    const authority = new X509Certificate(readFileSync(dir.caCertificate));
    for (const name of ['server', 'execution', 'sidecar'] as const) {
      const made = certificate(name);
      expect(made.checkHost('secrets.example.org')).toBeDefined();
      expect(made.checkHost('secrets.example.com')).toBeDefined();
      expect(made.checkHost('localhost')).toBeDefined();
      expect(made.checkIP('192.0.2.7')).toBeDefined();
      expect(made.checkIssued(authority)).toBe(true);
    }
    expect(certificate('sidecar').subjectAltName).toContain('URI:spiffe://axiom/sidecar/local');
    expect(files()[0]).toBe(engine);
  });

  it('are renewed before they expire, with every name they had', async () => {
    await ensureCertificates(dir, ['secrets.example.com'], START);
    const expires = Date.parse(certificate('server').validTo);
    await ensureCertificates(dir, [], expires - 20 * DAY_MS);
    expect(Date.parse(certificate('server').validTo)).toBeGreaterThan(expires);
    expect(certificate('server').checkHost('secrets.example.com')).toBeDefined();
  });
});
