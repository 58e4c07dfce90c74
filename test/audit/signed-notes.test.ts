/** Signed notes and checkpoints: the bytes that other programs read, checked against Go's note package. */

import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SERVICE_LOG } from '../../src/domain/audit-log';
import { formatCheckpoint, parseCheckpoint } from '../../src/domain/checkpoint';
import { parseTenantId } from '../../src/domain/ids';
import {
  formatVerifierKey,
  openNote,
  parseVerifierKey,
  signNote,
  type NoteSigner,
} from '../../src/domain/signed-note';

interface Vector {
  readonly verifierKey: string;
  readonly seed: string;
  readonly text: string;
  readonly note: string;
}

const VECTORS = JSON.parse(
  readFileSync(join(__dirname, '..', 'testdata', 'audit', 'notes-go.json'), 'utf8'),
) as Vector[];

function signerOf({ verifierKey, seed }: Vector): NoteSigner {
  const verifier = parseVerifierKey(verifierKey);
  if (verifier === undefined) throw new Error('a vector has a key that does not parse');
  const d = Buffer.from(seed, 'hex').toString('base64url');
  const x = Buffer.from(verifier.publicKey).toString('base64url');
  const key = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x }, format: 'jwk' });
  return { ...verifier, sign: (message) => sign(null, message, key) };
}

describe('A signed note', () => {
  it.each(VECTORS)('is the one that Go makes with the same key: $verifierKey', (vector) => {
    const signer = signerOf(vector);
    expect(signNote(vector.text, signer)).toBe(vector.note);
    expect(openNote(vector.note, signer)).toBe(vector.text);
    expect(formatVerifierKey(signer)).toBe(vector.verifierKey);
  });

  it('opens for nobody else’s key, and not under another name', () => {
    const [first, second] = VECTORS as [Vector, Vector];
    expect(openNote(first.note, signerOf(second))).toBeUndefined();
    expect(openNote(first.note, { ...signerOf(first), name: 'axiom-other' })).toBeUndefined();
  });

  it('does not open once any of its characters was changed', () => {
    const [vector] = VECTORS as [Vector];
    const signer = signerOf(vector);
    for (let at = 0; at < vector.note.length; at++) {
      const other = vector.note[at] === 'B' ? 'C' : 'B';
      const changed = vector.note.slice(0, at) + other + vector.note.slice(at + 1);
      expect([at, openNote(changed, signer)]).toEqual([at, undefined]);
    }
  });

  it('opens among signatures of others', () => {
    const [vector] = VECTORS as [Vector];
    const witnessed = `${vector.note}\u2014 witness.example/w AAAAAAAA\n`;
    expect(openNote(witnessed, signerOf(vector))).toBe(vector.text);
  });

  it.each([
    '',
    '\n',
    '\n\n',
    'text\n',
    'text\n\n',
    'text\n\n\u2014 \n',
    'text\n\n\u2014 a b',
    'x'.repeat(20_000),
  ])('is not this: %j', (text) => expect(openNote(text, signerOf(VECTORS[0] as Vector))).toBeUndefined());

  it('has a verifier key that is refused when its hash is of another name or key', () => {
    const [{ verifierKey }] = VECTORS as [Vector];
    expect(parseVerifierKey(verifierKey.replace('axiom-', 'bxiom-'))).toBeUndefined();
    expect(parseVerifierKey(verifierKey.replace('AYqI', 'AYqJ'))).toBeUndefined();
    expect(parseVerifierKey('a+b')).toBeUndefined();
  });
});

describe('A checkpoint', () => {
  const hash = 'ab'.repeat(32);

  it('is origin, size and hash, a line each', () => {
    const acme = formatCheckpoint('axiom-1', { log: parseTenantId('acme'), size: 12, hash });
    expect(acme).toBe('axiom-1/tenant/acme\n12\nq6urq6urq6urq6urq6urq6urq6urq6urq6urq6urq6s=\n');
    const service = formatCheckpoint('axiom-1', { log: SERVICE_LOG, size: 1, hash });
    expect(service.split('\n')[0]).toBe('axiom-1/service');
  });

  it('is read back, whatever log, size and hash it is of', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(SERVICE_LOG, 'acme', 'service', 'a-1').map((text) => text as typeof SERVICE_LOG),
        fc.integer({ min: 1, max: 1e14 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (log, size, bytes) => {
          const checkpoint = { log, size, hash: Buffer.from(bytes).toString('hex') };
          expect(parseCheckpoint('axiom-1', formatCheckpoint('axiom-1', checkpoint))).toEqual(checkpoint);
        },
      ),
    );
  });

  it.each([
    ['another service', 'axiom-2/service\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'],
    ['no tenant', 'axiom-1/tenant/Acme!\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'],
    ['size 0', 'axiom-1/service\n0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n'],
    ['a short hash', 'axiom-1/service\n1\nAAAA\n'],
    ['a fourth line', 'axiom-1/service\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nmore\n'],
  ])('is not of %s', (_what, text) => expect(parseCheckpoint('axiom-1', text)).toBeUndefined());
});
