/**
 * A second corpus, in the manner of public packages, that the engine was not built on. What is expected is written
 * beside each line, by hand and before the first run: `~ reads NAME`, `~ cannot tell`, `~ undeclared`, `~ near`,
 * `~ log`, `~ message`, and `~ unread` in axiom.yaml. What the engine gets wrong is listed in known-failures.txt, and
 * leaves that list when it gets it right.
 */
import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { validatePackage } from '../../src/validate/validate';
import { ofSources } from './corpus';

const FOLDER = join(__dirname, '..', 'testdata', 'validate-unseen');

const packages = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

const known = new Set(
  readFileSync(join(FOLDER, 'known-failures.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')),
);

/** `file:line mark`, as the sources say. */
function expectedIn(pack: string): readonly string[] {
  const root = join(FOLDER, pack);
  const paths = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return paths.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    return readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line, index) => {
        const marks = / ~ (.*)$/.exec(line)?.[1]?.split(', ') ?? [];
        return marks.map((mark) => `${relative(root, path)}:${index + 1} ${mark}`);
      });
  });
}

const MARKS: Readonly<Record<string, string>> = {
  'dynamic-name': 'cannot tell',
  'undeclared-secret': 'undeclared',
  'near-miss': 'near',
  'secret-in-log': 'log',
  'secret-in-message': 'message',
  'unread-secret': 'unread',
};

async function foundIn(pack: string): Promise<readonly string[]> {
  const { reads, findings } = await validatePackage(join(FOLDER, pack));
  const named = reads.filter(({ name }) => name !== null);
  return [
    ...named.map(({ file, line, name }) => `${file}:${line} reads ${name ?? ''}`),
    ...ofSources(findings).map(({ file, line, rule }) => `${file}:${line} ${MARKS[rule] ?? rule}`),
  ];
}

describe('packages that the engine was not built on', () => {
  it.each(packages)(
    '%s: all that is written beside its lines, and nothing else, but for known failures',
    async (pack) => {
      const expected = new Set(expectedIn(pack));
      const found = new Set(await foundIn(pack));
      const failures = [
        ...[...expected].filter((mark) => !found.has(mark)).map((mark) => `missed ${pack}/${mark}`),
        ...[...found].filter((mark) => !expected.has(mark)).map((mark) => `wrong ${pack}/${mark}`),
      ];
      expect(failures.sort()).toEqual([...known].filter((line) => line.includes(` ${pack}/`)).sort());
    },
  );
});
