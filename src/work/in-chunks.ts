/** Reads a long list of rows in short steps, of one snapshot: a thousand rows in one go take ten milliseconds. */

import { sliced } from './pace';

/** So many rows take about half a millisecond. */
const CHUNK = 100;

export interface Chunk<Key> {
  readonly limit: number;
  readonly after: Key | undefined;
}

/** @returns as many rows as `page` says, as `read` would answer them at once. */
export async function inChunks<Row, Key>(
  page: { readonly limit: number; readonly after?: Key | undefined },
  read: (chunk: Chunk<Key>) => Promise<readonly Row[]>,
  keyOf: (row: Row) => Key,
): Promise<readonly Row[]> {
  const pause = sliced();
  const rows: Row[] = [];
  let after = page.after;
  for (;;) {
    const limit = Math.min(CHUNK, page.limit - rows.length);
    const chunk = await read({ limit, after });
    rows.push(...chunk);
    const last = chunk.at(-1);
    if (chunk.length < limit || rows.length >= page.limit || last === undefined) return rows;
    after = keyOf(last);
    await pause();
  }
}
