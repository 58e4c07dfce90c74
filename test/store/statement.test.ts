/** What a row's signature covers: the bytes, by hand, and that no column of a signed table was forgotten. */

import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { SCHEMA } from '../../src/store/schema';
import { secretEntry } from '../../src/store/secret-signature';
import { SIGNED_COLUMNS, statementOf } from '../../src/store/statement';

const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');

describe('The statement of a row', () => {
  it('is kind, format version, table and each column, every one after its length', () => {
    const row = {
      ...{ tenant_id: 'acme', scope: 'tenant', name: 'API_KEY', version: 7, padded_bytes: 3 },
      seal_id: Uint8Array.from([9]),
      ...{ create_time: 1, update_time: 2, ciphertext_length: 2 },
    };
    const ciphertext = Uint8Array.from([0xca, 0xfe]);
    expect(hex(statementOf('secrets', row, ciphertext))).toBe(
      [
        '00000009' + '6178696f6d2e726f77', // axiom.row
        '00000004' + '00000001', // format version 1
        '00000007' + '73656372657473', // secrets
        '00000004' + '61636d65', // acme
        '00000006' + '74656e616e74', // tenant
        '00000007' + '4150495f4b4559', // API_KEY
        '00000008' + '0000000000000007', // version
        '00000001' + '09', // seal id
        '00000008' + '0000000000000003', // padded length
        '00000008' + '0000000000000001', // created
        '00000008' + '0000000000000002', // updated
        '00000008' + '0000000000000002', // the ciphertext's length
        '00000020' + createHash('sha256').update(ciphertext).digest('hex'),
      ].join(''),
    );
  });

  it('has an empty field for a null', () => {
    const statement = hex(
      statementOf('tenant_defaults', { tenant_id: 'a', node_timeout_seconds: null, revision: 1 }),
    );
    expect(statement.endsWith('00000001' + '61' + '00000000' + '00000008' + '0000000000000001')).toBe(true);
  });

  it('is none of a row that the service cannot have written', () => {
    const row = { tenant_id: 'a', node_timeout_seconds: 'x' as never, revision: 1.5 };
    expect(statementOf('tenant_defaults', row)).toBeUndefined();
  });

  it('covers every column of a signed table but those that give nothing', () => {
    const uncovered = Object.entries(SIGNED_COLUMNS).flatMap(([table, covered]) =>
      Object.keys(SCHEMA[table as keyof typeof SIGNED_COLUMNS])
        .filter((column) => !(covered as readonly string[]).includes(column))
        .map((column) => `${table}.${column}`),
    );
    expect(uncovered.filter((column) => !column.endsWith('.signature'))).toEqual([
      'secrets.ciphertext_id',
      'executions.dead_time',
      'api_keys.last_use_time',
      // Counts that a limit is checked against, and nobody's right.
      'handles.packages',
      'handles.bytes',
    ]);
  });
});

describe('A secret’s entry in its scope’s head', () => {
  it('is name, version, seal id and padded length', () => {
    expect(hex(secretEntry({ name: 'A', version: 2, sealId: Uint8Array.from([9]), paddedBytes: 3 }))).toBe(
      ['0000000b' + '6178696f6d2e656e747279', '0000000400000001', '00000001' + '41'].join('') +
        '00000008' +
        '0000000000000002' +
        '00000001' +
        '09' +
        '00000008' +
        '0000000000000003',
    );
  });
});
