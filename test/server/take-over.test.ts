/** A data folder of a former version, in which both halves shared `keys/` and `tls/`. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dataDirAt, type DataDir } from '../../src/server/data-dir';
import { importIssuer, newSerial } from '../../src/server/pki/keys';
import { x509 } from '../../src/server/pki/x509';
import { takeOverFormerLayout } from '../../src/server/take-over';
import { createFolders } from '../../src/server/prepare';
import { Shell } from '../cli/axiom';
import { startServeProcess } from '../support/serve-process';

const shell = new Shell();
const folder = mkdtempSync(join(tmpdir(), 'axiom-former-'));
const former = join(folder, 'former');

/** Where the former layout had each file. */
const FORMER: Readonly<Record<string, string>> = {
  'execution/kek.tink': 'keys/kek.tink',
  'management/verifying-keyset.tink': 'keys/verifying-keyset.tink',
  'ca/ca.key': 'tls/ca.key',
  'ca/ca.crt': 'tls/ca.crt',
  'management/server.key': 'tls/server.key',
  'management/server.crt': 'tls/server.crt',
  'workloads/engine.key': 'tls/engine.key',
  'workloads/engine.crt': 'tls/engine.crt',
  'workloads/sidecar.key': 'tls/sidecar.key',
  'workloads/sidecar.crt': 'tls/sidecar.crt',
  'store/store.sqlite': 'store.sqlite',
  'admin-api-key': 'admin-api-key',
};

beforeAll(async () => {
  const made = join(folder, 'made');
  const serve = await startServeProcess(made);
  await shell.run(['secrets', 'add', 'KEPT', '--data-dir', made], { input: 'its value' });
  await serve.stop();
  for (const [now, then] of Object.entries(FORMER)) {
    mkdirSync(dirname(join(former, then)), { recursive: true, mode: 0o700 });
    cpSync(join(made, now), join(former, then));
  }
  await allowNoIntermediates(join(former, 'tls'));
});
afterAll(() => {
  shell.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** As former versions made their CA: it signed everything itself. */
async function allowNoIntermediates(tls: string): Promise<void> {
  const at = (name: string) => join(tls, name);
  const { keys, certificate } = await importIssuer(
    readFileSync(at('ca.crt'), 'utf8'),
    readFileSync(at('ca.key'), 'utf8'),
  );
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ name: certificate.subject, keys, serialNumber: newSerial() },
    ...{ notBefore: certificate.notBefore, notAfter: certificate.notAfter },
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  });
  writeFileSync(at('ca.crt'), root.toString('pem'));
}

const copyOf = (name: string): DataDir => {
  cpSync(former, join(folder, name), { recursive: true });
  return dataDirAt(join(folder, name));
};

describe('A data folder of a former version', () => {
  it('is taken over at the first start, with its secrets and its CA, and the log says so', async () => {
    const dir = copyOf('served');
    const serve = await startServeProcess(dir.root);
    try {
      expect(serve.log()).toContain('the data folder of a former version was taken over');
      const at = (...args: string[]) => shell.run([...args, '--data-dir', dir.root]);
      expect((await at('secrets', 'list')).stdout).toContain('KEPT');
      expect((await at('verify')).code).toBe(0);
      const key = (path: string) => readFileSync(path, 'utf8');
      expect(key(dir.ca.key)).toBe(key(join(former, 'tls', 'ca.key')));
      for (const name of ['keys', 'tls', 'store.sqlite'])
        expect(existsSync(join(dir.root, name))).toBe(false);
    } finally {
      expect(await serve.stop()).toBe(0);
    }
  });

  it('is taken over from wherever a killed start left it', async () => {
    for (const [now, then] of Object.entries(FORMER)) {
      const dir = copyOf('killed');
      createFolders(dir, 'both', undefined);
      renameSync(join(dir.root, then), join(dir.root, now));
      await takeOverFormerLayout(dir);
      for (const path of Object.keys(FORMER))
        expect([path, existsSync(join(dir.root, path))]).toEqual([path, true]);
      rmSync(dir.root, { recursive: true });
    }
  });

  it('is left alone where a file is in both places', async () => {
    const dir = copyOf('both');
    createFolders(dir, 'both', undefined);
    cpSync(join(former, 'keys', 'kek.tink'), dir.execution.kek);
    await expect(takeOverFormerLayout(dir)).rejects.toThrow(
      /are the same file of two versions; move the wrong one/,
    );
  });
});
