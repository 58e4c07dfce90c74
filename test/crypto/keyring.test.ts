// The keyring: keysets unwrap only with the KEK, for the tenant and for the purpose they were made for.

import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createLocalKek } from '../../src/crypto/kek/local-kek';
import { createKeyring } from '../../src/crypto/open/create-keyring';
import { createSealerFactory } from '../../src/crypto/seal/create-sealer';
import { TENANT_SCOPE } from '../../src/domain/scope';
import { parseSecretName } from '../../src/domain/ids';
import { SecretValue } from '../../src/domain/secret-value';
import { makeTestKeys } from './keys';
import type { TestKeys } from './keys';

let keys: TestKeys;
beforeAll(async () => {
  keys = await makeTestKeys();
});
afterAll(() => keys.remove());

const unwrapFailure = { code: 'FAILED_PRECONDITION', reason: 'KEYSET_DOES_NOT_UNWRAP' };

describe('a wrapped keyset', () => {
  it('does not unwrap with another KEK', async () => {
    const stranger = createKeyring(await createLocalKek(join(keys.folder, 'another-kek')));
    await expect(stranger.openTenant(keys.acme.tenantId, keys.acme.keys)).rejects.toMatchObject(
      unwrapFailure,
    );
    await expect(stranger.openTokenMac(keys.service.wrappedTokenKeyset)).rejects.toMatchObject(unwrapFailure);
  });

  it('does not unwrap for another tenant', async () => {
    const attempt = keys.keyring.openTenant(keys.globex.tenantId, keys.acme.keys);
    await expect(attempt).rejects.toMatchObject(unwrapFailure);
  });

  it("does not unwrap in another keyset's column", async () => {
    const { wrappedPrivateKeyset, wrappedBundleKeyset } = keys.acme.keys;
    const swapped = { wrappedPrivateKeyset: wrappedBundleKeyset, wrappedBundleKeyset: wrappedPrivateKeyset };
    await expect(keys.keyring.openTenant(keys.acme.tenantId, swapped)).rejects.toMatchObject(unwrapFailure);
    const halfSwapped = { ...keys.acme.keys, wrappedPrivateKeyset: keys.acme.keys.wrappedBundleKeyset };
    const opener = await keys.keyring.openTenant(keys.acme.tenantId, halfSwapped);
    await expect(opener.unwrapPrivate()).rejects.toMatchObject(unwrapFailure);
    const asToken = keys.keyring.openTokenMac(keys.service.wrappedSigningKeyset);
    await expect(asToken).rejects.toMatchObject(unwrapFailure);
    const asSigning = keys.keyring.createTenantKeys(keys.acme.tenantId, keys.service.wrappedTokenKeyset);
    await expect(asSigning).rejects.toMatchObject(unwrapFailure);
  });

  it('does not unwrap when it is damaged, cut short or empty', async () => {
    const whole = keys.service.wrappedTokenKeyset;
    for (const bytes of [
      new Uint8Array(0),
      whole.subarray(0, 60),
      Uint8Array.of(255, 255, 255),
      Buffer.from('\x08\x01'),
    ]) {
      await expect(keys.keyring.openTokenMac(bytes)).rejects.toMatchObject({ code: 'FAILED_PRECONDITION' });
    }
  });
});

describe('a public keyset', () => {
  const swapped = async (publicKeyset: Uint8Array, signature: Uint8Array) =>
    keys.sealers.forTenant({ tenantId: keys.acme.tenantId, publicKeyset, publicKeysetSignature: signature });
  const refused = { code: 'FAILED_PRECONDITION', reason: 'PUBLIC_KEYSET_NOT_SIGNED' };

  it('is noticed when it is swapped for one that an intruder made', async () => {
    const intruder = createKeyring(await createLocalKek(join(keys.folder, 'intruder-kek')));
    const service = await intruder.createServiceKeys();
    const theirs = await intruder.createTenantKeys(keys.acme.tenantId, service.wrappedSigningKeyset);
    const { publicKeysetSignature } = keys.acme.keys;
    await expect(swapped(theirs.publicKeyset, publicKeysetSignature)).rejects.toMatchObject(refused);
    await expect(swapped(theirs.publicKeyset, theirs.publicKeysetSignature)).rejects.toMatchObject(refused);
  });

  it("is noticed when it is swapped for another tenant's, signature and all", async () => {
    const { publicKeyset, publicKeysetSignature } = keys.globex.keys;
    await expect(swapped(publicKeyset, publicKeysetSignature)).rejects.toMatchObject(refused);
  });

  it('is noticed when its signature is empty or damaged', async () => {
    const { publicKeyset, publicKeysetSignature } = keys.acme.keys;
    for (const signature of [
      new Uint8Array(0),
      publicKeysetSignature.subarray(1),
      publicKeysetSignature.slice(0, -1),
    ]) {
      await expect(swapped(publicKeyset, signature)).rejects.toMatchObject(refused);
    }
  });

  it('is checked and parsed once', async () => {
    const again = await keys.sealers.forTenant({ tenantId: keys.acme.tenantId, ...keys.acme.keys });
    expect(again).toBe(keys.acme.sealer);
  });

  it('is checked again when too many others were checked since', async () => {
    const sealers = createSealerFactory(keys.service.verifyingKeyset, { keptSealers: 1 });
    const acme = { tenantId: keys.acme.tenantId, ...keys.acme.keys };
    const first = await sealers.forTenant(acme);
    expect(await sealers.forTenant(acme)).toBe(first);
    await sealers.forTenant({ tenantId: keys.globex.tenantId, ...keys.globex.keys });
    expect(await sealers.forTenant(acme)).not.toBe(first);
  });

  it('that was good stays refused with a bad signature', async () => {
    const { publicKeyset } = keys.acme.keys;
    await expect(swapped(publicKeyset, Buffer.alloc(70))).rejects.toMatchObject(refused);
  });

  it('is not trusted under a pinned keyset that is none', async () => {
    const sealers = createSealerFactory(Buffer.from('not a keyset'));
    const attempt = sealers.forTenant({ tenantId: keys.acme.tenantId, ...keys.acme.keys });
    await expect(attempt).rejects.toMatchObject({ reason: 'MALFORMED_KEYSET' });
  });
});

