/**
 * Signed notes with Ed25519 (https://c2sp.org/signed-note): a text, a blank line and signature lines, which
 * whoever has the signer's verifier key can check with tools that are not ours (golang.org/x/mod/sumdb/note).
 */

import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto';

/** The signature type of Ed25519 in key hashes and verifier keys. */
const ED25519 = 0x01;
const KEY_HASH_BYTES = 4;
const PUBLIC_KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
/** A checkpoint with a signature is some 300 bytes; a note has room for co-signatures of others. */
export const MAX_NOTE_BYTES = 16 * 1024;

/** Signs texts under a name. */
export interface NoteSigner {
  /** The name in the signature line. */
  readonly name: string;
  /** Ed25519, raw: 32 bytes. */
  readonly publicKey: Uint8Array;
  /** @returns the 64 bytes of an Ed25519 signature. */
  sign(message: Uint8Array): Uint8Array;
}

/** Who signed, as a verifier key says it. */
export interface NoteVerifier {
  readonly name: string;
  readonly publicKey: Uint8Array;
}

/** @param text ends in a newline. @returns the whole note. */
export function signNote(text: string, signer: NoteSigner): string {
  const signature = signer.sign(Buffer.from(text, 'utf8'));
  const line = Buffer.concat([keyHash(signer), signature]).toString('base64');
  return `${text}\n\u2014 ${signer.name} ${line}\n`;
}

/** @returns the note's text; undefined unless one of its signature lines is this verifier's over that text. */
export function openNote(note: string, verifier: NoteVerifier): string | undefined {
  const parts = splitNote(note);
  if (parts === undefined) return undefined;
  const key = importPublicKey(verifier.publicKey);
  const message = Buffer.from(parts.text, 'utf8');
  const isSigned = parts.signatures.some(({ name, bytes }) => {
    const [hash, signature] = [bytes.subarray(0, KEY_HASH_BYTES), bytes.subarray(KEY_HASH_BYTES)];
    if (name !== verifier.name || !hash.equals(keyHash(verifier))) return false;
    return signature.byteLength === SIGNATURE_BYTES && verify(null, message, key, signature);
  });
  return isSigned ? parts.text : undefined;
}

/** `<name>+<key hash in hex>+<base64 of the type and the public key>`, as other tools take it. */
export function formatVerifierKey(verifier: NoteVerifier): string {
  const key = Buffer.concat([Buffer.of(ED25519), verifier.publicKey]).toString('base64');
  return `${verifier.name}+${keyHash(verifier).toString('hex')}+${key}`;
}

/** @returns undefined for anything but an Ed25519 verifier key whose hash is right. */
export function parseVerifierKey(text: string): NoteVerifier | undefined {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(text.trim());
  const [, name, hash, encoded] = match ?? [];
  if (name === undefined || encoded === undefined) return undefined;
  const key = Buffer.from(encoded, 'base64');
  if (key.byteLength !== 1 + PUBLIC_KEY_BYTES || key[0] !== ED25519) return undefined;
  const verifier = { name, publicKey: key.subarray(1) };
  return keyHash(verifier).toString('hex') === hash ? verifier : undefined;
}

interface NoteParts {
  readonly text: string;
  readonly signatures: readonly { readonly name: string; readonly bytes: Buffer }[];
}

const SIGNATURE_LINE = /^\u2014 ([^\s+]+) ([A-Za-z0-9+/]+=*)$/;

/** The last blank line parts text and signatures. */
function splitNote(note: string): NoteParts | undefined {
  if (Buffer.byteLength(note) > MAX_NOTE_BYTES || !note.endsWith('\n')) return undefined;
  const blank = note.lastIndexOf('\n\n');
  if (blank < 0) return undefined;
  const text = note.slice(0, blank + 1);
  const signatures = [];
  for (const line of note.slice(blank + 2, -1).split('\n')) {
    const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
    if (name === undefined || encoded === undefined) return undefined;
    signatures.push({ name, bytes: Buffer.from(encoded, 'base64') });
  }
  return { text, signatures };
}

/** The first 4 bytes of SHA-256 over name, newline, type and key. */
function keyHash({ name, publicKey }: NoteVerifier): Buffer {
  const hashed = Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(ED25519), publicKey]);
  return hash('sha256', hashed, 'buffer').subarray(0, KEY_HASH_BYTES);
}

function importPublicKey(raw: Uint8Array): KeyObject {
  const x = Buffer.from(raw).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}
