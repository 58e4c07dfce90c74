/**
 * What bash reads of one assignment that it would source. Only what needs no shell: where bash would put in a
 * variable, run a command, or make more than one word of it, nothing is read here.
 */

/** Names that bash gives a value or a meaning of its own. */
const OWN =
  /^(?:UID|EUID|PPID|GROUPS|FUNCNAME|DIRSTACK|RANDOM|SRANDOM|SECONDS|LINENO|HISTCMD|IFS|_|SHELLOPTS|POSIXLY_CORRECT|EPOCH(?:SECONDS|REALTIME)|BASH.*|COMP_WORDBREAKS|LC_.*|LANG)$/;
const ASSIGNMENT = /^[ \t]*(export[ \t]+)?([A-Za-z_]\w*)=/;
const ENDS = /^(?:[ \t]+#[^\n]*|[ \t]*)(?:\n|$)/;
/** What follows a dollar that bash makes something of. */
const EXPANDS = /^\$[\w({[@*#?$!'"-]/;
const SPECIAL = /[;&|<>()`]/;

/** @param chunk the line, or the lines where a value in quotes has several. */
export function readBash(chunk: string): string | undefined {
  const [head, isExport, name] = ASSIGNMENT.exec(chunk) ?? [];
  if (head === undefined || name === undefined || OWN.test(name)) return undefined;
  let value = '';
  for (let at = head.length; ;) {
    const rest = chunk.slice(at);
    // A comment begins a word: what is assigned has ended before its blank.
    if (ENDS.test(rest)) return /^(?:[ \t]+#[^\n]*|[ \t]*)\n*$/.test(rest) ? value : undefined;
    const part = readPart(rest, value, isExport !== undefined);
    if (part === undefined) return undefined;
    value += part.text;
    at += part.length;
  }
}

interface Part {
  readonly text: string;
  readonly length: number;
}

function readPart(rest: string, before: string, isExport: boolean): Part | undefined {
  const [first = ''] = rest;
  if (first === "'") return readSingle(rest);
  if (first === '"') return readDouble(rest);
  if (first === '\\') {
    // Before a line break it would join the next line to this one.
    if (rest.length < 2 || rest[1] === '\n') return undefined;
    return { text: codePointAt(rest, 1), length: 1 + codePointAt(rest, 1).length };
  }
  // A tilde stands for a home folder, and braces after export for several words.
  const isTilde = first === '~' && (before === '' || before.endsWith(':'));
  if (isTilde || SPECIAL.test(first) || /[ \t\n]/.test(first) || EXPANDS.test(rest)) return undefined;
  if (isExport && first === '{') return undefined;
  return { text: first, length: 1 };
}

function readSingle(rest: string): Part | undefined {
  const end = rest.indexOf("'", 1);
  return end < 0 ? undefined : { text: rest.slice(1, end), length: end + 1 };
}

function readDouble(rest: string): Part | undefined {
  let text = '';
  for (let at = 1; at < rest.length; at++) {
    const character = rest[at] as string;
    if (character === '"') return { text, length: at + 1 };
    if (character === '`' || /^\$[\w({[@*#?$!-]/.test(rest.slice(at, at + 2))) return undefined;
    if (character !== '\\') text += character;
    else if ('$`"\\'.includes(rest[at + 1] ?? ' ')) text += rest[++at];
    else if (rest[at + 1] === '\n') at++;
    else text += character;
  }
  return undefined;
}

function codePointAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}
