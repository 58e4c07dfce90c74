/** The text that a string literal stands for, in each language's notation. */

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0', b: '\b', f: '\f' };

/** The value of a literal without insertions, quotes and prefixes and all. */
export function literalValue(source: string): string {
  const open = /^([A-Za-z@$]*)(#*)("""|'''|["'`])/.exec(source);
  if (!open) return source;
  const [all, prefix = '', hashes = '', quote = ''] = open;
  const end = source.endsWith(quote + hashes) ? source.length - quote.length - hashes.length : source.length;
  const body = source.slice(all.length, Math.max(end, all.length));
  if (/r/i.test(prefix) || quote === '`') return body;
  if (prefix.includes('@')) return body.replaceAll('""', '"');
  return quote === '"""' && prefix === '' && /^[ \t]*\r?\n/.test(body)
    ? unescape(withoutIndent(body))
    : unescape(body);
}

/** Java's and C#'s texts of several lines: their indentation is not part of them. */
function withoutIndent(body: string): string {
  const lines = body.split(/\r?\n/).slice(1);
  const indents = lines
    .filter((line, i) => i === lines.length - 1 || line.trim() !== '')
    .map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const indent = Math.min(...indents);
  return lines.map((line) => line.slice(indent)).join('\n');
}

/** The escapes that names and texts use; others are left as they are. */
export function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(
    /\\(?:u\{?([0-9a-fA-F]{1,6})\}?|x([0-9a-fA-F]{2})|\r?\n|([\s\S]))/g,
    (all, u, x, c) => {
      const code = (u ?? x) as string | undefined;
      if (code !== undefined) {
        const point = Number.parseInt(code, 16);
        return point <= 0x10ffff ? String.fromCodePoint(point) : (all as string);
      }
      const char = c as string | undefined;
      return char === undefined ? '' : (ESCAPES[char] ?? char);
    },
  );
}
