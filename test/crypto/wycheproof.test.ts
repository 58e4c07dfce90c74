// Wycheproof's vectors against the primitives that we use: what is valid works, what is not is refused.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { verifySignature } from '../../src/console/app/sealing/verify-signature';
import { KEY_ENABLED, PREFIX_RAW, serializeKeyset, TYPE_URL } from '../../src/crypto/format/keyset';
import { aes256Gcm } from '../../src/crypto/hpke/aead';
import { hkdfSha256 } from '../../src/crypto/hpke/kdf';
import { P256PrivateKey, P256PublicKey } from '../../src/crypto/hpke/kem';
import { isP256Point } from '../../src/crypto/seal/point';
import { createAead } from '../../src/crypto/tink/aead';
import { createMac } from '../../src/crypto/tink/mac';
import { createVerify } from '../../src/crypto/tink/ecdsa';

type Result = 'valid' | 'invalid' | 'acceptable';
type Test<F extends string> = { readonly tcId: number; readonly result: Result } & Readonly<
  Record<F, string>
>;

/** The tests of a file, each with its group. */
function vectors<F extends string, G extends object = object>(file: string): (Test<F> & G)[] {
  const path = join(__dirname, '../testdata/crypto/wycheproof', file);
  const groups = JSON.parse(readFileSync(path, 'utf8')) as ({ tests: Test<F>[] } & G)[];
  return groups.flatMap(({ tests, ...group }) => tests.map((test) => ({ ...(group as G), ...test })));
}

const raw = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Tests whose answer differs from the vectors': none may. */
async function wrong<T extends Test<never>>(
  tests: readonly T[],
  accepts: (test: T) => Promise<boolean> | boolean,
): Promise<number[]> {
  const differing: number[] = [];
  for (const test of tests) {
    const accepted = await Promise.resolve()
      .then(() => accepts(test))
      .catch(() => false);
    if (test.result !== 'acceptable' && accepted !== (test.result === 'valid')) differing.push(test.tcId);
  }
  return differing;
}

/** google.crypto.tink.KeyData.KeyMaterialType */
const SYMMETRIC = 1;
const ASYMMETRIC_PUBLIC = 3;

/** A keyset of one key without an output prefix. */
function keysetOf(typeUrl: string, value: Uint8Array, materialType = SYMMETRIC): Uint8Array {
  const key = { typeUrl, value, materialType, status: KEY_ENABLED, keyId: 1, prefixType: PREFIX_RAW };
  return serializeKeyset({ primaryKeyId: 1, keys: [key] });
}

