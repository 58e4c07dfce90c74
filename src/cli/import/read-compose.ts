/** What docker compose reads of one assignment in an env_file (compose-go's dotenv package). */

const HEAD =
  /^[\s\x85]*(?:export[\t\n\f\r ]+[\t\v\f\r \x85\xa0]*)?[\w.-]+[\t\v\f\r \x85\xa0]*[=:][\t\v\f\r \x85\xa0]*/;
/** unicode.IsSpace of Go at the end. */
const TRAILING = /[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+$/;
const AFTER_QUOTES = /^[\t-\r ]*(?:#[^\n]*)?\s*$/;
const ESCAPE = /\\(?:[abcfnrtv$"\\]|0\d{0,3})/g;
const ESCAPES: Record<string, string> = {
  ...{ '\\a': '\x07', '\\b': '\b', '\\f': '\f', '\\n': '\n', '\\r': '\r', '\\t': '\t', '\\v': '\v' },
  ...{ '\\$': '$$', '\\"': '"', '\\\\': '\\' },
};

/** @param chunk the line, or the lines where a value in quotes has several. */
export function readCompose(chunk: string): string | undefined {
  const head = HEAD.exec(chunk)?.[0];
  if (head === undefined) return undefined;
  const rest = chunk.slice(head.length);
  const [quote = ''] = rest;
  if (quote !== '"' && quote !== "'") {
    const [line = '', ...more] = rest.split('\n');
    if (more.some((one) => one !== '')) return undefined;
    return expanded((line.split(' #')[0] ?? '').replace(TRAILING, ''));
  }
  const quoted = readQuoted(rest, quote);
  if (quoted === undefined || !AFTER_QUOTES.test(rest.slice(quoted.length))) return undefined;
  return quote === "'" ? quoted.text : expanded(quoted.text.replace(ESCAPE, unescaped));
}

/** In quotes a backslash takes the meaning of the quote away, and stays before all else. */
function readQuoted(rest: string, quote: string): { text: string; length: number } | undefined {
  let text = '';
  for (let at = 1; at < rest.length; at++) {
    const character = rest[at] as string;
    if (character === quote) return { text, length: at + 1 };
    if (character !== '\\') text += character;
    else if (rest[at + 1] === quote) text += rest[++at];
    else if (at + 1 < rest.length) text += character + rest[++at];
  }
  return undefined;
}

function unescaped(escape: string): string {
  if (!escape.startsWith('\\0')) return ESCAPES[escape] ?? escape;
  const octal = escape.slice(2);
  const isByte = /^[0-3][0-7]{2}$/.test(octal);
  return isByte ? String.fromCharCode(parseInt(octal, 8)) : `\\${octal}`;
}

/** `$$` is a dollar; before all else a dollar stands for a variable. */
function expanded(text: string): string | undefined {
  const value = text.replaceAll('$$', '\0');
  return value.includes('$') || text.includes('\0') ? undefined : value.replaceAll('\0', () => '$');
}
