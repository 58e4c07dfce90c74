/** What is remembered of a scope's entries, for as long as a thousand other scopes are not asked for. */

import { expect, it } from '@jest/globals';
import { Entries } from '../../src/store/signing';

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
