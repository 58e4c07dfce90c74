// Sealing as docs/format.md tells it: a ciphertext opens where it was put, whole, and nowhere else.

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pad } from '../../src/crypto/format/padding';
import { createHybridEncrypt } from '../../src/crypto/tink/hybrid-encrypt';
import { encodeSecretBinding } from '../../src/crypto/format/binding';
import { encapsulatedKeyOf } from '../../src/crypto/format/sealed-value';
import type { BundleBinding, SecretBinding, SecretPlace } from '../../src/crypto/types';
import { parseConfigId, parseSecretName, parseTenantId } from '../../src/domain/ids';
import { configScope, TENANT_SCOPE } from '../../src/domain/scope';
import { MAX_VALUE_BYTES, SecretValue } from '../../src/domain/secret-value';
import { makeTestKeys } from './keys';
import type { TestKeys } from './keys';

const secret: SecretPlace = {
  tenantId: parseTenantId('acme'),
  scope: TENANT_SCOPE,
  name: parseSecretName('GREETER_SIGNATURE'),
};
const bundle: BundleBinding = { tenantId: parseTenantId('acme'), scope: TENANT_SCOPE, revision: 7 };
const config = configScope(parseConfigId('cfg_1'));

const failure = { name: 'DomainError', code: 'FAILED_PRECONDITION', reason: 'CIPHERTEXT_DOES_NOT_OPEN' };

let keys: TestKeys;
beforeAll(async () => {
  keys = await makeTestKeys();
});
afterAll(() => keys.remove());

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** A value sealed for `secret`, with all that it is bound to. */
async function seal(text: string | Uint8Array) {
  const { sealId, ciphertext } = await keys.acme.sealer.seal(SecretValue.parse(Buffer.from(text)), secret);
  return { ciphertext, binding: { ...secret, sealId } };
}

it('no two values have the same seal id, and none is part of what another is kept in', async () => {
  const ids = (await Promise.all(Array.from({ length: 300 }, () => seal('x')))).map(
    ({ binding }) => binding.sealId,
  );
  expect(new Set(ids.map(hex)).size).toBe(300);
  expect(new Set(ids.map(({ buffer, byteLength }) => `${byteLength} of ${buffer.byteLength}`))).toEqual(
    new Set(['16 of 16']),
  );
});

