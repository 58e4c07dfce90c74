/** Makes Rust macros look like calls, offset by offset, so that their arguments are parsed as expressions. */

/** A string, character, lifetime or comment: nothing inside is a macro. */
const OPAQUE =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|b?r(#*)"[\s\S]*?"\1|b?"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\\n]|\\[^\n]{1,12})'|\b(?!macro_rules\b)[a-z_]\w*!\s*[([]|[()[\]{}]/g;

/** `macro_rules! f { ($a:expr, $b:expr) => { … }; }`, of one rule: a function by all but its name. */
const SIMPLE_MACRO =
  /\bmacro_rules!\s*([a-z_]\w*)\s*\{\s*\(((?:\s*\$\w+\s*:\s*\w+\s*,?)*)\)\s*=>\s*\{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}\s*;?\s*\}/g;

/** The same with every character in its place. */
function macrosAsFunctions(text: string): string {
  if (!text.includes('macro_rules!')) return text;
  return text.replaceAll(SIMPLE_MACRO, (all: string) => {
    const params = all.indexOf('(');
    const body = all.indexOf('{', all.indexOf('=>', params));
    const end = all.lastIndexOf('}', all.length - 2);
    const head = all.slice(0, params).replace('macro_rules!', 'fn          ').replace('{', ' ');
    const tail = all.slice(end + 1).replaceAll(/[;}]/g, ' ');
    const between = all.slice(params, body).replace('=>', '  ');
    return (head + between + all.slice(body, end + 1) + tail).replaceAll('$', ' ');
  });
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
  for (const match of text.matchAll(OPAQUE)) {
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
