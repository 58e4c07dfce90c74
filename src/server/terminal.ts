/** What the terminal that a stream writes to can show; a stream that goes elsewhere is written to as it is. */

type Output = Pick<NodeJS.WriteStream, 'isTTY'>;

/** C0 and C1 controls but tab and newline, and what turns the direction of writing. */
const COMMANDS_TERMINAL = /(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Signs of this program's own texts, as ASCII has them. */
const ALIKE: Readonly<Record<string, string>> = {
  ...{ '\u2026': '...', '\u2018': "'", '\u2019': "'", '\u201c': "'", '\u201d': "'" },
  ...{
    '\u2010': '-',
    '\u2011': '-',
    '\u2013': '-',
    '\u2014': '-',
    '\u2022': '*',
    '\u00b7': '*',
    '\u00a0': ' ',
  },
};

/** Whether nothing that stands on the terminal can be written over: it knows no sequence that moves or erases. */
export function isDumb(): boolean {
  return process.env['TERM'] === 'dumb';
}

/** https://no-color.org: set and not empty means none. */
export function showsColours(stream: Output): boolean {
  return stream.isTTY && !process.env['NO_COLOR'] && !isDumb();
}

/** The text as that terminal can show it: where its locale is said and is not of UTF-8, in ASCII. */
export function shownOn(stream: Output, text: string): string {
  return !stream.isTTY || isUtf8()
    ? text
    : text.replace(/[^\0-\x7f]/g, (unit) => ALIKE[unit] ?? escaped(unit));
}

/** A character as JSON and most languages write it. */
export function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Text that others wrote (descriptions, display names, errors) as it may go to a terminal: it commands nothing there. */
export function printable(text: string): string {
  return text.replace(COMMANDS_TERMINAL, escaped);
}

/** The first of these three that is set decides (POSIX, "Environment Variables" 8.2). */
function isUtf8(): boolean {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  const locale = LC_ALL || LC_CTYPE || LANG;
  return !locale || /utf-?8/i.test(locale);
}
