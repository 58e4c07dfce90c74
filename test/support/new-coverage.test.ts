/** The counters that test files hand to jest: all that was reached, and each source no oftener than it takes. */

import { expect, it } from '@jest/globals';
import NewCoverage from './new-coverage.cjs';

/** Of a source with two statements, one function and one branch of two arms. */
const counters = (s: readonly number[], f = 0, arms: readonly number[] = [0, 0]) => ({
  s: { ...s },
  f: { 0: f },
  b: { 0: arms },
});

it('a source is told of when it is first loaded, and again when more of it is reached', () => {
  const coverage = new NewCoverage();
  const told = (...files: readonly (readonly [string, ReturnType<typeof counters>])[]) => {
    const all = Object.fromEntries(files);
    coverage.keepNew(all);
    return Object.keys(all);
  };
  expect(told(['a', counters([1, 0])], ['b', counters([0, 0])])).toEqual(['a', 'b']);
  expect(told(['a', counters([9, 0])], ['b', counters([0, 0])])).toEqual([]);
  expect(told(['a', counters([0, 1])], ['b', counters([0, 0], 1)])).toEqual(['a', 'b']);
  expect(told(['a', counters([2, 2], 0, [0, 1])])).toEqual(['a']);
  expect(told(['a', counters([2, 2], 0, [1, 0])])).toEqual(['a']);
  expect(told(['a', counters([2, 2], 0, [1, 1])], ['b', counters([0, 0], 1)])).toEqual([]);
});
