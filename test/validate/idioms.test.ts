/**
 * The third corpus: idioms of each language, a small package each, in test/testdata/validate-idioms. A package begins
 * with `=== name: NAMES` (what its node declares; `NAME-` is never read), a file of it with `--- path`. What is expected
 * of a line was written behind it, by hand and before the first run (marks.ts). What the engine gets wrong is listed in
 * known-failures.txt.
 */
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGES, type Language } from '../../src/manifest/manifest';
import { parseManifest } from '../../src/manifest/parse';
import { validateSources } from '../../src/validate/validate';
import { failuresListed, failuresOf, marksIn, marksOf } from './marks';

const FOLDER = join(__dirname, '..', 'testdata', 'validate-idioms');
const TESTS = /(?:^|\/)tests?\/|_test\.|\.test\.|Test\./;

const known = failuresListed(readFileSync(join(FOLDER, 'known-failures.txt'), 'utf8'));

interface Idiom {
  readonly language: Language;
  readonly name: string;
  readonly declared: readonly string[];
  readonly unread: readonly string[];
  readonly files: readonly { readonly path: string; readonly text: string; readonly suspect: boolean }[];
}

const idioms = LANGUAGES.flatMap((language): Idiom[] =>
  readFileSync(join(FOLDER, `${language}.txt`), 'utf8')
    .split(/^=== /m)
    .slice(1)
    .map((block) => {
      const [head = '', ...files] = block.split(/^--- /m);
      const [name = '', names = ''] = head.trim().split(':');
      const words = names.trim().split(/\s+/);
      return {
        language,
        name,
        declared: words.map((word) => word.replace(/-$/, '')),
        unread: words.filter((word) => word.endsWith('-')).map((word) => word.slice(0, -1)),
        files: files.map((file) => {
          const end = file.indexOf('\n');
          const path = file.slice(0, end);
          return { path, text: file.slice(end + 1), suspect: TESTS.test(path) };
        }),
      };
    }),
);

async function failuresIn({ language, name, declared, unread, files }: Idiom): Promise<readonly string[]> {
  const manifest = `name: a/b\nversion: 1.0.0\nlanguage: ${language}\nnodes:\n  - {name: Greet, input: In, output: Reply, required_secrets: [${declared.join(', ')}]}\n`;
  const report = await validateSources(manifest, parseManifest(manifest), { files, skipped: [] });
  const isUnread = (rule: string): boolean => rule === 'unread-secret';
  const told = report.findings.filter(({ rule }) => isUnread(rule));
  expect(told.map(({ message }) => unread.find((word) => message.includes(word))).sort()).toEqual(
    unread.toSorted(),
  );
  const rest = { ...report, findings: report.findings.filter(({ rule }) => !isUnread(rule)) };
  return failuresOf(
    `${language}/${name}`,
    files.flatMap(({ path, text }) => marksIn(path, text)),
    marksOf(rest),
  );
}

describe('idioms of six languages', () => {
  it.each(LANGUAGES)(
    '%s: all that is written beside their lines, but for known failures',
    async (language) => {
      const failures: string[] = [];
      for (const idiom of idioms.filter((one) => one.language === language))
        failures.push(...(await failuresIn(idiom)));
      expect(failures.sort()).toEqual(known.filter((line) => line.includes(` ${language}/`)).sort());
    },
  );

  it('are at least twenty-five packages a language', () => {
    for (const language of LANGUAGES)
      expect(idioms.filter((one) => one.language === language).length).toBeGreaterThanOrEqual(25);
  });
});
