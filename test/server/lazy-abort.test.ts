/** Somebody who waits, and is told that nobody does any more. */

import { expect, it } from '@jest/globals';
import { LazyAbort } from '../../src/server/lazy-abort';

it('Whoever waits goes once, however many notice it', () => {
  const waiter = new LazyAbort();
  let told = 0;
  waiter.whenAborted(() => told++);
  for (let notices = 0; notices < 2; notices++) waiter.abort();
  expect(told).toBe(1);
  expect(waiter.signal.aborted).toBe(true);
});
