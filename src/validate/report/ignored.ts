/**
 * Findings that the author has looked at: `# axiom: ignore secret-in-log` (or `// axiom: ignore …`) at the end of a
 * line takes the findings of these rules off that line. An ignore that takes nothing off is a finding itself.
 */

import type { Language } from '../../manifest/manifest';
import type { Finding } from './report';

const RULES = String.raw`axiom:\s*ignore(?![\w-])[ \t]*([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)?`;
const HASH = new RegExp(`#\\s*${RULES}`);
const SLASHES = new RegExp(`//\\s*${RULES}`);

/** A file of the package with its lines. */
export interface ShownFile {
  readonly path: string;
  readonly text: string;
}

interface Ignore {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  readonly rules: readonly string[];
}

/** The findings without those that are ignored; errors stay whatever is written beside them. */
export function withoutIgnored(
  findings: readonly Finding[],
  files: readonly ShownFile[],
  language: Language,
): readonly Finding[] {
  const ignores = files.flatMap((file) => ignoresIn(file, language));
  if (ignores.length === 0) return findings;
  const used = new Set<string>();
  const kept = findings.filter(({ file, line, rule, severity }) => {
    const at = ignores.filter((ignore) => ignore.file === file && ignore.line === line);
    if (severity === 'error' || !at.some(({ rules }) => rules.includes(rule))) return true;
    used.add(`${file}:${line} ${rule}`);
    return false;
  });
  return [...kept, ...ignores.flatMap((ignore) => unused(ignore, used))];
}

function ignoresIn({ path, text }: ShownFile, language: Language): readonly Ignore[] {
  if (!text.includes('axiom:')) return [];
  const comment = language === 'python' || path === 'axiom.yaml' ? HASH : SLASHES;
  return text.split('\n').flatMap((line, index): Ignore[] => {
    const found = comment.exec(line);
    if (found === null) return [];
    const rules = found[1]?.split(',').map((rule) => rule.trim()) ?? [];
    const column = found.index + 1;
    return [{ file: path, line: index + 1, column, endColumn: column + found[0].trimEnd().length, rules }];
  });
}

function unused({ rules, ...place }: Ignore, used: ReadonlySet<string>): readonly Finding[] {
  const finding = (message: string): Finding => ({
    ...place,
    rule: 'ignore-unused',
    severity: 'warning',
    message,
  });
  if (rules.length === 0) return [finding('says not which rule to ignore; write it behind `axiom: ignore`')];
  return rules
    .filter((rule) => !used.has(`${place.file}:${place.line} ${rule}`))
    .map((rule) => finding(`there is no finding of ${rule} on this line; remove this`));
}
