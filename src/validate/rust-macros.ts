/** Makes Rust macros look like calls, offset by offset, so that their arguments are parsed as expressions. */

/** A string, character, lifetime or comment: nothing inside is a macro. */
const OPAQUE =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|b?r(#*)"[\s\S]*?"\1|b?"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\\n]|\\[^\n]{1,12})'|\b(?!macro_rules\b)[a-z_]\w*!\s*[([]|[()[\]]/g;

/** `vec!["a"]` becomes `vec ("a")`; every other character keeps its place. */
export function macrosAsCalls(text: string): string {
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
