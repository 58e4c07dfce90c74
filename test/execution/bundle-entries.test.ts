/** A bundle's entries told apart and written by hand are what the generic reader and writer make of them. */

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { expect, it } from '@jest/globals';
import { entriesIn, entryOf, serializeSecrets } from '../../src/execution/bundle-entries';
import { ResolveForExecutionResponseSchema, SecretSource } from '../../src/gen/axiom/secrets/v1/secrets_pb';

const VALUES = [1, 100, 127, 128, 16_383, 16_384, 65_536].map((length, index) => ({
  name: 'N'.repeat(1 + index * 20),
  version: [1, 127, 128, 300, 2 ** 31, 2 ** 40, 2 ** 52][index] ?? 1,
  source: index % 2 === 0 ? SecretSource.TENANT : SecretSource.CONFIG,
  value: new Uint8Array(length).fill(index + 1),
}));

const message = create(ResolveForExecutionResponseSchema, {
  secrets: Object.fromEntries(
    VALUES.map(({ name, version, source, value }) => [name, { value, source, version: BigInt(version) }]),
  ),
});
const generic = Buffer.from(toBinary(ResolveForExecutionResponseSchema, message));
const byHand = Buffer.concat(
  VALUES.map(({ name, value, version, source }) => entryOf(name, value, version, source)),
);

it('are written as the generic writer writes them', () => {
  expect(byHand.equals(generic)).toBe(true);
  expect(fromBinary(ResolveForExecutionResponseSchema, byHand)).toEqual(message);
});

it('are written so where a value was scrubbed, too', () => {
  const scrubbed = create(ResolveForExecutionResponseSchema, {
    secrets: { GONE: { version: 3n, source: SecretSource.TENANT }, ...message.secrets },
  });
  const bytes = serializeSecrets(scrubbed.secrets);
  expect(bytes.equals(toBinary(ResolveForExecutionResponseSchema, scrubbed))).toBe(true);
  expect(entriesIn(bytes)).toBeUndefined();
});

it('are found with their names and versions, each whole', () => {
  const entries = entriesIn(generic);
  expect([...(entries ?? [])].map(([name, { version }]) => [name, version])).toEqual(
    VALUES.map(({ name, version }) => [name, version]),
  );
  expect(Buffer.concat([...(entries?.values() ?? [])].map(({ bytes }) => bytes)).equals(generic)).toBe(true);
});

it('the last of a name is the one that counts', () => {
  const twice = Buffer.concat([
    entryOf('A', new Uint8Array([1]), 1, 1),
    entryOf('A', new Uint8Array([2]), 2, 1),
  ]);
  expect(entriesIn(twice)?.get('A')?.version).toBe(2);
});

it('are none in bytes that are anything else', () => {
  const [first] = VALUES;
  const whole = entryOf('A', first?.value ?? new Uint8Array(1), 1, 1);
  for (let length = 1; length < whole.byteLength; length++)
    expect(entriesIn(whole.subarray(0, length))).toBeUndefined();
  expect(entriesIn(Buffer.concat([whole, Buffer.from([0x12, 0x00])]))).toBeUndefined();
  expect(entriesIn(Buffer.from('0a02ffff', 'hex'))).toBeUndefined();
  expect(entriesIn(new Uint8Array())?.size).toBe(0);
});

it('are none where a message ends before or after what is in it', () => {
  const two = Buffer.concat(['A', 'B'].map((name) => entryOf(name, new Uint8Array([1]), 1, 1)));
  // An entry: 0a, its length 12, 0a 01 and the name, 12 and the secret's length 7, the secret.
  expect(two.subarray(0, 7).toString('hex')).toBe('0a0c0a01411207');
  for (const place of [1, 6])
    for (const by of [-1, 1, 14]) {
      const wrong = Buffer.from(two);
      wrong[place] = (wrong[place] ?? 0) + by;
      expect(entriesIn(wrong)).toBeUndefined();
    }
});
