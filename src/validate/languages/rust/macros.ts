/** Makes Rust macros look like calls, offset by offset, so that their arguments are parsed as expressions. */

/** A string, character, lifetime or comment: nothing inside is a macro. */
const OPAQUE =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|b?r(#*)"[\s\S]*?"\1|b?"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\\n]|\\[^\n]{1,12})'|\b(?!macro_rules\b)[a-z_]\w*!\s*[([]|[()[\]]/g;

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

/** `vec!["a"]` becomes `vec ("a")`; every other character keeps its place. */
export function macrosAsCalls(source: string): string {
  const text = macrosAsFunctions(source);
  const chars: string[] = [];
  const closers: string[] = [];
  let end = 0;
  for (const match of text.matchAll(OPAQUE)) {
    const [found] = match;
    const last = found.at(-1) ?? '';
    const macro = /^[a-z_]\w*!\s*[([]$/.test(found);
    chars.push(text.slice(end, match.index));
    end = match.index + found.length;
    if (macro) {
      closers.push(')');
      chars.push(`${found.slice(0, -1).replace('!', ' ')}(`);
    } else if (found === '(' || found === '[') {
      closers.push(found === '(' ? ')' : ']');
      chars.push(found);
    } else if (found === ')' || found === ']') {
      chars.push(closers.pop() ?? last);
    } else {
      chars.push(found);
    }
  }
  chars.push(text.slice(end));
  return chars.join('');
}
