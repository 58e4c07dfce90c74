/**
 * A second corpus, in the manner of public packages, that the engine was not built on. What is expected is written
 * beside each line, by hand and before the first run (marks.ts). What the engine gets wrong is listed in
 * known-failures.txt, and leaves that list when it gets it right.
 */
import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { validatePackage } from '../../src/validate/validate';
import { failuresListed, failuresOf, marksIn, marksOf } from './marks';

const FOLDER = join(__dirname, '..', 'testdata', 'validate-unseen');

const packages = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

const known = failuresListed(readFileSync(join(FOLDER, 'known-failures.txt'), 'utf8'));

function expectedIn(pack: string): readonly string[] {
  const root = join(FOLDER, pack);
  const paths = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return paths.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    return marksIn(relative(root, path), readFileSync(path, 'utf8'));
  });
}

describe('packages that the engine was not built on', () => {
  it.each(packages)(
    '%s: all that is written beside its lines, and nothing else, but for known failures',
    async (pack) => {
      const found = marksOf(await validatePackage(join(FOLDER, pack)));
      expect(failuresOf(pack, expectedIn(pack), found)).toEqual(
        known.filter((line) => line.includes(` ${pack}/`)).sort(),
      );
    },
  );
});
