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
    checkUncompressed(point);
    checkOnCurve(point);
    this.point = Uint8Array.from(point);
  }
}

function checkUncompressed(point: Uint8Array): void {
  if (point.byteLength !== POINT_BYTES || point[0] !== UNCOMPRESSED)
    throw new RangeError('not an uncompressed P-256 point');
}

/**
 * Of no key: it has OpenSSL look at points, and keeps the curve, which `ECDH.convertKey` makes anew each time, for 8 to 13 µs
 * more. Node's documentation advises against the function, since no agreement needs it (DEP0031), and its types leave it out.
 */
const looking = createECDH(CURVE) as ECDH & { setPublicKey(point: Uint8Array): void };

/** From here on Node warns of that function at its first call, on stderr, where the lines of a server's log are. */
const WARNING_MAJOR = 24;
const isWarnedOf = Number(process.versions.node.split('.')[0]) >= WARNING_MAJOR;

/** @throws Error of OpenSSL when the point is not on the curve. */
function checkOnCurve(point: Uint8Array): void {
  if (isWarnedOf) ECDH.convertKey(point, CURVE);
  else looking.setPublicKey(point);
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

  /** @throws RangeError, or Error of OpenSSL, when the other's bytes are not an uncompressed point of the curve. */
  diffieHellman(point: Uint8Array): Buffer {
    checkUncompressed(point);
    return this.#ecdh.computeSecret(point);
  }
}

const LIBRARY_KEM = KEM_DHKEM_P256_HKDF_SHA256();
const KDF = hkdfSha256();
const SUITE_ID = Buffer.concat([encode('KEM'), I2OSP(LIBRARY_KEM.id, 2)]);

/** The library's KEM with its key agreement replaced; takes the two key classes above. */
export function dhkemP256(): KEM {
  return {
    ...LIBRARY_KEM,
    async Encap(recipient) {
      const { point } = recipient as P256PublicKey;
      const { enc, agreed } = agreeOnce(point);
      const shared = await sharedSecret(agreed, Buffer.concat([enc, point]));
      return { shared_secret: shared, enc };
    },
    async Decap(enc, recipient) {
      const key = recipient as P256PrivateKey;
      const agreed = key.diffieHellman(enc);
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
  const prk = await LabeledExtract(KDF, SUITE_ID, new Uint8Array(0), encode('eae_prk'), agreed);
  agreed.fill(0);
  return LabeledExpand(KDF, SUITE_ID, prk, encode('shared_secret'), kemContext, LIBRARY_KEM.Nsecret);
}
