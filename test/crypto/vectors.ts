// The vectors that we exchange with other languages' Tink: their form, our making and our opening of them.

import { createKeyring } from '../../src/crypto/open/create-keyring';
import { createAead } from '../../src/crypto/tink/aead';
import { unwrapKeyset, wrapKeyset } from '../../src/crypto/tink/encrypted-keyset';
import {
  generateAeadKeyset,
  generateHybridKeyset,
  generateMacKeyset,
  generateSigningKeyset,
} from '../../src/crypto/tink/generate';
import { createHybridDecrypt } from '../../src/crypto/tink/hybrid-decrypt';
import { createHybridEncrypt } from '../../src/crypto/tink/hybrid-encrypt';
import { parseKeyset, serializeKeyset } from '../../src/crypto/format/keyset';
import { createMac } from '../../src/crypto/tink/mac';
import { createSign, createVerify } from '../../src/crypto/tink/ecdsa';
import type { Kek } from '../../src/crypto/kek/kek';
import { parseTenantId } from '../../src/domain/ids';
import { statementOf } from '../../src/store/statement';

type Vector<Field extends string> = { readonly note: string } & Readonly<Record<Field, string>>;

/** All but notes are hexadecimal. */
export interface Vectors {
  readonly madeBy: string;
  readonly hybrid: Vector<'privateKeyset' | 'publicKeyset' | 'contextInfo' | 'plaintext' | 'ciphertext'>[];
  readonly aead: Vector<'keyset' | 'associatedData' | 'plaintext' | 'ciphertext'>[];
  readonly mac: Vector<'keyset' | 'data' | 'mac'>[];
  readonly signature: Vector<'privateKeyset' | 'publicKeyset' | 'message' | 'signature'>[];
  readonly encryptedKeysets: Vector<'kek' | 'associatedData' | 'encryptedKeyset' | 'keyset'>[];
}

/** For each vector, in its order, whether it opened to what it says. */
export type Opened = Record<Exclude<keyof Vectors, 'madeBy'>, boolean[]>;

export function allOpen(vectors: Vectors): Opened {
  const yes = (list: readonly unknown[]) => list.map(() => true);
  return {
    hybrid: yes(vectors.hybrid),
    aead: yes(vectors.aead),
    mac: yes(vectors.mac),
    signature: yes(vectors.signature),
    encryptedKeysets: yes(vectors.encryptedKeysets),
  };
}

/** The statement of a scope's head (docs/format.md, "Signed rows"). */
function aSignedRow(): Uint8Array {
  const row = {
    tenant_id: 'acme',
    scope: 'tenant',
    revision: 7,
    names: 1,
    bytes: 3,
    digest: Buffer.alloc(32, 1),
  };
  return statementOf('scopes', row) as Uint8Array;
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const raw = (text: string) => Buffer.from(text, 'hex');

/** A KEK over a keyset, as the local one is. */
export function kekOf(keyset: Uint8Array): Kek {
  const aead = createAead(keyset);
  return {
    uri: 'test:kek',
    wrap: async (plaintext, associatedData) => aead.encrypt(plaintext, associatedData),
    unwrap: async (ciphertext, associatedData) => aead.decrypt(ciphertext, associatedData),
  };
}

export async function openWithOurs(theirs: Vectors): Promise<Opened> {
  const each = <T>(list: readonly T[], opens: (vector: T) => Promise<boolean>) =>
    Promise.all(list.map((vector) => opens(vector).catch(() => false)));
  return {
    hybrid: await each(theirs.hybrid, async (v) => {
      const opened = await createHybridDecrypt(raw(v.privateKeyset)).decrypt(
        raw(v.ciphertext),
        raw(v.contextInfo),
      );
      return hex(opened) === v.plaintext;
    }),
    aead: await each(theirs.aead, async (v) => {
      const opened = createAead(raw(v.keyset)).decrypt(raw(v.ciphertext), raw(v.associatedData));
      return hex(opened) === v.plaintext;
    }),
    mac: await each(theirs.mac, async (v) => createMac(raw(v.keyset)).verify(raw(v.mac), raw(v.data))),
    signature: await each(theirs.signature, async (v) =>
      createVerify(raw(v.publicKeyset))(raw(v.signature), raw(v.message)),
    ),
    encryptedKeysets: await each(theirs.encryptedKeysets, async (v) => {
      const keyset = await unwrapKeyset(kekOf(raw(v.kek)), raw(v.encryptedKeyset), raw(v.associatedData));
      return hex(serializeKeyset(parseKeyset(keyset))) === hex(serializeKeyset(parseKeyset(raw(v.keyset))));
    }),
  };
}

/** The keys of both, the second's primary. */
export function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const newer = parseKeyset(second);
  return serializeKeyset({
    primaryKeyId: newer.primaryKeyId,
    keys: [...parseKeyset(first).keys, ...newer.keys],
  });
}

