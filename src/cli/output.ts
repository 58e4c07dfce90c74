/** What commands print on stdout: JSON with --json, else lines and tables for people. */

import { toJson, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';
import { print } from './lines';

export { note, print, printable, writeOut } from './lines';

/** A message in Protobuf's JSON form, on one line. */
export function printJson<D extends DescMessage>(schema: D, message: MessageShape<D>): void {
  print(JSON.stringify(toJson(schema, message, { alwaysEmitImplicit: true })));
}

/** Columns padded to their widest cell, under a header. */
export function printTable(header: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  print(line(header));
  for (const row of rows) print(line(row));
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
