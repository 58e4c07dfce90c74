/** What a service remembers so that it does it once: what was used last stays, and what is kept is bounded. */

import { describe, expect, it } from '@jest/globals';
import { RecentMap } from '../../src/domain/recent-map';

describe('A map of what was used of late', () => {
  it.each([1, 9, 10, 11, 19, 20, 1_005])(
    'keeps at least as many as it was told, the last of %d, and never twice as many',
    (count) => {
      const map = new RecentMap<number, string>(10);
      for (let key = 1; key <= count; key++) {
        map.set(key, `value ${key}`);
        expect(map.size).toBeLessThan(20);
      }
      const last = Array.from({ length: Math.min(count, 10) }, (_, back) => count - back);
      expect(last.map((key) => map.get(key))).toEqual(last.map((key) => `value ${key}`));
      expect(map.get(count - 20)).toBeUndefined();
    },
  );

  it('keeps an entry that is used again and again', () => {
    const map = new RecentMap<string, string>(10);
    map.set('used', 'still here');
    for (let key = 0; key < 1_000; key++) {
      map.set(`other ${key}`, '');
      expect(map.get('used')).toBe('still here');
    }
  });

  it('answers the newest value of a key that was set again, and nothing of one that was deleted', () => {
    const map = new RecentMap<string, string>(2);
    map.set('a', 'first');
    map.set('b', 'other');
    map.set('a', 'second');
    expect([map.get('a'), map.size]).toEqual(['second', 2]);
    map.delete('a');
    map.delete('b');
    expect([map.get('a'), map.get('b'), map.size]).toEqual([undefined, undefined, 0]);
  });
});
