/** Lines for stdout and stderr, with nothing in them that commands a terminal. */

import { escaped, printable, shownOn } from '../server/terminal';

export { printable };

/** The text as `print` shows it: what others put into a line begins no other one. */
export function shown(text: string): string {
  return shownOn(process.stdout, onOneLine(text));
}

function textShown(text: string): string {
  return shownOn(process.stdout, printable(text));
}

export function onOneLine(text: string): string {
  return printable(text).replaceAll('\n', escaped);
}

export function print(line: string): void {
  process.stdout.write(`${shown(line)}\n`);
}

/** Text that has lines of its own: a description, a signed note. */
export function printText(text: string): void {
  process.stdout.write(`${textShown(text)}\n`);
}

/** Text of many lines, once whoever reads stdout has taken what came before. */
export function writeOut(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(textShown(text), (error) => (error ? reject(error) : resolve()));
  });
}

/** For people only: progress and warnings never mix with what a script reads. */
export function note(line: string): void {
  process.stderr.write(`${shownOn(process.stderr, printable(line))}\n`);
}
