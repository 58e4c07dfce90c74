/** What commands print on stdout: JSON with --json, else lines and tables for people. */

import { toJson, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import columnsOf from 'string-width';
import { note, print, shown } from './lines';

export { note, onOneLine, print, printable, printText, writeOut } from './lines';

/** A message in Protobuf's JSON form, on one line. */
export function printJson<D extends DescMessage>(schema: D, message: MessageShape<D>): void {
  print(JSON.stringify(toJson(schema, message, { alwaysEmitImplicit: true })));
}

/**
 * Columns padded to their widest cell, under a header. Widths are those of a terminal, where a letter of Chinese takes
 * two columns and a combining accent none.
 */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const table = [header, ...rows].map((row) => row.map((cell) => ({ cell, width: columnsOf(shown(cell)) })));
  const widths = header.map((_, column) =>
    table.reduce((widest, row) => Math.max(widest, row[column]?.width ?? 0), 0),
  );
  for (const row of table) {
    const cells = row.map(({ cell, width }, column) => cell + ' '.repeat((widths[column] ?? width) - width));
    print(cells.join('  ').trimEnd());
  }
  if (rows.length === 0) note('there are none');
}

/** `2026-06-10 12:30:00Z`, or the word given where there is no time. */
export function showTime(time: Timestamp | undefined, none = '-'): string {
  return time === undefined
    ? none
    : timestampDate(time)
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, 'Z');
}
