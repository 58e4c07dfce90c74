/** What commands print on stdout: JSON with --json, else lines and tables for people. */

import { toJson, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { timestampDate, type Timestamp } from '@bufbuild/protobuf/wkt';

/** C0 and C1 controls but tab and newline, and what turns the direction of writing. */
const COMMANDS_TERMINAL = /(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Text that others wrote (descriptions, display names, errors) as it may go to a terminal: it commands nothing there. */
export function printable(text: string): string {
  return text.replace(
    COMMANDS_TERMINAL,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function print(line: string): void {
  process.stdout.write(`${printable(line)}\n`);
}

/** Text of many lines, once whoever reads stdout has taken what came before. */
export function writeOut(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(printable(text), (error) => (error ? reject(error) : resolve()));
  });
}

/** For people only: progress and warnings never mix with what a script reads. */
export function note(line: string): void {
  process.stderr.write(`${printable(line)}\n`);
}

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
