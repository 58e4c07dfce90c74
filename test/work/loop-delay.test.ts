/** A loop that was kept busy is told, and one that was not is not. */

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import pino from 'pino';
import { watchLoopDelay } from '../../src/work/loop-delay';
import { paced } from '../../src/work/pace';

const EVERY_MS = 600;

it('logs how late the event loop was when something kept it for 300 ms', async () => {
  const lines: string[] = [];
  const stop = watchLoopDelay(
    pino({ base: null }, { write: (line: string) => void lines.push(line) }),
    EVERY_MS,
  );
  await sleep(50);
  const until = performance.now() + 300;
  while (performance.now() < until);
  await sleep(EVERY_MS);
  stop();
  const late = lines.map((line) => JSON.parse(line) as { msg: string; loopDelayMs: { max: number } });
  expect(late[0]?.msg).toBe('the event loop was late: calls waited for other work');
  expect(late[0]?.loopDelayMs.max).toBeGreaterThanOrEqual(250);
});

it('long work in slices lets timers come in between', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const rest = paced();
  for (let step = 0; step < 300; step++) {
    const until = performance.now() + 1;
    while (performance.now() < until);
    await rest();
  }
  clearInterval(timer);
  expect(turns).toBeGreaterThan(30);
});
