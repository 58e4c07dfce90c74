/** What python-dotenv reads of one assignment: its regular expressions (parser.py of 1.2), and Python's idea of white space. */

/** \s of Python; [^\S\r\n] is the same without the two. */
const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const BLANK = '\\t\\v\\f\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const HEAD = new RegExp(`^[${SPACE}]*(?:export[${BLANK}]+)?[\\w.-]+[${BLANK}]*=[${BLANK}]*`);
const SINGLE = /^'((?:\\'|[^'])*)'/;
const DOUBLE = /^"((?:\\"|[^"])*)"/;
const AFTER_QUOTES = new RegExp(`^(?:[${BLANK}]*#[^\\r\\n]*)?[${BLANK}]*(?:\\n|$)\\n*$`);
const COMMENT = new RegExp(`[${SPACE}]+#[^\\n]*`);
const TRAILING = new RegExp(`[${SPACE}]+$`);
const ESCAPES: Record<string, string> = {
  ...{ '\\': '\\', "'": "'", '"': '"', a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' },
};

/** @param chunk the line, or the lines where a value in quotes has several. */
export function readPython(chunk: string): string | undefined {
  // Python opens text files with universal newlines.
  const text = chunk.replace(/\r\n?/g, '\n');
  const head = HEAD.exec(text)?.[0];
  if (head === undefined) return undefined;
  const value = readValue(text.slice(head.length));
  // It puts variables in, also in single quotes.
  return value === undefined || /\$\{[^}:]*(?::-[^}]*)?\}/.test(value) ? undefined : value;
}

function readValue(rest: string): string | undefined {
  const [first = ''] = rest;
  if (first === '"' || first === "'") {
    const [quoted, inner = ''] = (first === '"' ? DOUBLE : SINGLE).exec(rest) ?? [];
    if (quoted === undefined || !AFTER_QUOTES.test(rest.slice(quoted.length))) return undefined;
    const escapes = first === '"' ? /\\([\\'"abfnrtv])/g : /\\([\\'])/g;
    return inner.replace(escapes, (_, character: string) => ESCAPES[character] ?? '');
  }
  const line = rest.replace(/\n+$/, '');
  return line.includes('\n') ? undefined : line.replace(COMMENT, '').replace(TRAILING, '');
}
