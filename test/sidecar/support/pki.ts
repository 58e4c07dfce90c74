/** Certificates for one test file, made by the service's own code. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { dataDirAt } from '../../../src/server/data-dir';
import { ensureCertificates } from '../../../src/server/pki';
import type { ClientTls } from '../../../src/wire/channel';

export type Identity = Required<Omit<ClientTls, 'serverName' | 'toSidecar'>>;

/** One CA with a certificate of each kind. */
export interface TestPki {
  readonly folder: string;
  readonly server: Identity;
  readonly engine: Identity;
  readonly sidecar: Identity;
  remove(): void;
}

export async function makeTestPki(): Promise<TestPki> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axiom-pki-'));
  const dir = dataDirAt(folder);
  fs.mkdirSync(path.dirname(dir.tls.caKey), { recursive: true });
  await ensureCertificates(dir, [], Date.now());
  const identity = (name: string): Identity => ({
    ca: fs.readFileSync(dir.tls.caCertificate),
    cert: fs.readFileSync(dir.tls.certificate(name)),
    key: fs.readFileSync(dir.tls.key(name)),
  });
  return {
    folder,
    server: identity('server'),
    engine: identity('engine'),
    sidecar: identity('sidecar'),
    remove: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
}
