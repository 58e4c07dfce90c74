/** Sources that no author wrote: whatever stands in them, validate answers. */
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGES, type Language } from '../../src/manifest/manifest';
import { addRequiredSecrets } from '../../src/manifest/edit';
import { parseManifest } from '../../src/manifest/parse';
import { validateSources } from '../../src/validate/validate';
import { CORPUS } from './corpus';

const EXTENSION: Record<Language, string> = {
  python: '.py',
  go: '.go',
  typescript: '.ts',
  rust: '.rs',
  java: '.java',
  csharp: '.cs',
};

const seeds = (extension: string): string[] =>
  readdirSync(CORPUS, { recursive: true })
    .map((name) => join(CORPUS, String(name)))
    .filter((path) => path.endsWith(extension) && statSync(path).isFile())
    .map((path) => readFileSync(path, 'utf8'));

/** A seed with a few places cut out, repeated or replaced. */
const mutated = (texts: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(
        fc.record({
          at: fc.double({ min: 0, max: 1, noNaN: true }),
          cut: fc.nat(80),
          put: fc.oneof(
            fc.constantFrom('(', ')', '{', '}', '"', '`', '"""', '/*', '\0', '\n', '${', 'f"{', '[[[[[[[['),
            fc.string(),
          ),
          repeat: fc.constantFrom(1, 1, 1, 50),
        }),
        { minLength: 1, maxLength: 6 },
      ),
    )
    .map(([text, edits]) =>
      edits.reduce((t, { at, cut, put, repeat }) => {
        const place = Math.floor(at * t.length);
        return t.slice(0, place) + put.repeat(repeat) + t.slice(place + cut);
      }, text),
    );

const validate = (language: Language, text: string) => {
  const manifest = `name: a/b\nversion: 1.0.0\nlanguage: ${language}\nnodes: [{name: Greet, input: A, output: B}]\n`;
  const file = { path: `nodes/greet${EXTENSION[language]}`, text, suspect: false };
  return validateSources(manifest, parseManifest(manifest), { files: [file], skipped: [] });
};

describe('mutated input', () => {
  it.each(LANGUAGES)('never crashes the reading of %s sources', async (language) => {
    await fc.assert(
      fc.asyncProperty(mutated(seeds(EXTENSION[language])), async (text) => {
        const { reads, findings } = await validate(language, text);
        for (const { line, column, endColumn } of [...reads, ...findings]) {
          expect(line).toBeGreaterThan(0);
          expect(endColumn).toBeGreaterThan(column);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('never crashes the reading or editing of axiom.yaml', () => {
    fc.assert(
      fc.property(mutated(seeds('axiom.yaml')), (text) => {
        const { manifest, findings } = parseManifest(text);
        expect(manifest === undefined).toBe(findings.some((f) => f.severity === 'error'));
        addRequiredSecrets(text, new Map([['Greet', ['ADDED']]]));
      }),
      { numRuns: 500 },
    );
  });

  it.each(LANGUAGES)('survives deep nesting, endless chains and long lines in %s', async (language) => {
    for (const text of [
      '('.repeat(20_000),
      `x = ${'['.repeat(5_000)}${']'.repeat(5_000)}`,
      `x = "a"${' + "b"'.repeat(5_000)};`,
      `x = a${'.b()'.repeat(3_000)};`,
      `${Array.from({ length: 3_000 }, (_, i) => `v${i + 1} = v${i};`).join('\n')}`,
      `{${'if (a) { '.repeat(2_000)}`,
      'a'.repeat(200_000),
    ]) {
      await validate(language, text);
    }
  });
});
