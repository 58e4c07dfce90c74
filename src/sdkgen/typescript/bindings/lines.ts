/** Lines of generated code. */

/** Moves lines in by two spaces; empty lines stay empty. */
export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? line : `  ${line}`));
}

/** `head {`, the lines moved in, `}` and what follows it. */
export function block(head: string, lines: readonly string[], tail = ''): string[] {
  return [`${head} {`, ...indent(lines), `}${tail}`];
}
