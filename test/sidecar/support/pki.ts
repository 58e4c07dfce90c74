/** Certificates for one test file, made by the service's own code. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { dataDirAt, type PairFiles } from '../../../src/server/data-dir';
import { createFolders } from '../../../src/server/prepare';
import { ensureCertificates } from '../../../src/server/pki/certificates';
import { readLedger, recordRevoked } from '../../../src/server/pki/ledger';

/** PEM texts of whoever holds them. */
export interface Identity {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** One CA with a certificate of each kind. */
export interface TestPki {
  readonly folder: string;
  readonly server: Identity;
  readonly engine: Identity;
  /** With what it shows engines. */
  readonly sidecar: Identity & {
    readonly doorCert: Buffer;
    readonly doorKey: Buffer;
    readonly revoked: string;
  };
  /** Takes the engine's certificate back, as `axiom certificates revoke` does. */
  revokeEngine(): void;
  remove(): void;
}

export async function makeTestPki(): Promise<TestPki> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axiom-pki-'));
  const dir = dataDirAt(folder);
  createFolders(dir, 'both', undefined);
  const wishes = { hosts: [], isFirstStart: true, needsServerPairs: true, needsClientCa: true };
  await ensureCertificates(dir, wishes, Date.now());
  const identity = ({ certificate, key }: PairFiles): Identity => ({
    ca: fs.readFileSync(dir.caCertificate),
    cert: fs.readFileSync(certificate),
    key: fs.readFileSync(key),
  });
  return {
    folder,
    server: identity(dir.execution.tls),
    engine: identity(dir.workloads.pair('engine')),
    sidecar: {
      ...identity(dir.workloads.pair('sidecar')),
      doorCert: fs.readFileSync(dir.workloads.pair('sidecar-door').certificate),
      doorKey: fs.readFileSync(dir.workloads.pair('sidecar-door').key),
      revoked: dir.workloads.revoked,
    },
    revokeEngine() {
      const engines = readLedger(dir).filter(({ kind }) => kind === 'engine');
      recordRevoked(dir, engines, Date.now());
    },
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}
