/** The checker of histories finds what no register could have done, and accepts what one could. */

import { describe, expect, it } from '@jest/globals';
import { findViolation, type Effect, type Operation } from './linearizable';

const op = (called: number, answered: number, effect: Effect): Operation => ({ effect, called, answered });
const add = (value: string): Effect => ({ kind: 'add', value });
const replace = (value: string): Effect => ({ kind: 'replace', value });
const saw = (value: string | undefined): Effect => ({ kind: 'read', saw: value });
const [deletes, found, missed]: Effect[] = [{ kind: 'delete' }, { kind: 'found' }, { kind: 'missed' }];
const NEVER = Infinity;

describe('A history that one register could have', () => {
  it.each<[string, Operation[]]>([
    [
      'one after the other',
      [op(1, 2, add('a')), op(3, 4, saw('a')), op(5, 6, replace('b')), op(7, 8, saw('b'))],
    ],
    [
      'a read that meets a write sees either',
      [op(1, 2, add('a')), op(3, 9, replace('b')), op(4, 8, saw('a'))],
    ],
    [
      'and so does a later one that meets it',
      [op(1, 2, add('a')), op(3, 9, replace('b')), op(4, 5, saw('a')), op(6, 7, saw('b'))],
    ],
    [
      'a write of unknown outcome that comes late',
      [op(1, 2, add('a')), op(3, NEVER, replace('b')), op(5, 6, saw('a')), op(7, 8, saw('b'))],
    ],
    ['and one that never comes', [op(1, 2, add('a')), op(3, NEVER, replace('b')), op(5, 6, saw('a'))]],
    [
      'refusals',
      [
        op(1, 2, missed as Effect),
        op(3, 4, add('a')),
        op(5, 6, found as Effect),
        op(7, 8, deletes as Effect),
        op(9, 10, missed as Effect),
      ],
    ],
    [
      'a refusal that an add of unknown outcome explains',
      [op(1, NEVER, add('a')), op(3, 4, found as Effect), op(5, 6, deletes as Effect), op(7, 8, add('b'))],
    ],
    [
      'writes at the same time in the one order that reads show',
      [op(1, 9, add('a')), op(2, 8, replace('b')), op(3, 7, replace('c')), op(10, 11, saw('b'))],
    ],
  ])('is accepted: %s', (_, history) => {
    expect(findViolation(history)).toBeUndefined();
  });
});

describe('A long history of which much is unknown', () => {
  /** Rounds of an add that is read, and of adds and deletes whose outcome nobody learned. */
  const rounds = Array.from({ length: 60 }, (_, round): Operation[] => {
    const at = round * 10;
    const value = `known ${round}`;
    return [
      op(at, NEVER, deletes as Effect),
      op(at + 1, NEVER, add(`unknown ${round}`)),
      op(at + 2, NEVER, deletes as Effect),
      op(at + 3, at + 4, add(value)),
      op(at + 5, at + 6, saw(value)),
      op(at + 7, at + 8, deletes as Effect),
    ];
  }).flat();

  it('is accepted where an order explains it', () => {
    expect(findViolation(rounds)).toBeUndefined();
  });

  it('and its violation is found at its end', () => {
    const back = op(700, 701, saw('known 0'));
    expect(findViolation([...rounds, back])).toBe(back);
  });
});

describe('A history that no register could have', () => {
  const lost = op(5, 6, saw('a'));
  const back = op(7, 8, saw('a'));
  const wrongMiss = op(3, 4, missed as Effect);
  const gone = op(5, 6, saw('a'));
  const twice = op(9, 10, saw('b'));
  const neverWritten = op(3, 4, saw('x'));
  const second = op(3, 4, add('b'));
  it.each<[string, Operation[], Operation]>([
    ['an acknowledged write is lost', [op(1, 2, add('a')), op(3, 4, replace('b')), lost], lost],
    ['a value comes back', [op(1, 2, add('a')), op(3, 9, replace('b')), op(4, 5, saw('b')), back], back],
    ['"not found" is said of what is there', [op(1, 2, add('a')), wrongMiss], wrongMiss],
    ['a deleted value is read', [op(1, 2, add('a')), op(3, 4, deletes as Effect), gone], gone],
    [
      'a write of unknown outcome takes place twice',
      [
        op(1, 2, add('a')),
        op(3, NEVER, replace('b')),
        op(4, 5, saw('b')),
        op(6, 7, replace('c')),
        op(8, 8.5, saw('c')),
        twice,
      ],
      twice,
    ],
    ['a value is read that nobody wrote', [op(1, 2, add('a')), neverWritten], neverWritten],
    ['two adds succeed', [op(1, 2, add('a')), second], second],
  ])('is found: %s', (_, history, violation) => {
    expect(findViolation(history)).toBe(violation);
  });
});
