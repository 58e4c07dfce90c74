/** How much long work one turn of the event loop does: a slice of one piece, and none while short calls are under way. */

import { afterEach, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { CallUnderWay, sliced } from '../../src/work/pace';

/** Ends what a test began. */
const ends: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Work whose every step is longer than a slice. @returns how many steps it has done. */
function longWork(): () => number {
  let steps = 0;
  let isOver = false;
  const work = (async () => {
    const pause = sliced();
    while (!isOver) {
      const end = performance.now() + 2;
      while (performance.now() < end);
      steps++;
      await pause();
    }
  })();
  ends.push(() => {
    isOver = true;
    return work;
  });
  return () => steps;
}

function callUnderWay(): CallUnderWay {
  const call = new CallUnderWay();
  ends.unshift(() => call.over());
  return call;
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn();
}

const sum = (pieces: readonly (() => number)[]) => pieces.reduce((total, steps) => total + steps(), 0);

it('one turn does one slice, however many pieces of work there are, and each has its share', async () => {
  const pieces = Array.from({ length: 5 }, longWork);
  const begun = sum(pieces);
  await turns(20);
  const done = sum(pieces) - begun;
  expect(done).toBeGreaterThanOrEqual(19);
  expect(done).toBeLessThanOrEqual(21);
  expect(Math.min(...pieces.map((steps) => steps()))).toBeGreaterThanOrEqual(4);
});

it('a slice waits for the turns of a call that is under way, and goes on when it is over', async () => {
  const call = callUnderWay();
  const steps = longWork();
  await turns(12);
  expect(steps()).toBe(1);
  call.over();
  await turns(3);
  expect(steps()).toBeGreaterThan(1);
});

it('calls that never end leave every seventeenth turn to a slice', async () => {
  callUnderWay();
  const steps = longWork();
  await turns(10 * 17);
  expect(steps()).toBeGreaterThanOrEqual(10);
  expect(steps()).toBeLessThanOrEqual(12);
});

it('nobody waits for a call that is itself done in slices, until what it took is done', async () => {
  const call = callUnderWay();
  const steps = longWork();
  let finish = (): void => undefined;
  const listing = call.inSlices(() => new Promise<void>((resolve) => (finish = resolve)));
  await turns(10);
  const beside = steps();
  expect(beside).toBeGreaterThanOrEqual(9);
  finish();
  await listing;
  await turns(12);
  expect(steps()).toBeLessThanOrEqual(beside + 1);
});

it('a call whose client left while it was listed counts no more, once', async () => {
  const call = callUnderWay();
  let finish = (): void => undefined;
  const listing = call.inSlices(() => new Promise<void>((resolve) => (finish = resolve)));
  call.over();
  finish();
  await listing;
  call.over();
  const other = callUnderWay();
  const steps = longWork();
  await turns(12);
  expect(steps()).toBe(1);
  other.over();
  await turns(5);
  expect(steps()).toBeGreaterThan(3);
});
