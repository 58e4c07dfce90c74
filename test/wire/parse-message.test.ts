/** A request is taken as it was sent, or not at all. */

import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { CreateApiKeyRequestSchema } from '../../src/gen/axiom/access/v1/access_pb';
import { parseMessage } from '../../src/wire/parse-message';

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
