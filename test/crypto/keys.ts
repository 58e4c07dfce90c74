// A tenant's keys made by the real keyring over a KEK file in a temporary folder.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalKek } from '../../src/crypto/kek/local-kek';
import { createKeyring } from '../../src/crypto/open/create-keyring';
import type { Keyring, NewServiceKeys, NewTenantKeys, TenantOpener } from '../../src/crypto/open/opener';
import { createSealerFactory } from '../../src/crypto/seal/create-sealer';
import type { SealerFactory, TenantSealer } from '../../src/crypto/seal/sealer';
import { parseTenantId } from '../../src/domain/ids';
import type { TenantId } from '../../src/domain/ids';

export interface TestTenant {
  readonly tenantId: TenantId;
  readonly keys: NewTenantKeys;
  readonly sealer: TenantSealer;
  readonly opener: TenantOpener;
}

export interface TestKeys {
  readonly keyring: Keyring;
  readonly service: NewServiceKeys;
  readonly sealers: SealerFactory;
  readonly acme: TestTenant;
  readonly globex: TestTenant;
  /** The temporary folder; the KEK is its file `kek`. */
  readonly folder: string;
  remove(): void;
}

export async function makeTestKeys(): Promise<TestKeys> {
  const folder = mkdtempSync(join(tmpdir(), 'axiom-crypto-'));
  const keyring = createKeyring(await createLocalKek(join(folder, 'kek')));
  const service = await keyring.createServiceKeys();
  const sealers = createSealerFactory(service.verifyingKeyset);
  const tenant = async (id: string): Promise<TestTenant> => {
    const tenantId = parseTenantId(id);
    const keys = await keyring.createTenantKeys(tenantId, service.wrappedSigningKeyset);
    const opener = await keyring.openTenant(tenantId, keys);
    return { tenantId, keys, sealer: await sealers.forTenant({ tenantId, ...keys }), opener };
  };
  const [acme, globex] = [await tenant('acme'), await tenant('globex')];
  return {
    keyring,
    service,
    sealers,
    acme,
    globex,
    folder,
    remove: () => rmSync(folder, { recursive: true }),
  };
}
