// Keysets as Tink has them: several keys at once, disabled ones, ones without prefix; and what is none.

import { describe, expect, it } from '@jest/globals';
import { createAead } from '../../src/crypto/tink/aead';
import {
  generateAeadKeyset,
  generateHybridKeyset,
  generateMacKeyset,
  generateSigningKeyset,
} from '../../src/crypto/tink/generate';
import { createHybridDecrypt } from '../../src/crypto/tink/hybrid-decrypt';
import { createHybridEncrypt } from '../../src/crypto/tink/hybrid-encrypt';
import { parseKeyset, PREFIX_RAW, serializeKeyset } from '../../src/crypto/format/keyset';
import type { KeysetKey } from '../../src/crypto/format/keyset';
import { tinkLibrary } from '../../src/crypto/tink/library';
import { createMac } from '../../src/crypto/tink/mac';
import { createSign, createVerify } from '../../src/crypto/tink/ecdsa';
import { joined } from './vectors';

const DISABLED = 2;
const plaintext = Buffer.from('value');
const bound = Buffer.from('bound to this');
const malformed = expect.objectContaining({ code: 'FAILED_PRECONDITION', reason: 'MALFORMED_KEYSET' });

/** The keyset with one of its keys changed. */
function changed(keyset: Uint8Array, change: (key: KeysetKey, at: number) => Partial<KeysetKey>): Uint8Array {
  const parsed = parseKeyset(keyset);
  return serializeKeyset({ ...parsed, keys: parsed.keys.map((key, at) => ({ ...key, ...change(key, at) })) });
}

function withLastBitFlipped(bytes: Uint8Array): Uint8Array {
  const flipped = Uint8Array.from(bytes);
  flipped[flipped.byteLength - 1] = (flipped.at(-1) as number) ^ 1;
  return flipped;
}

describe('tink-crypto', () => {
  it('leaves no browser in the process it is loaded into', () => {
    tinkLibrary();
    expect(['window', 'self', 'goog', 'tinkCrypto'].filter((name) => name in globalThis)).toEqual([]);
  });

  it('opens what we seal, and we open what it seals', async () => {
    const tink = tinkLibrary();
    const { privateKeyset, publicKeyset } = await generateHybridKeyset();
    const decrypt = await tink.binaryInsecure
      .deserializeKeyset(privateKeyset)
      .getPrimitive<{ decrypt(c: Uint8Array, i: Uint8Array): Promise<Uint8Array> }>(
        tink.hybrid.HybridDecrypt,
      );
    const encrypt = await tink.binary
      .deserializeNoSecretKeyset(publicKeyset)
      .getPrimitive<{ encrypt(p: Uint8Array, i: Uint8Array): Promise<Uint8Array> }>(
        tink.hybrid.HybridEncrypt,
      );
    const ours = await createHybridEncrypt(publicKeyset).encrypt(plaintext, bound);
    expect(Buffer.from(await decrypt.decrypt(ours, bound))).toEqual(plaintext);
    const theirs = await encrypt.encrypt(plaintext, bound);
    expect(Buffer.from(await createHybridDecrypt(privateKeyset).decrypt(theirs, bound))).toEqual(plaintext);
  });

  it('opens our bundles, and we open its', async () => {
    const tink = tinkLibrary();
    const keyset = await generateAeadKeyset();
    const aead = await tink.binaryInsecure.deserializeKeyset(keyset).getPrimitive<{
      encrypt(p: Uint8Array, a: Uint8Array): Promise<Uint8Array>;
      decrypt(c: Uint8Array, a: Uint8Array): Promise<Uint8Array>;
    }>(tink.aead.Aead);
    const ours = createAead(keyset).encrypt(plaintext, bound);
    expect(Buffer.from(await aead.decrypt(ours, bound))).toEqual(plaintext);
    const theirs = await aead.encrypt(plaintext, bound);
    expect(createAead(keyset).decrypt(theirs, bound)).toEqual(plaintext);
  });
});

