/** The hash that chains the audit log. */

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { AUDIT_CHAIN_START, auditHash } from '../../src/domain/audit-chain';
import type { AuditAction } from '../../src/domain/audit-actions';
import type { AuditEntry } from '../../src/domain/audit-entry';
import { entry, TENANT } from './rows';

const text = fc.string({ unit: 'grapheme', maxLength: 4 });
const anyEntry: fc.Arbitrary<AuditEntry> = fc.record({
  time: fc.nat(),
  principal: text,
  action: text as fc.Arbitrary<AuditAction>,
  allowed: fc.boolean(),
  door: text,
  resource: text,
  version: fc.nat(20),
  scope: text,
  executionId: text,
  node: text,
  count: fc.nat(20),
  status: text,
  source: text,
});

describe('the hash of an audit entry', () => {
  it('is SHA-256 over netstrings in a fixed order, so that others can check the chain', () => {
    const encoded =
      `14:axiom-audit-v2,64:${AUDIT_CHAIN_START},4:acme,1:1,4:1000,10:api-key:k1,10:secret.add,1:1,` +
      '10:management,2:Ä,1:7,6:tenant,0:,0:,1:1,2:OK,9:192.0.2.7,';
    const of = { time: 1000, version: 7, resource: 'Ä', source: '192.0.2.7' };
    expect(auditHash(AUDIT_CHAIN_START, TENANT, 1, entry(of))).toBe(
      createHash('sha256').update(encoded).digest('hex'),
    );
  });

  it('is of version 1 for an event of before sources were kept', () => {
    const encoded =
      `14:axiom-audit-v1,64:${AUDIT_CHAIN_START},4:acme,1:1,1:1,10:api-key:k1,10:secret.add,1:1,` +
      '10:management,1:A,1:1,6:tenant,0:,0:,1:1,2:OK,';
    expect(auditHash(AUDIT_CHAIN_START, TENANT, 1, { ...entry({}), source: undefined })).toBe(
      createHash('sha256').update(encoded).digest('hex'),
    );
  });

  it('differs when anything differs, also when text moves from one field into the next', () => {
    fc.assert(
      fc.property(anyEntry, anyEntry, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        const [hashA, hashB] = [a, b].map((e) => auditHash(AUDIT_CHAIN_START, TENANT, 1, e));
        expect(hashA === hashB).toBe(same);
      }),
    );
    const [moved, back] = [entry({ node: 'ab', status: 'c' }), entry({ node: 'a', status: 'bc' })];
    expect(auditHash('', TENANT, 1, moved)).not.toBe(auditHash('', TENANT, 1, back));
  });

  it('binds the entry to the one before it, to its tenant and to its place', () => {
    const hashes = [
      auditHash(AUDIT_CHAIN_START, TENANT, 1, entry({})),
      auditHash('1'.repeat(64), TENANT, 1, entry({})),
      auditHash(AUDIT_CHAIN_START, 'other' as typeof TENANT, 1, entry({})),
      auditHash(AUDIT_CHAIN_START, TENANT, 2, entry({})),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
