/** Pages of rows: a page ends at the rows that were asked for, or before it grows too large to make and to receive. */

import {
  create,
  toBinary,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { pageToken } from '../domain/page';
import { keepWritten, writtenBytes } from '../domain/written';
import { sliced } from './pace';

/** The first row may be larger. */
const MAX_PAGE_BYTES = 256 * 1024;

/** One page to make. */
export interface Page<Row, Desc extends DescMessage> {
  /** In order; read as far as the page goes, and one row further. */
  readonly rows: AsyncIterable<Row>;
  readonly size: number;
  readonly keyOf: (row: Row) => string;
  readonly schema: Desc;
  readonly messageOf: (row: Row) => MessageInitShape<Desc> | Promise<MessageInitShape<Desc>>;
}

/**
 * Makes messages of rows, in slices, until the page is full. It has at least one, however large, or nobody could go on
 * after it.
 */
export async function fillPage<Row, Desc extends DescMessage>(
  page: Page<Row, Desc>,
): Promise<{ readonly messages: MessageShape<Desc>[]; readonly nextPageToken: string }> {
  const { rows, size, keyOf, schema, messageOf } = page;
  const messages: MessageShape<Desc>[] = [];
  let bytes = 0;
  let last: Row | undefined;
  const pause = sliced();
  for await (const row of rows) {
    const goOn = () => ({ messages, nextPageToken: pageToken(keyOf(last as Row)) });
    if (messages.length === size) return goOn();
    await pause();
    const message = create(schema, await messageOf(row));
    const written = writtenBytes(message) ?? toBinary(schema, message);
    bytes += written.byteLength;
    if (bytes > MAX_PAGE_BYTES && last !== undefined) return goOn();
    keepWritten(message, written);
    messages.push(message);
    last = row;
  }
  return { messages, nextPageToken: '' };
}
