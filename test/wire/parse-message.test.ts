/** A request is taken as it was sent, or not at all. */

import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import type { DescMessage } from '@bufbuild/protobuf';
import { CreateApiKeyRequestSchema } from '../../src/gen/axiom/access/v1/access_pb';
import { ReportReadsRequestSchema } from '../../src/gen/axiom/executions/v1/executions_pb';
import { MAX_FIELDS, parseMessage } from '../../src/wire/parse-message';

const named = (name: Uint8Array): Uint8Array => Buffer.concat([Buffer.from([0x0a, name.byteLength]), name]);

describe('The text of a request', () => {
  it.each([
    ['a byte that no character has', [0x61, 0xff, 0x62]],
    ['half of a character', [0x61, 0xc3]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['a longer form than needed', [0xc0, 0x80]],
  ])('is not replaced by another where it is no UTF-8: %s', (_what, bytes) => {
    expect(() => parseMessage(CreateApiKeyRequestSchema, named(Uint8Array.from(bytes)))).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', reason: 'INVALID_FIELD' }),
    );
  });

  it('is kept as it is where it is, a byte order mark included', () => {
    const displayName = '\ufeffgrün 😀 \u0000';
    const bytes = toBinary(CreateApiKeyRequestSchema, create(CreateApiKeyRequestSchema, { displayName }));
    expect(parseMessage(CreateApiKeyRequestSchema, bytes).displayName).toBe(displayName);
  });
});

it('What cannot be parsed is not quoted', () => {
  const bytes = Buffer.concat([Buffer.from([0x0a, 0x40]), Buffer.from('canary')]);
  expect(() => parseMessage(CreateApiKeyRequestSchema, bytes)).toThrow(
    "the bytes sent are no axiom.access.v1.CreateApiKeyRequest; check your client's proto files, and that text is UTF-8",
  );
});

/** A field with these bytes, as it is written for fewer than 2^21 of them. */
const field = (number: number, bytes: Uint8Array): Buffer => {
  const { byteLength: length } = bytes;
  const varint = [(length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, length >> 14];
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint]), bytes]);
};
/** So many fields of two bytes: number 15, which no message of the contract has, with the number 1. */
const tiny = (count: number) => Buffer.alloc(2 * count, Buffer.from([0x78, 0x01]));

describe('A request of very many fields', () => {
  it.each<[string, DescMessage, Buffer]>([
    ['that nobody knows', CreateApiKeyRequestSchema, tiny(MAX_FIELDS + 1)],
    ['in one of its messages', ReportReadsRequestSchema, field(1, tiny(MAX_FIELDS))],
    [
      'in messages of its messages',
      ReportReadsRequestSchema,
      field(1, Buffer.concat([field(2, tiny(40_000)), field(2, tiny(40_000))])),
    ],
    [
      'that are empty messages',
      ReportReadsRequestSchema,
      Buffer.alloc(2 * MAX_FIELDS + 2, Buffer.from([0x0a, 0x00])),
    ],
  ])('is refused before they are read: %s', (_where, desc, bytes) => {
    expect(() => parseMessage(desc, bytes)).toThrow(
      `has more than ${MAX_FIELDS} fields in its messages; send less at once`,
    );
  });

  it('is taken as long as there are not too many, whatever bytes they have', () => {
    const reads = Buffer.concat(
      Array.from({ length: 4 }, () => field(2, field(1, Buffer.alloc(100_000, 'a')))),
    );
    const { executions } = parseMessage(ReportReadsRequestSchema, field(1, reads));
    expect(executions[0]?.reads.map(({ name }) => name.length)).toEqual([100_000, 100_000, 100_000, 100_000]);
    expect(() => parseMessage(CreateApiKeyRequestSchema, tiny(MAX_FIELDS))).not.toThrow();
  });

  it('and one with a group is no message of ours', () => {
    const group = Buffer.concat([Buffer.of(0x7b), tiny(MAX_FIELDS), Buffer.of(0x7c)]);
    expect(() => parseMessage(CreateApiKeyRequestSchema, group)).toThrow('are no axiom.access.v1');
  });
});

it.each([
  ['that end', (depth: number) => Buffer.alloc(2 * depth, Buffer.from([0x7b])).fill(0x7c, depth)],
  ['that do not end', (depth: number) => Buffer.alloc(depth, Buffer.from([0x7b]))],
])('Groups in each other, deeper than any stack, are no message of ours: %s', (_which, groups) => {
  expect(() => parseMessage(CreateApiKeyRequestSchema, groups(60_000))).toThrow('are no axiom.access.v1');
});
