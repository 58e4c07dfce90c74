// Sealing as docs/format.md tells it: a ciphertext opens where it was put, whole, and nowhere else.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BundleBinding, SecretBinding } from '../../src/crypto/types';
import { parseConfigId, parseSecretName, parseTenantId } from '../../src/domain/ids';
import { configScope, TENANT_SCOPE } from '../../src/domain/scope';
import { MAX_VALUE_BYTES, SecretValue } from '../../src/domain/secret-value';
import { makeTestKeys } from './keys';
import type { TestKeys } from './keys';

const secret: SecretBinding = {
  tenantId: parseTenantId('acme'),
  scope: TENANT_SCOPE,
  name: parseSecretName('GREETER_SIGNATURE'),
  version: 7,
};
const bundle: BundleBinding = { tenantId: parseTenantId('acme'), scope: TENANT_SCOPE, revision: 7 };
const config = configScope(parseConfigId('cfg_1'));

const failure = { name: 'DomainError', code: 'FAILED_PRECONDITION', reason: 'CIPHERTEXT_DOES_NOT_OPEN' };

let keys: TestKeys;
beforeAll(async () => {
  keys = await makeTestKeys();
});
afterAll(() => keys.remove());

const seal = (text: string | Uint8Array) =>
  keys.acme.sealer.seal(SecretValue.parse(Buffer.from(text)), secret);

describe('a sealed value', () => {
  it('opens to the same bytes, whatever the text, the name and the version', async () => {
    const value = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 200 })
      .map((text) => Buffer.from(text));
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/).map((text) => parseSecretName(text));
    const scope = fc.constantFrom(TENANT_SCOPE, config);
    await fc.assert(
      fc.asyncProperty(value, name, scope, fc.maxSafeNat(), async (bytes, name, scope, version) => {
        const binding = { tenantId: secret.tenantId, scope, name, version };
        const ciphertext = await keys.acme.sealer.seal(SecretValue.parse(Buffer.from(bytes)), binding);
        const opened = await keys.acme.opener.openSecret(ciphertext, binding);
        expect(Buffer.from(opened.expose())).toEqual(bytes);
      }),
      { numRuns: 50 },
    );
  });

  it('may be as long as a value may be', async () => {
    const ciphertext = await seal('x'.repeat(MAX_VALUE_BYTES));
    const opened = await keys.acme.opener.openSecret(ciphertext, secret);
    expect(opened.byteLength).toBe(MAX_VALUE_BYTES);
  });

  it('is 86 bytes longer than the value: prefix, encapsulated key, tag', async () => {
    expect((await seal('value')).byteLength).toBe(5 + 65 + 5 + 16);
  });

  it('looks different each time', async () => {
    expect(Buffer.from(await seal('value')).equals(await seal('value'))).toBe(false);
  });

  it.each<[string, Partial<SecretBinding>]>([
    ['name', { name: parseSecretName('greeter_signature') }],
    ['version', { version: 8 }],
    ['scope', { scope: config }],
    ['tenant in the binding', { tenantId: parseTenantId('globex') }],
  ])('does not open under another %s', async (_, change) => {
    const ciphertext = await seal('value');
    await expect(keys.acme.opener.openSecret(ciphertext, { ...secret, ...change })).rejects.toMatchObject(
      failure,
    );
  });

  it("does not open with another tenant's keys", async () => {
    const ciphertext = await seal('value');
    const moved = { ...secret, tenantId: keys.globex.tenantId };
    await expect(keys.globex.opener.openSecret(ciphertext, secret)).rejects.toMatchObject(failure);
    await expect(keys.globex.opener.openSecret(ciphertext, moved)).rejects.toMatchObject(failure);
  });

  it('does not open with one bit flipped, wherever it is', async () => {
    const ciphertext = await seal('a value of some length');
    await fc.assert(
      fc.asyncProperty(fc.nat(ciphertext.byteLength * 8 - 1), async (bit) => {
        const damaged = Uint8Array.from(ciphertext);
        damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
        await expect(keys.acme.opener.openSecret(damaged, secret)).rejects.toMatchObject(failure);
      }),
      { numRuns: 150 },
    );
  });

  it('does not open cut short at any length, or made longer', async () => {
    const ciphertext = await seal('value');
    for (let length = 0; length < ciphertext.byteLength; length++) {
      const cut = ciphertext.subarray(0, length);
      await expect(keys.acme.opener.openSecret(cut, secret)).rejects.toMatchObject(failure);
    }
    const longer = Buffer.concat([ciphertext, Buffer.alloc(1)]);
    await expect(keys.acme.opener.openSecret(longer, secret)).rejects.toMatchObject(failure);
  });

  it('is refused for a tenant whose keys the sealer does not hold, before anything is stored', async () => {
    const binding = { ...secret, tenantId: keys.globex.tenantId };
    const value = SecretValue.parse(Buffer.from('value'));
    await expect(keys.acme.sealer.seal(value, binding)).rejects.toMatchObject({ reason: 'WRONG_SEALER' });
  });
});