describe('a sealed value', () => {
  it('opens to the same bytes, whatever the text, the name and the scope', async () => {
    const value = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 200 })
      .map((text) => Buffer.from(text));
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/).map((text) => parseSecretName(text));
    const scope = fc.constantFrom(TENANT_SCOPE, config);
    await fc.assert(
      fc.asyncProperty(value, name, scope, async (bytes, name, scope) => {
        const place = { tenantId: secret.tenantId, scope, name };
        const sealed = await keys.acme.sealer.seal(SecretValue.parse(Buffer.from(bytes)), place);
        const { sealId, ciphertext } = sealed;
        const opened = await keys.acme.opener.openSecret(ciphertext, { ...place, sealId });
        expect(Buffer.from(opened.expose())).toEqual(bytes);
      }),
      { numRuns: 50 },
    );
  });

  it('may be as long as a value may be', async () => {
    const { ciphertext, binding } = await seal('x'.repeat(MAX_VALUE_BYTES));
    const opened = await keys.acme.opener.openSecret(ciphertext, binding);
    expect(opened.byteLength).toBe(MAX_VALUE_BYTES);
  });

  it('is 86 bytes longer than the padded value: prefix, encapsulated key, tag', async () => {
    expect((await seal('value')).ciphertext.byteLength).toBe(5 + 65 + 64 + 16);
  });

  it('is as long as that of any other value up to 63 bytes', async () => {
    const lengths = await Promise.all(
      [1, 8, 40, 63].map(async (n) => (await seal('x'.repeat(n))).ciphertext),
    );
    expect(new Set(lengths.map(({ byteLength }) => byteLength))).toEqual(new Set([150]));
  });

  it('looks different each time, and has a seal id of its own', async () => {
    const [one, two] = [await seal('value'), await seal('value')];
    expect(Buffer.from(one.ciphertext).equals(two.ciphertext)).toBe(false);
    expect(Buffer.from(one.binding.sealId).equals(two.binding.sealId)).toBe(false);
  });

  it('has an encapsulated key of its own and opens, also where many are sealed at the same time', async () => {
    const texts = ['A', 'B', 'C', 'D', 'E'];
    const all = await Promise.all(texts.map(seal));
    const points = all.map(({ ciphertext }) => encapsulatedKeyOf(ciphertext)).map(hex);
    expect(new Set(points).size).toBe(texts.length);
    const opened = await Promise.all(
      all.map(({ ciphertext, binding }) => keys.acme.opener.openSecret(ciphertext, binding)),
    );
    expect(opened.map((value) => Buffer.from(value.expose()).toString())).toEqual(texts);
  });

  it.each<[string, Uint8Array]>([
    ['is not padded', Buffer.from('value')],
    ['is padded to another length', Buffer.concat([pad(Buffer.from('value')), Buffer.alloc(1)])],
    ['has no end mark', Buffer.alloc(64)],
    ['is empty', pad(new Uint8Array())],
    ['is longer than a value may be', pad(Buffer.alloc(MAX_VALUE_BYTES + 1, 'x'))],
    ['is no UTF-8', pad(Uint8Array.of(0xff, 0xfe))],
  ])('does not open where what whoever sealed it sealed %s', async (_, plaintext) => {
    const binding = { ...secret, sealId: new Uint8Array(16) };
    const hybrid = createHybridEncrypt(keys.acme.keys.publicKeyset);
    const ciphertext = await hybrid.encrypt(plaintext, encodeSecretBinding(binding));
    await expect(keys.acme.opener.openSecret(ciphertext, binding)).rejects.toMatchObject(failure);
  });

  it.each<[string, Partial<SecretBinding>]>([
    ['name', { name: parseSecretName('greeter_signature') }],
    ['seal id', { sealId: new Uint8Array(16) }],
    ['scope', { scope: config }],
    ['tenant in the binding', { tenantId: parseTenantId('globex') }],
  ])('does not open under another %s', async (_, change) => {
    const { ciphertext, binding } = await seal('value');
    await expect(keys.acme.opener.openSecret(ciphertext, { ...binding, ...change })).rejects.toMatchObject(
      failure,
    );
  });

  it("does not open with another tenant's keys", async () => {
    const { ciphertext, binding } = await seal('value');
    const moved = { ...binding, tenantId: keys.globex.tenantId };
    await expect(keys.globex.opener.openSecret(ciphertext, binding)).rejects.toMatchObject(failure);
    await expect(keys.globex.opener.openSecret(ciphertext, moved)).rejects.toMatchObject(failure);
  });

  it('does not open with one bit flipped, wherever it is', async () => {
    const { ciphertext, binding } = await seal('a value of some length');
    await fc.assert(
      fc.asyncProperty(fc.nat(ciphertext.byteLength * 8 - 1), async (bit) => {
        const damaged = Uint8Array.from(ciphertext);
        damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
        await expect(keys.acme.opener.openSecret(damaged, binding)).rejects.toMatchObject(failure);
      }),
      { numRuns: 150 },
    );
  });

  it('does not open cut short at any length, or made longer', async () => {
    const { ciphertext, binding } = await seal('value');
    for (let length = 0; length < ciphertext.byteLength; length++) {
      const cut = ciphertext.subarray(0, length);
      await expect(keys.acme.opener.openSecret(cut, binding)).rejects.toMatchObject(failure);
    }
    const longer = Buffer.concat([ciphertext, Buffer.alloc(1)]);
    await expect(keys.acme.opener.openSecret(longer, binding)).rejects.toMatchObject(failure);
  });

  it('is refused for a tenant whose keys the sealer does not hold, before anything is stored', async () => {
    const place = { ...secret, tenantId: keys.globex.tenantId };
    const value = SecretValue.parse(Buffer.from('value'));
    await expect(keys.acme.sealer.seal(value, place)).rejects.toMatchObject({ reason: 'WRONG_SEALER' });
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

  it('does not show how long it is', async () => {
    const lengths = await Promise.all(
      ['', 'one', 'x'.repeat(63)].map(async (t) => (await sealBundle(t)).length),
    );
    expect(new Set(lengths)).toEqual(new Set([5 + 12 + 64 + 16]));
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
    const { ciphertext, binding } = await seal('value');
    const asSecret = keys.acme.opener.openSecret(await sealBundle('bundle'), binding);
    await expect(asSecret).rejects.toMatchObject(failure);
    await expect(keys.acme.opener.openBundle(ciphertext, bundle)).rejects.toMatchObject(failure);
  });
});

describe('a part of a bundle', () => {
  const part = { ...bundle, part: 4 };
  const sealPart = () => keys.acme.opener.sealBundlePart(Buffer.from('part'), part);

  it('opens to the same bytes', async () => {
    expect(Buffer.from(await keys.acme.opener.openBundlePart(await sealPart(), part)).toString()).toBe(
      'part',
    );
  });

  it.each([
    ['part', { part: 5 }],
    ['revision', { revision: 8 }],
    ['scope', { scope: config }],
    ['tenant in the binding', { tenantId: parseTenantId('globex') }],
  ])('does not open under another %s', async (_, change) => {
    await expect(
      keys.acme.opener.openBundlePart(await sealPart(), { ...part, ...change }),
    ).rejects.toMatchObject(failure);
  });

  it('does not open as a bundle, nor a bundle as a part', async () => {
    await expect(keys.acme.opener.openBundle(await sealPart(), bundle)).rejects.toMatchObject(failure);
    const whole = await keys.acme.opener.sealBundle(Buffer.from('bundle'), bundle);
    await expect(keys.acme.opener.openBundlePart(whole, part)).rejects.toMatchObject(failure);
  });
});

describe('a failure to open', () => {
  it('says the same whatever the reason, and nothing of the bytes', async () => {
    const { ciphertext, binding } = await seal('canary-4f1d');
    const attempts = [
      keys.acme.opener.openSecret(ciphertext, { ...binding, sealId: new Uint8Array(16) }),
      keys.globex.opener.openSecret(ciphertext, binding),
      keys.acme.opener.openSecret(ciphertext.subarray(0, 40), binding),
      keys.acme.opener.openSecret(new Uint8Array(0), binding),
      keys.acme.opener.openBundle(ciphertext, bundle),
    ];
    const messages = await Promise.all(
      attempts.map((attempt) => attempt.catch((error: Error) => error.message)),
    );
    expect(new Set(messages).size).toBe(1);
    expect(messages[0]).not.toContain('canary');
  });
});
