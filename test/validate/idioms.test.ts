/**
 * Idioms of each language, a small package each: sets in test/testdata, of which each was written when the engine had
 * passed those before it. A package begins
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

const SETS = [
  'validate-idioms',
  'validate-idioms-second',
  'validate-idioms-third',
  'validate-idioms-fourth',
  'validate-idioms-fifth',
  'validate-idioms-sixth',
  'validate-idioms-seventh',
  'validate-idioms-eighth',
];
const TESTDATA = join(__dirname, '..', 'testdata');
const TESTS = /(?:^|\/)tests?\/|_test\.|\.test\.|Test\./;

const textOf = (set: string, file: string): string => readFileSync(join(TESTDATA, set, file), 'utf8');

interface Idiom {
  readonly language: Language;
  readonly name: string;
  readonly declared: readonly string[];
  readonly unread: readonly string[];
  readonly files: readonly { readonly path: string; readonly text: string; readonly suspect: boolean }[];
}

const idiomsOf = (set: string, language: Language): readonly Idiom[] =>
  textOf(set, `${language}.txt`)
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
    });

async function failuresIn({ language, name, declared, unread, files }: Idiom): Promise<readonly string[]> {
  const manifest = `name: a/b\nversion: 1.0.0\nlanguage: ${language}\nnodes:\n  - {name: Greet, input: In, output: Reply, required_secrets: [${declared.join(', ')}]}\n`;
  const report = await validateSources(manifest, parseManifest(manifest), { files, skipped: [] });
  const unreadIn = (message: string): string => declared.find((word) => message.includes(word)) ?? message;
  const told = report.findings.filter(({ rule }) => rule === 'unread-secret');
  const rest = report.findings.filter(({ rule }) => rule !== 'unread-secret');
  return failuresOf(
    `${language}/${name}`,
    [...files.flatMap(({ path, text }) => marksIn(path, text)), ...unread.map((word) => `unread ${word}`)],
    [...marksOf({ ...report, findings: rest }), ...told.map(({ message }) => `unread ${unreadIn(message)}`)],
  );
}

describe.each(SETS)('idioms of six languages: %s', (set) => {
  const known = failuresListed(textOf(set, 'known-failures.txt'));

  it.each(LANGUAGES)(
    '%s: all that is written beside their lines, but for known failures',
    async (language) => {
      const failures: string[] = [];
      for (const idiom of idiomsOf(set, language)) failures.push(...(await failuresIn(idiom)));
      expect(failures.sort()).toEqual(known.filter((line) => line.includes(` ${language}/`)).sort());
    },
  );
});

it('are at least fifty packages a language', () => {
  for (const language of LANGUAGES)
    expect(SETS.flatMap((set) => idiomsOf(set, language)).length).toBeGreaterThanOrEqual(50);
});
