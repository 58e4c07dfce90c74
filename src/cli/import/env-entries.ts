/** Cuts a `.env` text into its entries, before anybody says what their values are. */

/** One `NAME=value` with the lines it has. */
export interface EnvEntry {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  /** Its text, with the line break at its end. */
  readonly chunk: string;
}

const NAME = /^[ \t]*(?:export[ \t]+)?([\w.-]+)(?:[ \t]*=|:(?=[ \t]))[ \t]*/;
const NOTHING = /^[ \t]*(?:#[^\n]*)?\r?$/;
/** A value in quotes may have several lines; nothing but a comment follows it. */
const QUOTED = /('(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`)[ \t]*(?:#[^\n]*)?\r?(?:\n|$)/y;

/** To some readers a line ends there, and what follows it, of a comment too, is an entry. */
const ENDS_FOR_SOME = /\r[^\n]|[\u2028\u2029]/;

/** A line that cannot be taken, and why. */
type StrangeLine = readonly [line: number, problem: string];

/** @returns the entries, and the lines that are neither entry, comment nor empty to every reader. */
export function envEntries(text: string): {
  readonly entries: readonly EnvEntry[];
  readonly strange: StrangeLine[];
  /** The text without what is on those. */
  readonly others: string;
} {
  const entries: EnvEntry[] = [];
  const strange: StrangeLine[] = [];
  let others = '';
  let line = 1;
  for (let at = 0; at < text.length;) {
    const lineEnd = text.indexOf('\n', at);
    let end = lineEnd < 0 ? text.length : lineEnd + 1;
    const first = text.slice(at, lineEnd < 0 ? text.length : lineEnd);
    const [head, name] = NAME.exec(first) ?? [];
    const quoted = head === undefined ? undefined : quotedAt(text, at + head.length);
    end = quoted?.end ?? end;
    const problem = problemWith(quoted?.after ?? first, head !== undefined);
    if (problem !== undefined) strange.push([line, problem]);
    else if (name !== undefined) entries.push({ name, line, chunk: text.slice(at, end) });
    others += problem === undefined ? text.slice(at, end) : '\n';
    for (let index = text.indexOf('\n', at); index >= 0 && index < end; index = text.indexOf('\n', index + 1))
      line++;
    at = end;
  }
  return { entries, strange, others };
}

/** @param line without what stands in quotes. */
function problemWith(line: string, isEntry: boolean): string | undefined {
  if (ENDS_FOR_SOME.test(line))
    return 'has a carriage return or a line separator within it, where the line ends to some readers; take it out, or put the value in quotes';
  if (isEntry || NOTHING.test(line)) return undefined;
  return 'is not NAME=value; a value with several lines stands in quotes';
}

/** Where the lines of a value in quotes end, and what stands after the quotes. */
function quotedAt(text: string, at: number): { readonly end: number; readonly after: string } | undefined {
  QUOTED.lastIndex = at;
  const [whole, quoted = ''] = QUOTED.exec(text) ?? [];
  return whole === undefined ? undefined : { end: at + whole.length, after: whole.slice(quoted.length) };
}
