/** Reads a long list of rows in short steps, each a read of its own: a thousand rows in one go take ten milliseconds. */

import { sliced } from './pace';

/** So many rows take about half a millisecond. */
const CHUNK = 100;

export interface Chunk<Key> {
  readonly limit: number;
  readonly after: Key | undefined;
}

/** As many rows as `page` says, in the order in which `read` answers them; none is read before it is asked for. */
export async function* inChunks<Row, Key>(
  page: { readonly limit: number; readonly after?: Key | undefined },
  read: (chunk: Chunk<Key>) => Promise<readonly Row[]>,
  keyOf: (row: Row) => Key,
): AsyncGenerator<Row, void> {
  const pause = sliced();
  let { limit: left, after } = page;
  for (;;) {
    const limit = Math.min(CHUNK, left);
    const chunk = await read({ limit, after });
    yield* chunk;
    left -= chunk.length;
    const last = chunk.at(-1);
    if (chunk.length < limit || left <= 0 || last === undefined) return;
    after = keyOf(last);
    await pause();
  }
}

export async function collect<Row>(rows: AsyncIterable<Row>): Promise<readonly Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}
