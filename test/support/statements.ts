/** What a document says, statement by statement, and the tests that it names. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..', '..');
const TEST = /\btest\/[\w./-]+/g;

export const testsIn = (text: string): readonly string[] => text.match(TEST) ?? [];

/** Those of its tests that there are not. */
export function missingTests(text: string): readonly string[] {
  return testsIn(text).filter((path) => !existsSync(join(ROOT, path.replace(/\.$/, ''))));
}

/** The text under each heading, by heading; what is before the first has none. */
export function sectionsOf(document: string): ReadonlyMap<string, string> {
  const [before = '', ...sections] = document.split(/^#+ /m);
  return new Map([
    ['', before],
    ...sections.map((section) => {
      const end = section.indexOf('\n');
      return [section.slice(0, end), section.slice(end + 1)] as const;
    }),
  ]);
}

/** Paragraphs, bullets and rows of tables, in their order; not the heads of tables. */
export function statementsOf(section: string): string[] {
  return (
    section
      .split(/\n{2,}|\n(?=- |\| )/)
      .map((one) => one.trim())
      // A table's head comes with its rule.
      .filter((one) => one !== '' && !/\|---/.test(one))
  );
}
