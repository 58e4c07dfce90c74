/**
 * DHKEM(P-256, HKDF-SHA256) (RFC 9180 §4.1) with the elliptic-curve work done by node:crypto.
 *
 * WebCrypto imports, exports and derives in separate trips to a thread pool, and a value sealed
 * or opened costs two to ten times as much there (docs/decisions/hpke-over-node-crypto.md).
 */

import { createECDH, ECDH } from 'node:crypto';
import { encode, I2OSP, KEM_DHKEM_P256_HKDF_SHA256, LabeledExpand, LabeledExtract } from 'hpke';
import type { KEM, Key } from 'hpke';
import { hkdfSha256 } from './kdf';

const CURVE = 'prime256v1';
const SCALAR_BYTES = 32;
const POINT_BYTES = 65;
const UNCOMPRESSED = 0x04;

/** A P-256 public key: its uncompressed point, 65 bytes. */
export class P256PublicKey implements Key {
  readonly type = 'public';
  readonly algorithm = { name: 'ECDH' };
  readonly extractable = true;
  readonly point: Uint8Array;

  /**
   * Copies the bytes: keysets are overwritten once they are parsed.
   * @throws RangeError, or Error of OpenSSL, when the bytes are not an uncompressed point of the curve.
   */
  constructor(point: Uint8Array) {
    if (point.byteLength !== POINT_BYTES || point[0] !== UNCOMPRESSED) {
      throw new RangeError('not an uncompressed P-256 point');
    }
    // Throws when the point is not on the curve.
    ECDH.convertKey(point, CURVE);
    this.point = Uint8Array.from(point);
  }
}

/** A P-256 private key; the scalar is kept by OpenSSL only. */
export class P256PrivateKey implements Key {
  readonly type = 'private';
  readonly algorithm = { name: 'ECDH' };
  readonly extractable = false;
  readonly #ecdh = createECDH(CURVE);
  readonly point: Uint8Array;

  /** @throws RangeError, or Error of OpenSSL, when the bytes are not a scalar of the curve. */
  constructor(scalar: Uint8Array) {
    if (scalar.byteLength !== SCALAR_BYTES) {
      throw new RangeError('not a P-256 private key');
    }
    this.#ecdh.setPrivateKey(scalar);
    this.point = this.#ecdh.getPublicKey();
  }

  /** @throws Error when the other's point is not on the curve. */
  diffieHellman(other: P256PublicKey): Buffer {
    return this.#ecdh.computeSecret(other.point);
  }
}

/** The library's KEM with its key agreement replaced; takes the two key classes above. */
export function dhkemP256(): KEM {
  return {
    ...KEM_DHKEM_P256_HKDF_SHA256(),
    async Encap(recipient) {
      const { point } = recipient as P256PublicKey;
      const { enc, agreed } = agreeOnce(point);
      const shared = await sharedSecret(agreed, Buffer.concat([enc, point]));
      return { shared_secret: shared, enc };
    },
    async Decap(enc, recipient) {
      const key = recipient as P256PrivateKey;
      const agreed = key.diffieHellman(new P256PublicKey(enc));
      return sharedSecret(agreed, Buffer.concat([enc, key.point]));
    },
  };
}

let ephemeral: ECDH | undefined;

/**
 * An agreement with a key pair that is made for it and used for no other. What OpenSSL keeps the pair in takes as long to
 * make as the pair, so the agreements of one turn of the event loop share it; after the turn nothing here holds the last.
 */
function agreeOnce(point: Uint8Array): { readonly enc: Buffer; readonly agreed: Buffer } {
  if (ephemeral === undefined) {
    ephemeral = createECDH(CURVE);
    setImmediate(() => (ephemeral = undefined));
  }
  const enc = ephemeral.generateKeys();
  return { enc, agreed: ephemeral.computeSecret(point) };
}

/** ExtractAndExpand of RFC 9180 §4.1; overwrites the agreed secret with zeros. */
async function sharedSecret(agreed: Buffer, kemContext: Uint8Array): Promise<Uint8Array> {
  const kdf = hkdfSha256();
  const { id, Nsecret } = KEM_DHKEM_P256_HKDF_SHA256();
  const suiteId = Buffer.concat([encode('KEM'), I2OSP(id, 2)]);
  const prk = await LabeledExtract(kdf, suiteId, new Uint8Array(0), encode('eae_prk'), agreed);
  agreed.fill(0);
  return LabeledExpand(kdf, suiteId, prk, encode('shared_secret'), kemContext, Nsecret);
}
