/** Makes Rust macros look like calls, offset by offset, so that their arguments are parsed as expressions. */

/** A text, a character or a comment: nothing inside is a macro or a bracket. */
const OPAQUE =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|b?r(#*)"[\s\S]*?"\1|b?"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\\n]|\\[^\n]{1,12}?)'/;

const MACRO = /\b(?!macro_rules\b)[a-z_]\w*!\s*[([]/;

const besideOpaque = (...patterns: readonly RegExp[]): RegExp =>
  new RegExp([OPAQUE, ...patterns].map(({ source }) => source).join('|'), 'g');

/** Outside of macros brackets are what they are: only where a macro begins is of interest. */
const OUTSIDE = besideOpaque(MACRO);
const INSIDE = besideOpaque(MACRO, /[()[\]{}]/);
const CURLY = besideOpaque(/[{}]/);

/** The head of `macro_rules! f { ($a:expr, $b:literal) => {`. */
const MACRO_HEAD = /\bmacro_rules!\s*([a-z_]\w*)\s*\{\s*\(((?:\s*\$\w+\s*:\s*\w+\s*,?)*)\)\s*=>\s*\{/g;

/** A macro of one rule is a function by all but its name: the same text as one, with every character in its place. */
function macrosAsFunctions(text: string): string {
  if (!text.includes('macro_rules!')) return text;
  const parts: string[] = [];
  let end = 0;
  for (const head of text.matchAll(MACRO_HEAD)) {
    const from = head.index + head[0].length;
    const to = closing(text, from);
    const tail = /^\s*;?\s*\}/.exec(text.slice(to + 1))?.[0];
    // Of several rules, none is the function.
    if (head.index < end || to < 0 || tail === undefined) continue;
    const params = head[0].indexOf('(');
    const name = head[0].slice(0, params).replace('macro_rules!', 'fn          ').replace('{', ' ');
    const after = head[0].slice(params).replace('=>', '  ');
    parts.push(text.slice(end, head.index));
    parts.push((name + after + text.slice(from, to + 1)).replaceAll('$', ' '), tail.replaceAll(/[;}]/g, ' '));
    end = to + 1 + tail.length;
  }
  return parts.join('') + text.slice(end);
}

/** Where the bracket closes that is open at an offset; -1 when it does not. */
function closing(text: string, from: number): number {
  let depth = 1;
  CURLY.lastIndex = from;
  for (let match = CURLY.exec(text); match; match = CURLY.exec(text)) {
    if (match[0] === '{') depth++;
    else if (match[0] === '}' && --depth === 0) return match.index;
  }
  return -1;
}

/** What is open at a place: the character that closes it here, and which macro it is in. */
interface Open {
  readonly closer: string;
  /** `json` for one whose braces hold keys and values; empty outside of macros. */
  readonly macro: string;
}

/**
 * `vec!["a"]` becomes `vec ("a")`, `info!(key = %value; "x" => y)` and `json!({"a": b})` calls with plain arguments;
 * every other character keeps its place.
 */
export function macrosAsCalls(source: string): string {
  const text = macrosAsFunctions(source);
  const chars: string[] = [];
  const open: Open[] = [];
  let end = 0;
  for (;;) {
    const next = open.length > 0 ? INSIDE : OUTSIDE;
    next.lastIndex = end;
    const match = next.exec(text);
    if (!match) break;
    const [found] = match;
    const name = /^([a-z_]\w*)!\s*[([]$/.exec(found)?.[1];
    chars.push(between(text.slice(end, match.index), open.at(-1)));
    end = match.index + found.length;
    if (name !== undefined) {
      open.push({ closer: ')', macro: name });
      chars.push(`${found.slice(0, -1).replace('!', ' ')}(`);
    } else if (/^[([{]$/.test(found)) {
      chars.push(opened(found, open));
    } else if (/^[)\]}]$/.test(found)) {
      chars.push(open.pop()?.closer ?? found);
    } else {
      chars.push(found);
    }
  }
  chars.push(text.slice(end));
  return chars.join('');
}

/** A bracket inside of what is open: a block in a macro is code again, but for JSON's objects. */
function opened(bracket: string, open: Open[]): string {
  const macro = open.at(-1)?.macro ?? '';
  const isJson = macro === 'json';
  if (bracket === '{' && isJson) {
    open.push({ closer: ']', macro });
    return '[';
  }
  open.push({ closer: { '(': ')', '[': ']', '{': '}' }[bracket] ?? '', macro: isJson ? macro : '' });
  return bracket;
}

/** What is written between brackets: marks that only macros know become commas and blanks. */
function between(text: string, at: Open | undefined): string {
  if (at === undefined || at.macro === '' || !/[;%?:=]/.test(text)) return text;
  const plain = text
    .replaceAll(/(^|[(,=]\s*)[%?](?=\s*[&*\w(])/g, '$1 ')
    .replaceAll('=>', ', ')
    .replaceAll(';', ',');
  return at.macro === 'json' ? plain.replaceAll(/(?<!:):(?!:)/g, ',') : plain;
}