const plaintext = Buffer.from('sk-test-🔑\nsecond line');
const bound = Buffer.from('bound to this');

export async function makeOurs(): Promise<Vectors> {
  const older = await generateHybridKeyset();
  const newer = await generateHybridKeyset();
  const aead = await generateAeadKeyset();
  const aeadRotated = joined(aead, await generateAeadKeyset());
  const mac = generateMacKeyset();
  const signing = await generateSigningKeyset();
  return {
    madeBy: 'axiom',
    hybrid: [
      await hybridVector('one key', older.publicKeyset, older.privateKeyset),
      await hybridVector(
        'sealed before the new key took over',
        older.publicKeyset,
        joined(older.privateKeyset, newer.privateKeyset),
      ),
    ],
    aead: [
      aeadVector('one key', aead, aead),
      aeadVector('sealed before the new key took over', aead, aeadRotated),
    ],
    mac: [
      {
        note: 'one key',
        keyset: hex(mac),
        data: hex(plaintext),
        mac: hex(createMac(mac).compute(plaintext)),
      },
    ],
    signature: [['one key', plaintext] as const, ['a signed row', aSignedRow()] as const].map(
      ([note, message]) => ({
        note,
        privateKeyset: hex(signing.privateKeyset),
        publicKeyset: hex(signing.publicKeyset),
        message: hex(message),
        signature: hex(createSign(signing.privateKeyset)(message)),
      }),
    ),
    encryptedKeysets: [
      await encryptedKeyset('a hybrid keyset', older.privateKeyset),
      ...(await keyringKeysets()),
    ],
  };
}

async function hybridVector(note: string, publicKeyset: Uint8Array, privateKeyset: Uint8Array) {
  const ciphertext = await createHybridEncrypt(publicKeyset).encrypt(plaintext, bound);
  return {
    note,
    privateKeyset: hex(privateKeyset),
    publicKeyset: hex(publicKeyset),
    contextInfo: hex(bound),
    plaintext: hex(plaintext),
    ciphertext: hex(ciphertext),
  };
}

function aeadVector(note: string, sealing: Uint8Array, opening: Uint8Array) {
  const ciphertext = createAead(sealing).encrypt(plaintext, bound);
  return {
    note,
    keyset: hex(opening),
    associatedData: hex(bound),
    plaintext: hex(plaintext),
    ciphertext: hex(ciphertext),
  };
}

async function encryptedKeyset(note: string, keyset: Uint8Array) {
  const kek = await generateAeadKeyset();
  const encrypted = await wrapKeyset(kekOf(kek), Uint8Array.from(keyset), bound);
  return {
    note,
    kek: hex(kek),
    associatedData: hex(bound),
    encryptedKeyset: hex(encrypted),
    keyset: hex(keyset),
  };
}

/** The keysets that the keyring wraps for the store, caught on their way into the KEK. */
async function keyringKeysets(): Promise<Vectors['encryptedKeysets']> {
  const kekKeyset = await generateAeadKeyset();
  const kek = kekOf(kekKeyset);
  const seen: { keyset: string; associatedData: string }[] = [];
  const keyring = createKeyring({
    ...kek,
    wrap: (keyset, associatedData) => {
      seen.push({ keyset: hex(keyset), associatedData: hex(associatedData) });
      return kek.wrap(keyset, associatedData);
    },
  });
  const service = await keyring.createServiceKeys();
  const tenant = await keyring.createTenantKeys(parseTenantId('acme'), service.wrappedSigningKeyset);
  const wrapped = [
    service.wrappedSigningKeyset,
    service.wrappedTokenKeyset,
    tenant.wrappedPrivateKeyset,
    tenant.wrappedBundleKeyset,
  ];
  const notes = ['signing keyset', 'token keyset', 'tenant private keyset', 'tenant bundle keyset'];
  return seen.map((each, at) => ({
    note: notes[at] as string,
    kek: hex(kekKeyset),
    ...each,
    encryptedKeyset: hex(wrapped[at] as Uint8Array),
  }));
}
