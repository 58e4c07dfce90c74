/** `axiom validate` on packages in the shapes that public packages have, in all six languages. */
import { afterAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LANGUAGES } from '../../src/manifest/manifest';
import { parseManifest } from '../../src/manifest/parse';
import { asJson } from '../../src/validate/report/format';
import { validatePackage } from '../../src/validate/validate';
import { CORPUS, ofSources, expectedOf, packages, type Expected } from './corpus';

const totals = { found: 0, right: 0, expected: 0 };

function compare(found: Expected, expected: Expected): void {
  for (const part of ['reads', 'findings'] as const) {
    const want = new Set(expected[part].map((item) => JSON.stringify(item)));
    const have = found[part].map((item) => JSON.stringify(item));
    totals.found += have.length;
    totals.expected += want.size;
    totals.right += have.filter((item) => want.has(item)).length;
  }
}

describe('axiom validate finds in each package of the corpus exactly what is there', () => {
  afterAll(() => {
    const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
    const { found, right, expected } = totals;
    process.stdout.write(
      `validate corpus: ${packages().length} packages, precision ${percent(right, found)}, ` +
        `recall ${percent(right, expected)} (${expected} reads and findings expected)\n`,
    );
  });

  it.each(packages())('%s', async (name) => {
    const report = await validatePackage(join(CORPUS, name));
    const found = JSON.parse(asJson({ ...report, findings: ofSources(report.findings) })) as Expected;
    const expected = expectedOf(name);
    compare(found, expected);
    expect(found).toEqual(expected);
  });

  it('has at least fifteen packages, over all six languages', () => {
    const languages = packages().map(
      (name) => parseManifest(readFileSync(join(CORPUS, name, 'axiom.yaml'), 'utf8')).readable?.language,
    );
    expect(packages().length).toBeGreaterThanOrEqual(15);
    expect(new Set(languages)).toEqual(new Set(LANGUAGES));
  });

  it('never takes text for a read: names that end in _ONLY stand in comments, texts, tests and other objects', () => {
    for (const name of packages()) expect(JSON.stringify(expectedOf(name))).not.toMatch(/[A-Z]_ONLY"/);
  });
});
