// The suite against the published test vectors of RFC 9180.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { AEAD_AES_256_GCM, CipherSuite, KDF_HKDF_SHA256, KEM_DHKEM_P256_HKDF_SHA256 } from 'hpke';
import { hkdfSha256 } from '../../src/crypto/hpke/kdf';
import { P256PrivateKey, P256PublicKey } from '../../src/crypto/hpke/kem';
import { hpkeSuite } from '../../src/crypto/hpke/suite';

interface Rfc9180Vector {
  readonly kem_id: number;
  readonly kdf_id: number;
  readonly aead_id: number;
  readonly info: string;
  readonly skRm: string;
  readonly pkRm: string;
  readonly enc: string;
  readonly encryptions: readonly { aad: string; ciphertext: string; plaintext: string }[];
  readonly exports: readonly { exporter_context: string; L: number; exported_value: string }[];
}

const file = join(__dirname, '../testdata/crypto/rfc9180-p256-aes256gcm.json');
const vector = JSON.parse(readFileSync(file, 'utf8')) as Rfc9180Vector;
const raw = (text: string) => Buffer.from(text, 'hex');
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('HPKE with DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM', () => {
  it('is the suite of the vectors', () => {
    expect([hpkeSuite.KEM.id, hpkeSuite.KDF.id, hpkeSuite.AEAD.id]).toEqual([
      vector.kem_id,
      vector.kdf_id,
      vector.aead_id,
    ]);
  });

  it('opens the published ciphertexts in their order', async () => {
    const key = new P256PrivateKey(raw(vector.skRm));
    expect(hex(key.point)).toBe(vector.pkRm);
    const context = await hpkeSuite.SetupRecipient(key, raw(vector.enc), { info: raw(vector.info) });
    for (const each of vector.encryptions) {
      expect(hex(await context.Open(raw(each.ciphertext), raw(each.aad)))).toBe(each.plaintext);
    }
  });

  it('exports the published secrets', async () => {
    const key = new P256PrivateKey(raw(vector.skRm));
    const context = await hpkeSuite.SetupRecipient(key, raw(vector.enc), { info: raw(vector.info) });
    for (const each of vector.exports) {
      expect(hex(await context.Export(raw(each.exporter_context), each.L))).toBe(each.exported_value);
    }
  });

  it('seals what the same library opens with WebCrypto, and the other way round', async () => {
    const web = new CipherSuite(KEM_DHKEM_P256_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_256_GCM);
    const options = { info: raw(vector.info), aad: Buffer.from('aad') };
    const plaintext = Buffer.from('plaintext');
    const webKey = await web.DeserializePrivateKey(raw(vector.skRm), true);
    const ours = await hpkeSuite.Seal(new P256PublicKey(raw(vector.pkRm)), plaintext, options);
    expect(hex(await web.Open(webKey, ours.encapsulatedSecret, ours.ciphertext, options))).toBe(
      hex(plaintext),
    );
    const theirs = await web.Seal(await web.DeserializePublicKey(raw(vector.pkRm)), plaintext, options);
    const key = new P256PrivateKey(raw(vector.skRm));
    const opened = await hpkeSuite.Open(key, theirs.encapsulatedSecret, theirs.ciphertext, options);
    expect(hex(opened)).toBe(hex(plaintext));
  });

  it('takes no point that is off the curve, compressed or of another length', () => {
    const point = raw(vector.pkRm);
    const offCurve = Buffer.from(point);
    offCurve[64] = (offCurve[64] as number) ^ 1;
    const compressed = Buffer.concat([Buffer.of(2), point.subarray(1, 33)]);
    const hybrid = Buffer.concat([Buffer.of(6 + ((point[64] as number) & 1)), point.subarray(1)]);
    for (const bytes of [offCurve, compressed, hybrid, Buffer.alloc(65), Buffer.alloc(0)]) {
      expect(() => new P256PublicKey(bytes)).toThrow();
      expect(() => new P256PrivateKey(raw(vector.skRm)).diffieHellman(bytes)).toThrow();
    }
  });

  it('takes no private key that is zero, above the order of the curve or of another length', () => {
    for (const bytes of [
      Buffer.alloc(32),
      Buffer.alloc(32, 0xff),
      Buffer.alloc(31, 1),
      Buffer.alloc(33, 1),
    ]) {
      expect(() => new P256PrivateKey(bytes)).toThrow();
    }
  });
});

describe('HKDF-SHA256', () => {
  it('gives the output of RFC 5869, test cases 1 and 3', async () => {
    const kdf = hkdfSha256();
    const ikm = Buffer.alloc(22, 0x0b);
    const prk = await kdf.Extract(raw('000102030405060708090a0b0c'), ikm);
    expect(hex(await kdf.Expand(prk, raw('f0f1f2f3f4f5f6f7f8f9'), 42))).toBe(
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    );
    const unsalted = await kdf.Extract(Buffer.alloc(0), ikm);
    expect(hex(await kdf.Expand(unsalted, Buffer.alloc(0), 42))).toBe(
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    );
  });
});
