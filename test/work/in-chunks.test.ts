/** A long list is the same read in short steps, and others have their turn in between. */

import { expect, it } from '@jest/globals';
import { collect, inChunks } from '../../src/work/in-chunks';

const NUMBERS = Array.from({ length: 1_000 }, (_, index) => index);

/** As a database that takes two milliseconds for a chunk. */
async function read({ limit, after }: { limit: number; after: number | undefined }): Promise<number[]> {
  const end = performance.now() + 2;
  while (performance.now() < end);
  return NUMBERS.filter((one) => after === undefined || one > after).slice(0, limit);
}

const self = (one: number) => one;

it.each([
  [1, undefined, NUMBERS.slice(0, 1)],
  [100, undefined, NUMBERS.slice(0, 100)],
  [250, 99, NUMBERS.slice(100, 350)],
  [1_001, undefined, NUMBERS],
  [1_000, 998, [999]],
  [10, 999, []],
])('%d after %s', async (limit, after, expected) => {
  expect(await collect(inChunks({ limit, after }, read, self))).toEqual(expected);
});

it('gives others their turn', async () => {
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns++;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await collect(inChunks({ limit: 1_000 }, read, self));
  isOver = true;
  expect(turns).toBeGreaterThanOrEqual(9);
});

it('reads no further than somebody asks', async () => {
  let reads = 0;
  const counted = (chunk: { limit: number; after: number | undefined }) => {
    reads++;
    return read(chunk);
  };
  for await (const one of inChunks({ limit: 1_000 }, counted, self)) if (one === 150) break;
  expect(reads).toBe(2);
});
