// What format version 1 wrote is taken over for ever: a whole store's worth of it, kept as a file.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openLocalKek } from '../../src/crypto/kek/local-kek';
import { createKeyring } from '../../src/crypto/open/create-keyring';
import type { Keyring, TenantOpener } from '../../src/crypto/open/opener';
import { createSealerFactory } from '../../src/crypto/seal/create-sealer';
import { parseConfigId, parseSecretName, parseTenantId } from '../../src/domain/ids';
import { configScope, TENANT_SCOPE } from '../../src/domain/scope';
import type { Scope } from '../../src/domain/scope';

interface Stored {
  readonly kek: string;
  readonly service: Record<'wrappedSigningKeyset' | 'wrappedTokenKeyset' | 'verifyingKeyset', string>;
  readonly tenantId: string;
  readonly tenant: Record<
    'publicKeyset' | 'publicKeysetSignature' | 'wrappedPrivateKeyset' | 'wrappedBundleKeyset',
    string
  >;
  readonly secrets: readonly {
    scope: string;
    name: string;
    version: number;
    value: string;
    ciphertext: string;
  }[];
  readonly bundles: readonly { scope: string; revision: number; plaintext: string; ciphertext: string }[];
  readonly tokenMac: { readonly data: string; readonly mac: string };
}

const stored = JSON.parse(
  readFileSync(join(__dirname, '../testdata/crypto/format-1.json'), 'utf8'),
) as Stored;
const raw = (text: string) => Buffer.from(text, 'hex');
const tenantId = parseTenantId(stored.tenantId);
const scopeOf = (key: string): Scope =>
  key === 'tenant' ? TENANT_SCOPE : configScope(parseConfigId(key.replace('config:', '')));

const folder = mkdtempSync(join(tmpdir(), 'axiom-format-'));
let keyring: Keyring;
let opener: TenantOpener;
beforeAll(async () => {
  writeFileSync(join(folder, 'kek'), raw(stored.kek), { mode: 0o600 });
  keyring = createKeyring(await openLocalKek(join(folder, 'kek')));
  opener = await keyring.openTenant(tenantId, {
    wrappedPrivateKeyset: raw(stored.tenant.wrappedPrivateKeyset),
    wrappedBundleKeyset: raw(stored.tenant.wrappedBundleKeyset),
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('a store of format version 1', () => {
  it('opens its secrets to seal them anew', async () => {
    for (const { scope, name, version, value, ciphertext } of stored.secrets) {
      const place = { tenantId, scope: scopeOf(scope), name: parseSecretName(name) };
      const { sealId, ciphertext: anew } = await opener.takeOver(raw(ciphertext), { ...place, version });
      expect(anew.byteLength).toBe(5 + 65 + 64 + 16);
      expect(Buffer.from((await opener.openSecret(anew, { ...place, sealId })).expose())).toEqual(raw(value));
    }
  });

  it('does not take over a secret that was put under another version', async () => {
    const [{ scope = '', name = '', version = 0, ciphertext = '' } = {}] = stored.secrets;
    const moved = { tenantId, scope: scopeOf(scope), name: parseSecretName(name), version: version + 1 };
    await expect(opener.takeOver(raw(ciphertext), moved)).rejects.toMatchObject({
      reason: 'CIPHERTEXT_DOES_NOT_OPEN',
    });
  });

  it('opens its bundles', async () => {
    for (const { scope, revision, plaintext, ciphertext } of stored.bundles) {
      const binding = { tenantId, scope: scopeOf(scope), revision };
      expect(Buffer.from(await opener.openBundle(raw(ciphertext), binding))).toEqual(raw(plaintext));
    }
  });

  it("checks the signature over the tenant's public keyset", async () => {
    const sealers = createSealerFactory(raw(stored.service.verifyingKeyset));
    const sealer = sealers.forTenant({
      tenantId,
      publicKeyset: raw(stored.tenant.publicKeyset),
      publicKeysetSignature: raw(stored.tenant.publicKeysetSignature),
    });
    await expect(sealer).resolves.toBeDefined();
  });

  it('makes the same token MAC', async () => {
    const mac = await keyring.openTokenMac(raw(stored.service.wrappedTokenKeyset));
    expect(Buffer.from(await mac.compute(raw(stored.tokenMac.data)))).toEqual(raw(stored.tokenMac.mac));
  });

  it('makes keys for more tenants with its signing keyset', async () => {
    const another = parseTenantId('another');
    const keys = await keyring.createTenantKeys(another, raw(stored.service.wrappedSigningKeyset));
    const sealers = createSealerFactory(raw(stored.service.verifyingKeyset));
    await expect(sealers.forTenant({ tenantId: another, ...keys })).resolves.toBeDefined();
  });
});