describe('a keyset of several keys', () => {
  it('seals with its primary and opens what any of its enabled keys sealed', async () => {
    const [older, newer] = [await generateHybridKeyset(), await generateHybridKeyset()];
    const publicBoth = joined(older.publicKeyset, newer.publicKeyset);
    const privateBoth = createHybridDecrypt(joined(older.privateKeyset, newer.privateKeyset));
    const byOlder = await createHybridEncrypt(older.publicKeyset).encrypt(plaintext, bound);
    const byBoth = await createHybridEncrypt(publicBoth).encrypt(plaintext, bound);
    expect(Buffer.from(byBoth).readUInt32BE(1)).toBe(parseKeyset(newer.publicKeyset).primaryKeyId);
    for (const ciphertext of [byOlder, byBoth]) {
      expect(Buffer.from(await privateBoth.decrypt(ciphertext, bound))).toEqual(plaintext);
    }
    await expect(createHybridDecrypt(older.privateKeyset).decrypt(byBoth, bound)).rejects.toMatchObject({
      reason: 'CIPHERTEXT_DOES_NOT_OPEN',
    });
  });

  it('opens nothing with a disabled key', async () => {
    const older = await generateAeadKeyset();
    const both = joined(older, await generateAeadKeyset());
    const ciphertext = createAead(older).encrypt(plaintext, bound);
    expect(createAead(both).decrypt(ciphertext, bound)).toEqual(plaintext);
    const retired = changed(both, (_, at) => (at === 0 ? { status: DISABLED } : {}));
    expect(() => createAead(retired).decrypt(ciphertext, bound)).toThrow('does not open');
  });

  it('tries keys without prefix last, as Tink does', async () => {
    const raw = changed(await generateAeadKeyset(), () => ({ prefixType: PREFIX_RAW }));
    const ciphertext = createAead(raw).encrypt(plaintext, bound);
    expect(ciphertext.byteLength).toBe(12 + plaintext.byteLength + 16);
    expect(createAead(joined(raw, await generateAeadKeyset())).decrypt(ciphertext, bound)).toEqual(plaintext);
    const mac = changed(generateMacKeyset(), () => ({ prefixType: PREFIX_RAW }));
    const tag = createMac(mac).compute(plaintext);
    expect(createMac(joined(mac, generateMacKeyset())).verify(tag, plaintext)).toBe(true);
  });

  it('tells keys of one id apart by trying both', async () => {
    const [one, two] = [await generateAeadKeyset(), await generateAeadKeyset()];
    const { primaryKeyId, keys } = parseKeyset(one);
    const twins = [...parseKeyset(two).keys, ...keys].map((key) => ({ ...key, keyId: primaryKeyId }));
    const aead = createAead(serializeKeyset({ primaryKeyId, keys: twins }));
    expect(aead.decrypt(createAead(one).encrypt(plaintext, bound), bound)).toEqual(plaintext);
  });
});

describe('bytes that are no keyset of the kind wanted', () => {
  it('are refused, whatever they are', async () => {
    const hybrid = await generateHybridKeyset();
    const signing = await generateSigningKeyset();
    const aead = await generateAeadKeyset();
    const attempts: (() => unknown)[] = [
      () => createAead(Buffer.alloc(0)),
      () => createAead(Buffer.from('not a keyset')),
      () => createAead(Buffer.from('ffffffffff', 'hex')),
      () => createAead(hybrid.publicKeyset),
      () => createAead(changed(aead, () => ({ prefixType: 4 }))),
      () => createAead(changed(aead, () => ({ value: Buffer.from('1a0401020304', 'hex') }))),
      () => createMac(aead),
      () => createMac(changed(generateMacKeyset(), () => ({ value: Buffer.from('1a0401020304', 'hex') }))),
      () => createHybridEncrypt(hybrid.privateKeyset),
      () => createHybridDecrypt(hybrid.publicKeyset),
      () => createSign(signing.publicKeyset),
      () => createVerify(signing.privateKeyset),
    ];
    for (const attempt of attempts) {
      await expect(Promise.resolve().then(attempt)).rejects.toEqual(malformed);
    }
  });

  it.each<[string, () => Promise<Uint8Array> | Uint8Array, (keyset: Uint8Array) => unknown]>([
    ['that encrypts', generateAeadKeyset, createAead],
    ['that authenticates', generateMacKeyset, createMac],
    ['that seals', async () => (await generateHybridKeyset()).publicKeyset, createHybridEncrypt],
    ['that opens', async () => (await generateHybridKeyset()).privateKeyset, createHybridDecrypt],
    ['that signs', async () => (await generateSigningKeyset()).privateKeyset, createSign],
    ['that verifies', async () => (await generateSigningKeyset()).publicKeyset, createVerify],
  ])('%s are refused when the primary key is disabled or missing', async (_what, make, use) => {
    const keyset = parseKeyset(await make());
    use(serializeKeyset(keyset));
    const disabled = keyset.keys.map((key) => ({ ...key, status: DISABLED }));
    expect(() => use(serializeKeyset({ ...keyset, keys: disabled }))).toThrow(malformed);
    const primaryKeyId = (keyset.primaryKeyId ^ 1) >>> 0;
    expect(() => use(serializeKeyset({ ...keyset, primaryKeyId }))).toThrow(malformed);
  });

  it('are refused for another suite, a point off the curve, or halves of two keys', async () => {
    const [one, two] = [await generateHybridKeyset(), await generateHybridKeyset()];
    const offCurve = changed(one.publicKeyset, (key) => ({ value: withLastBitFlipped(key.value) }));
    expect(() => createHybridEncrypt(offCurve)).toThrow(malformed);
    // HpkeParams.aead: 2, AES-256-GCM, becomes 1, AES-128-GCM.
    const otherSuite = changed(one.publicKeyset, (key) => ({
      value: Buffer.from(
        Buffer.from(key.value).toString('hex').replace('080210011802', '080210011801'),
        'hex',
      ),
    }));
    expect(() => createHybridEncrypt(otherSuite)).toThrow(malformed);
    // HpkePrivateKey ends in its 32-byte scalar.
    const scalar = (parseKeyset(two.privateKeyset).keys[0] as KeysetKey).value.subarray(-32);
    const halves = changed(one.privateKeyset, (key) => ({
      value: Buffer.concat([key.value.subarray(0, -32), scalar]),
    }));
    expect(() => createHybridDecrypt(halves)).toThrow(malformed);
    const zero = changed(one.privateKeyset, (key) => ({
      value: Buffer.concat([key.value.subarray(0, -32), Buffer.alloc(32)]),
    }));
    expect(() => createHybridDecrypt(zero)).toThrow(malformed);
  });
});
