/** Text that others wrote commands nothing in a terminal. */

import { expect, it } from '@jest/globals';
import { printable } from '../../src/cli/output';

it('shows control characters of a description as what they are, and leaves other text alone', () => {
  expect(printable('x\u001b]0;title\u0007\u009b2J\u202ey\r')).toBe(
    'x\\u001b]0;title\\u0007\\u009b2J\\u202ey\\u000d',
  );
  expect(printable('café\t€ 🔑\nnext')).toBe('café\t€ 🔑\nnext');
});