describe('a token MAC', () => {
  it('verifies for the same data only', async () => {
    const mac = await keys.keyring.openTokenMac(keys.service.wrappedTokenKeyset);
    const tag = await mac.compute(Buffer.from('token'));
    expect(tag.byteLength).toBe(5 + 32);
    expect(await mac.verify(tag, Buffer.from('token'))).toBe(true);
    expect(await mac.verify(tag, Buffer.from('tokem'))).toBe(false);
    expect(await mac.verify(tag.subarray(0, 36), Buffer.from('token'))).toBe(false);
    expect(await mac.verify(new Uint8Array(0), Buffer.from('token'))).toBe(false);
    for (let at = 0; at < tag.byteLength; at++) {
      const damaged = Uint8Array.from(tag);
      damaged[at] = (damaged[at] as number) ^ 1;
      expect(await mac.verify(damaged, Buffer.from('token'))).toBe(false);
    }
  });

  it('of one service does not verify at another', async () => {
    const [one, two] = [keys.service, await keys.keyring.createServiceKeys()];
    const tag = await (await keys.keyring.openTokenMac(one.wrappedTokenKeyset)).compute(Buffer.from('token'));
    const other = await keys.keyring.openTokenMac(two.wrappedTokenKeyset);
    expect(await other.verify(tag, Buffer.from('token'))).toBe(false);
  });
});

describe('plaintext', () => {
  it('of keysets is overwritten once they are wrapped or parsed', async () => {
    const kek = await createLocalKek(join(keys.folder, 'kek'));
    const seen: Uint8Array[] = [];
    const keep = (bytes: Uint8Array) => (seen.push(bytes), bytes);
    const keyring = createKeyring({
      uri: kek.uri,
      wrap: (plaintext, associatedData) => kek.wrap(keep(plaintext), associatedData),
      unwrap: async (ciphertext, associatedData) => keep(await kek.unwrap(ciphertext, associatedData)),
    });
    const service = await keyring.createServiceKeys();
    const tenant = await keyring.createTenantKeys(keys.acme.tenantId, service.wrappedSigningKeyset);
    const opener = await keyring.openTenant(keys.acme.tenantId, tenant);
    // A bundle's execution has no use for the key that opens rows, so it is unwrapped when a row is opened.
    expect(seen).toHaveLength(6);
    await opener.unwrapPrivate();
    expect(seen).toHaveLength(7);
    expect(seen.every((bytes) => bytes.byteLength > 50 && bytes.every((byte) => byte === 0))).toBe(true);
  });

  it('and keys show in nothing that is printed', async () => {
    const canary = 'canary-91c2-value';
    const written: string[] = [];
    const spies = [process.stdout, process.stderr].map((stream) =>
      jest.spyOn(stream, 'write').mockImplementation((text) => written.push(String(text)) > 0),
    );
    const place = { tenantId: keys.acme.tenantId, scope: TENANT_SCOPE, name: parseSecretName('CANARY') };
    const { sealId, ciphertext } = await keys.acme.sealer.seal(SecretValue.parse(Buffer.from(canary)), place);
    const opened = await keys.acme.opener.openSecret(ciphertext, { ...place, sealId });
    const kek = await createLocalKek(join(keys.folder, 'kek'));
    const printed = [opened, keys.acme.sealer, keys.acme.opener, keys.keyring, kek].flatMap((each) => [
      inspect(each, { depth: 20, showHidden: true }),
      String(each),
      JSON.stringify(each),
    ]);
    spies.forEach((spy) => spy.mockRestore());
    const everything = [...printed, ...written].join('\n');
    expect(everything).toContain('[REDACTED]');
    expect(everything).not.toContain(canary);
    expect(everything).not.toContain(Buffer.from(canary).toString('hex').slice(0, 16));
    expect(everything).not.toMatch(/Uint8Array|<Buffer/);
  });
});