describe('a bundle', () => {
  const sealBundle = (text: string) => keys.acme.opener.sealBundle(Buffer.from(text), bundle);

  it('opens to the same bytes, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), async (bytes) => {
        const ciphertext = await keys.acme.opener.sealBundle(bytes, bundle);
        const opened = await keys.acme.opener.openBundle(ciphertext, bundle);
        expect(Buffer.from(opened)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it.each<[string, Partial<BundleBinding>]>([
    ['revision', { revision: 8 }],
    ['scope', { scope: config }],
    ['tenant in the binding', { tenantId: parseTenantId('globex') }],
  ])('does not open under another %s', async (_, change) => {
    const ciphertext = await sealBundle('bundle');
    await expect(keys.acme.opener.openBundle(ciphertext, { ...bundle, ...change })).rejects.toMatchObject(
      failure,
    );
  });

  it("does not open with another tenant's keys", async () => {
    const ciphertext = await sealBundle('bundle');
    await expect(keys.globex.opener.openBundle(ciphertext, bundle)).rejects.toMatchObject(failure);
  });

  it('does not open with one bit flipped or cut short', async () => {
    const ciphertext = await sealBundle('bundle');
    for (let at = 0; at < ciphertext.byteLength; at++) {
      const damaged = Uint8Array.from(ciphertext);
      damaged[at] = (damaged[at] as number) ^ 0x10;
      await expect(keys.acme.opener.openBundle(damaged, bundle)).rejects.toMatchObject(failure);
      await expect(keys.acme.opener.openBundle(ciphertext.subarray(0, at), bundle)).rejects.toMatchObject(
        failure,
      );
    }
  });

  it("does not open in a secret's column, nor a secret in the bundle's", async () => {
    const asSecret = keys.acme.opener.openSecret(await sealBundle('bundle'), secret);
    await expect(asSecret).rejects.toMatchObject(failure);
    await expect(keys.acme.opener.openBundle(await seal('value'), bundle)).rejects.toMatchObject(failure);
  });
});

describe('a failure to open', () => {
  it('says the same whatever the reason, and nothing of the bytes', async () => {
    const ciphertext = await seal('canary-4f1d');
    const attempts = [
      keys.acme.opener.openSecret(ciphertext, { ...secret, version: 8 }),
      keys.globex.opener.openSecret(ciphertext, secret),
      keys.acme.opener.openSecret(ciphertext.subarray(0, 40), secret),
      keys.acme.opener.openSecret(new Uint8Array(0), secret),
      keys.acme.opener.openBundle(ciphertext, bundle),
    ];
    const messages = await Promise.all(
      attempts.map((attempt) => attempt.catch((error: Error) => error.message)),
    );
    expect(new Set(messages).size).toBe(1);
    expect(messages[0]).not.toContain('canary');
  });
});