describe('Wycheproof', () => {
  it('agrees on P-256 key agreement, and every point off the curve is refused', async () => {
    const tests = vectors<'public' | 'private' | 'shared'>('ecdh.json');
    expect(tests.length).toBeGreaterThan(300);
    const agree = (test: (typeof tests)[number]) => {
      // Scalars are written as numbers, with zeros in front or without.
      const scalar = raw(test.private.slice(-64).padStart(64, '0'));
      const key = new P256PrivateKey(scalar);
      const other = new P256PublicKey(raw(test.public));
      return hex(key.diffieHellman(other.point)) === test.shared;
    };
    // RFC 9180 has uncompressed points only.
    const uncompressed = tests.filter((test) => test.public.startsWith('04') || test.result !== 'valid');
    expect(uncompressed.length).toBeGreaterThan(300);
    expect(await wrong(uncompressed, agree)).toEqual([]);
    const ours = new P256PrivateKey(Buffer.alloc(32, 1));
    for (const test of tests.filter((one) => !one.public.startsWith('04'))) {
      expect(() => new P256PublicKey(raw(test.public))).toThrow();
      expect(() => ours.diffieHellman(raw(test.public))).toThrow();
    }
  });

  // x = 5 is on the curve, and so is x + p, which 32 bytes hold too: the one is a coordinate and the other none.
  it.each([
    ['0000000000000000000000000000000000000000000000000000000000000005', true],
    ['ffffffff00000001000000000000000000000001000000000000000000000004', false],
  ])('takes a coordinate below the prime and no other: %s', (x, isPoint) => {
    const y = '459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc';
    expect(isP256Point(raw(`04${x}${y}`))).toBe(isPoint);
  });

  it('agrees on ECDSA signatures, on the server and in the browser', async () => {
    const tests = vectors<'msg' | 'sig', { uncompressed: string }>('ecdsa.json');
    expect(tests.length).toBeGreaterThan(400);
    const keyset = ({ uncompressed }: (typeof tests)[number]) => {
      const value = new BinaryWriter().tag(2, WireType.LengthDelimited).fork();
      // google.crypto.tink.EcdsaParams: SHA-256, P-256, DER.
      for (const [field, number] of [
        [1, 3],
        [2, 2],
        [3, 2],
      ] as const)
        value.tag(field, WireType.Varint).int32(number);
      value
        .join()
        .tag(3, WireType.LengthDelimited)
        .bytes(raw(uncompressed.slice(2, 66)));
      value.tag(4, WireType.LengthDelimited).bytes(raw(uncompressed.slice(66)));
      return keysetOf(TYPE_URL.ecdsaPublic, value.finish(), ASYMMETRIC_PUBLIC);
    };
    const inBrowser = (test: (typeof tests)[number]) =>
      verifySignature(keyset(test), raw(test.sig), raw(test.msg));
    const onServer = async (test: (typeof tests)[number]) =>
      (await createVerify(keyset(test)))(raw(test.sig), raw(test.msg));
    expect(await wrong(tests, inBrowser)).toEqual([]);
    expect(await wrong(tests, onServer)).toEqual([]);
  });

  it('agrees on AES-GCM, as bundles and keysets use it and as HPKE does', async () => {
    const tests = vectors<'key' | 'iv' | 'aad' | 'msg' | 'ct' | 'tag'>('aes-gcm.json');
    expect(tests.length).toBeGreaterThan(100);
    const asTink = (test: (typeof tests)[number]) => {
      const value = new BinaryWriter().tag(3, WireType.LengthDelimited).bytes(raw(test.key)).finish();
      const aead = createAead(keysetOf(TYPE_URL.aesGcm, value));
      return hex(aead.decrypt(raw(test.iv + test.ct + test.tag), raw(test.aad))) === test.msg;
    };
    const asHpke = async (test: (typeof tests)[number]) => {
      const [key, iv, aad] = [raw(test.key), raw(test.iv), raw(test.aad)];
      const opened = await aes256Gcm().Open(key, iv, aad, raw(test.ct + test.tag));
      const sealed = await aes256Gcm().Seal(key, iv, aad, raw(test.msg));
      return hex(opened) === test.msg && hex(sealed) === test.ct + test.tag;
    };
    expect(await wrong(tests, asTink)).toEqual([]);
    expect(
      await wrong(
        tests.filter(({ key }) => key.length === 64),
        asHpke,
      ),
    ).toEqual([]);
  });

  it('agrees on HKDF', async () => {
    const tests = vectors<'ikm' | 'salt' | 'info' | 'okm', { size: number }>('hkdf.json');
    // RFC 5869 bounds the output's length; HPKE asks for 32 bytes at most.
    const bounded = tests.filter(({ result }) => result === 'valid');
    expect(bounded.length).toBeGreaterThan(70);
    const kdf = hkdfSha256();
    const derive = async ({ ikm, salt, info, okm, size }: (typeof bounded)[number]) =>
      hex(await kdf.Expand(await kdf.Extract(raw(salt), raw(ikm)), raw(info), size)) === okm;
    expect(await wrong(bounded, derive)).toEqual([]);
  });

  it('agrees on HMAC', async () => {
    const tests = vectors<'key' | 'msg' | 'tag'>('hmac.json');
    // Keys of less than 16 bytes are refused whatever they sign.
    const strong = tests.filter(({ key }) => key.length >= 32);
    expect(strong.length).toBeGreaterThan(70);
    const verify = (test: (typeof tests)[number]) => {
      const value = new BinaryWriter().tag(2, WireType.LengthDelimited).fork();
      value.tag(1, WireType.Varint).int32(3).tag(2, WireType.Varint).uint32(32).join();
      value.tag(3, WireType.LengthDelimited).bytes(raw(test.key));
      return createMac(keysetOf(TYPE_URL.hmac, value.finish())).verify(raw(test.tag), raw(test.msg));
    };
    expect(await wrong(strong, verify)).toEqual([]);
  });
});
