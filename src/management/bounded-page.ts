/** Pages whose rows differ in size: a page ends at the rows that were asked for, or before it grows too large to receive. */

import {
  create,
  toBinary,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { pageToken } from '../domain/page';
import { keepWritten } from '../domain/written';
import { sliced } from '../work/pace';

/** A page is read in one go, so it is no larger than what a few milliseconds read; its first row may be larger. */
export const MAX_PAGE_BYTES = 256 * 1024;

/** One page to make. */
export interface BoundedPage<Row, Desc extends DescMessage> {
  /** Fetched with size + 1 rows, as for cutPage. */
  readonly rows: readonly Row[];
  /** More rows come after these, though they are fewer than were asked for. */
  readonly hasMore?: boolean;
  readonly size: number;
  readonly keyOf: (row: Row) => string;
  readonly schema: Desc;
  readonly messageOf: (row: Row) => MessageInitShape<Desc> | Promise<MessageInitShape<Desc>>;
}

/** Makes messages of rows until the page is full. It has at least one, however large, or nobody could go on after it. */
export async function fillPage<Row, Desc extends DescMessage>(
  page: BoundedPage<Row, Desc>,
): Promise<{ readonly messages: MessageShape<Desc>[]; readonly nextPageToken: string }> {
  const { rows, size, keyOf, schema, messageOf, hasMore = false } = page;
  const messages: MessageShape<Desc>[] = [];
  let bytes = 0;
  let last: Row | undefined;
  const pause = sliced();
  for (const row of rows.slice(0, size)) {
    await pause();
    const message = create(schema, await messageOf(row));
    const written = toBinary(schema, message);
    bytes += written.byteLength;
    if (bytes > MAX_PAGE_BYTES && last !== undefined) break;
    keepWritten(message, written);
    messages.push(message);
    last = row;
  }
  const isLast = last === undefined || (messages.length === rows.length && !hasMore);
  return { messages, nextPageToken: isLast ? '' : pageToken(keyOf(last as Row)) };
}
