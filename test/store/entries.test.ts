/** What is remembered of a scope's entries, for as long as a thousand other scopes are not asked for. */

import { expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { Entries } from '../../src/store/entries';

it('keeps of each entry as much memory as it has bytes, whoever it shared it with', () => {
  const entry = (text: string) => Buffer.from(text);
  expect(entry('one').buffer.byteLength).toBeGreaterThan(1_000);
  const entries = new Entries([['A', entry('first')]]);
  entries.set('B', entry('added'));
  entries.set('A', entry('replaced'));
  entries.set('A', entry('again'));
  const kept = entries.after('', 9).map(([, bytes]) => bytes);
  expect(kept.map((bytes) => Buffer.from(bytes).toString())).toEqual(['again', 'added']);
  expect(kept.map(({ buffer, byteLength }) => buffer.byteLength === byteLength)).toEqual([true, true]);
  const loaded = new Entries([['A', entry('first')]]).after('', 9)[0]?.[1];
  expect(loaded?.buffer.byteLength).toBe('first'.length);
});

const KEYS = ['A', 'AB', 'B', 'C_1', 'D'];
const key = fc.constantFrom(...KEYS);
const bytes = fc.uint8Array({ maxLength: 5 });
const change = fc.oneof(
  fc.record({ key, entry: bytes }),
  fc.record({ key, entry: fc.constant<undefined>(undefined) }),
);

/** What a map of entries tells, in its keys' order. */
function tellsOf(map: ReadonlyMap<string, Uint8Array>) {
  const sorted = [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  const hash = createHash('sha256');
  for (const [, entry] of sorted) hash.update(entry);
  return {
    size: map.size,
    digest: hash.digest('hex'),
    all: sorted.map(([one, entry]) => [one, [...entry]]),
    got: KEYS.map((one) => map.get(one) && [...(map.get(one) as Uint8Array)]),
  };
}

function tellsItself(entries: Entries): ReturnType<typeof tellsOf> {
  const all = entries.after('', 9);
  const got = KEYS.map((one) => entries.get(one));
  return {
    size: entries.size,
    digest: entries.digest().toString('hex'),
    all: all.map(([one, entry]) => [one, [...entry]]),
    got: got.map((entry) => entry && [...entry]),
  };
}

it('tells what a map of the same changes tells, also once some were taken back', () => {
  fc.assert(
    fc.property(fc.array(change), fc.array(change), fc.boolean(), (kept, last, isTakenBack) => {
      const map = new Map<string, Uint8Array>([['B', Uint8Array.of(1)]]);
      const entries = new Entries(map);
      const apply = (changes: typeof kept, also: boolean) => {
        for (const { key: one, entry } of changes) {
          if (entry === undefined) entries.delete(one);
          else entries.set(one, entry);
          if (also && entry === undefined) map.delete(one);
          else if (also && entry !== undefined) map.set(one, entry);
        }
      };
      apply(kept, true);
      entries.begin();
      apply(last, !isTakenBack);
      if (isTakenBack) entries.revert();
      else entries.keep();
      expect(tellsItself(entries)).toEqual(tellsOf(map));
      for (const after of KEYS)
        expect(entries.after(after, 2).map(([one]) => one)).toEqual(
          [...map.keys()]
            .sort()
            .filter((one) => one > after)
            .slice(0, 2),
        );
    }),
  );
});

it('gives copies: what it is given and what it gave are not what it keeps', () => {
  const given = Uint8Array.of(1, 2);
  const entries = new Entries([['A', given]]);
  entries.set('B', given);
  const before = tellsItself(entries);
  given.fill(9);
  for (const entry of [entries.get('A'), entries.after('', 2)[1]?.[1]]) entry?.fill(9);
  expect(tellsItself(entries)).toEqual(before);
});
