// Sealing as the design tells it: only the opening half opens, and only what stands where it was put.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createLocalKek } from '../../src/crypto/kek/local-kek';
import { createKeyring } from '../../src/crypto/open/create-keyring';
import type { Keyring, NewServiceKeys, NewTenantKeys, TenantOpener } from '../../src/crypto/open/opener';
import { createSealerFactory } from '../../src/crypto/seal/create-sealer';
import type { TenantSealer } from '../../src/crypto/seal/sealer';
import type { BundleBinding, SecretBinding } from '../../src/crypto/types';
import { parseConfigId, parseSecretName, parseTenantId } from '../../src/domain/ids';
import { configScope, TENANT_SCOPE } from '../../src/domain/scope';
import { SecretValue } from '../../src/domain/secret-value';

const acme = parseTenantId('acme');
const other = parseTenantId('other');
const binding: SecretBinding = {
  tenantId: acme,
  scope: TENANT_SCOPE,
  name: parseSecretName('GREETER_SIGNATURE'),
  version: 7,
};
const bundleBinding: BundleBinding = { tenantId: acme, scope: TENANT_SCOPE, revision: 7 };
const doesNotOpen = expect.objectContaining({
  code: 'FAILED_PRECONDITION',
  reason: 'CIPHERTEXT_DOES_NOT_OPEN',
});

const folder = mkdtempSync(join(tmpdir(), 'axiom-crypto-'));
let keyring: Keyring;
let service: NewServiceKeys;
let keys: NewTenantKeys;
let sealer: TenantSealer;
let opener: TenantOpener;

beforeAll(async () => {
  keyring = createKeyring(await createLocalKek(join(folder, 'kek')));
  service = await keyring.createServiceKeys();
  keys = await keyring.createTenantKeys(acme, service.wrappedSigningKeyset);
  sealer = await createSealerFactory(service.verifyingKeyset).forTenant({ tenantId: acme, ...keys });
  opener = await keyring.openTenant(acme, keys);
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('a value sealed to a tenant', () => {
  it('comes back byte for byte, whatever text it is', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const bytes = Buffer.from(value, 'utf8');
        const ciphertext = await sealer.seal(SecretValue.parse(Buffer.from(bytes)), binding);
        const opened = await opener.openSecret(ciphertext, binding);
        expect(Buffer.from(opened.expose()).equals(bytes)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});
