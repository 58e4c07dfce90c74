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
const QUOTED = /(?:'(?:\\'|[^'])*'|"(?:\\"|[^"])*"|`(?:\\`|[^`])*`)[ \t]*(?:#[^\n]*)?\r?(?:\n|$)/y;

/** @returns the entries, and which lines are neither entry, comment nor empty. */
export function envEntries(text: string): {
  readonly entries: readonly EnvEntry[];
  readonly strange: readonly number[];
  /** The text without what is on those. */
  readonly others: string;
} {
  const entries: EnvEntry[] = [];
  const strange: number[] = [];
  let others = '';
  let line = 1;
  for (let at = 0; at < text.length;) {
    const lineEnd = text.indexOf('\n', at);
    let end = lineEnd < 0 ? text.length : lineEnd + 1;
    const first = text.slice(at, lineEnd < 0 ? text.length : lineEnd);
    const [head, name] = NAME.exec(first) ?? [];
    if (head !== undefined && name !== undefined) {
      end = quotedEnd(text, at + head.length) ?? end;
      entries.push({ name, line, chunk: text.slice(at, end) });
    } else if (!NOTHING.test(first)) {
      strange.push(line);
    }
    others += strange.at(-1) === line ? '\n' : text.slice(at, end);
    for (let index = text.indexOf('\n', at); index >= 0 && index < end; index = text.indexOf('\n', index + 1))
      line++;
    at = end;
  }
  return { entries, strange, others };
}

function quotedEnd(text: string, at: number): number | undefined {
  QUOTED.lastIndex = at;
  return QUOTED.test(text) ? QUOTED.lastIndex : undefined;
}
