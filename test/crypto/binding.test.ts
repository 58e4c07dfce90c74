// Bindings: two different ones never have the same bytes, or a ciphertext could be moved between them.

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  encodeBundleBinding,
  encodeBundlePartBinding,
  encodeFormat1BundleBinding,
  encodeFormat1SecretBinding,
  encodePublicKeysetBinding,
  encodeSecretBinding,
  encodeServiceKeysetBinding,
  encodeTenantKeysetBinding,
} from '../../src/crypto/format/binding';
import type { SecretName, TenantId } from '../../src/domain/ids';
import { parseSecretName, parseTenantId } from '../../src/domain/ids';
import { configScope, TENANT_SCOPE } from '../../src/domain/scope';
import type { Scope } from '../../src/domain/scope';
import type { ConfigId } from '../../src/domain/ids';

// Arbitrary text, not only what the parsers let through: the encoding must not lean on them. Few
// characters and short texts, so that neighbours like "a" + "bc" and "ab" + "c" come up.
const text = fc.string({ unit: fc.constantFrom('a', 'b', '\0', ':', 'é'), maxLength: 4 });
const tenantId = text.map((value) => value as TenantId);
const name = text.map((value) => value as SecretName);
const scope: fc.Arbitrary<Scope> = fc.oneof(
  fc.constant(TENANT_SCOPE),
  text.map((id) => configScope(id as ConfigId)),
);
const sealId = fc.constantFrom(0, 1).map((fill) => new Uint8Array(16).fill(fill));
const counter = fc.oneof(fc.nat(3), fc.maxSafeNat());

const anyBinding = fc.oneof(
  fc.record({ tenantId, scope, name, sealId }).map((b) => ({ key: ['s', b], bytes: encodeSecretBinding(b) })),
  fc
    .record({ tenantId, scope, name, version: counter })
    .map((b) => ({ key: ['s1', b], bytes: encodeFormat1SecretBinding(b) })),
  fc
    .record({ tenantId, scope, revision: counter })
    .map((b) => ({ key: ['b', b], bytes: encodeBundleBinding(b) })),
  fc
    .record({ tenantId, scope, part: counter, revision: counter })
    .map((b) => ({ key: ['bp', b], bytes: encodeBundlePartBinding(b) })),
  fc
    .record({ tenantId, scope, revision: counter })
    .map((b) => ({ key: ['b1', b], bytes: encodeFormat1BundleBinding(b) })),
  fc
    .tuple(tenantId, text)
    .map(([t, k]) => ({ key: ['p', t, k], bytes: encodePublicKeysetBinding(t, Buffer.from(k)) })),
  fc
    .tuple(tenantId, fc.constantFrom('tenant-private' as const, 'tenant-bundle' as const))
    .map(([t, p]) => ({ key: ['t', t, p], bytes: encodeTenantKeysetBinding(t, p) })),
  fc
    .constantFrom('service-signing' as const, 'service-token' as const)
    .map((p) => ({ key: ['v', p], bytes: encodeServiceKeysetBinding(p) })),
);

describe('the encoding of a binding', () => {
  it('never gives two bindings the same bytes', () => {
    fc.assert(
      fc.property(anyBinding, anyBinding, (one, two) => {
        const same = JSON.stringify(one.key) === JSON.stringify(two.key);
        expect(Buffer.from(one.bytes).equals(two.bytes)).toBe(same);
      }),
      { numRuns: 5_000 },
    );
  });

  it('can be taken apart again into exactly its fields', () => {
    fc.assert(
      fc.property(fc.record({ tenantId, scope, name, sealId }), (binding) => {
        const key = binding.scope.kind === 'tenant' ? 'tenant' : `config:${binding.scope.configId}`;
        const [kind, format, ...fields] = takeApart(encodeSecretBinding(binding));
        expect(kind?.toString()).toBe('axiom.secret');
        expect(format?.readUInt32BE()).toBe(2);
        expect(fields.slice(0, 3).map(String)).toEqual([binding.tenantId, key, binding.name]);
        expect(fields[3]).toEqual(Buffer.from(binding.sealId));
      }),
    );
  });

  it('has the bytes that docs/format.md shows', () => {
    const binding = {
      tenantId: parseTenantId('acme'),
      scope: TENANT_SCOPE,
      name: parseSecretName('API_KEY'),
      sealId: Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'),
    };
    expect(Buffer.from(encodeSecretBinding(binding)).toString('hex')).toBe(
      [
        ['0000000c', '6178696f6d2e736563726574'],
        ['00000004', '00000002'],
        ['00000004', '61636d65'],
        ['00000006', '74656e616e74'],
        ['00000007', '4150495f4b4559'],
        ['00000010', '000102030405060708090a0b0c0d0e0f'],
      ]
        .flat()
        .join(''),
    );
  });

  it('refuses a seal id of another length', () => {
    const place = { tenantId: parseTenantId('acme'), scope: TENANT_SCOPE, name: parseSecretName('A') };
    for (const length of [0, 15, 17])
      expect(() => encodeSecretBinding({ ...place, sealId: new Uint8Array(length) })).toThrow(RangeError);
  });

  it('refuses a version that is no whole number', () => {
    const binding = { tenantId: parseTenantId('acme'), scope: TENANT_SCOPE };
    for (const revision of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => encodeBundleBinding({ ...binding, revision })).toThrow(RangeError);
    }
  });
});

function takeApart(bytes: Uint8Array): Buffer[] {
  const rest = Buffer.from(bytes);
  const fields: Buffer[] = [];
  for (let at = 0; at < rest.byteLength;) {
    const length = rest.readUInt32BE(at);
    fields.push(rest.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return fields;
}
