/** What docs/security.md and README.md promise names the test that shows it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { missingTests, sectionsOf, statementsOf, testsIn } from '../support/statements';

const ROOT = join(__dirname, '..', '..');
const SECURITY = readFileSync(join(ROOT, 'docs', 'security.md'), 'utf8');
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** What an attacker cannot do; a dash where that is nothing. */
const cannot = (row: string) => row.split('|').map((cell) => cell.trim())[4];

/** Of README: one bullet is one promise, with the table in it. */
const PROMISES = (sectionsOf(README).get('How a value travels') ?? '').split(/\n(?=- \*\*)/).slice(1);

describe('docs/security.md', () => {
  const sections = [...sectionsOf(SECURITY)].filter(
    // Where nothing is promised.
    ([heading]) => heading !== 'What is not defended',
  );
  const [about, ...statements] = sections.flatMap(([, section]) => statementsOf(section));
  const promises = statements.filter((one) => !one.startsWith('| ') || cannot(one) !== '—');

  it.each(promises.map((one) => [one.slice(0, 70), one] as const))(
    'says where it is shown: %s',
    (_start, one) => expect(testsIn(one)).not.toEqual([]),
  );

  it('says what it is about', () => expect(about).toMatch(/^Who may attack/));

  it('has a row for each attacker, of whom two are stopped by nothing', () => {
    const attackers = statementsOf(sectionsOf(SECURITY).get('Attackers') ?? '');
    expect(attackers.filter((one) => cannot(one) !== '—')).toHaveLength(12);
    expect(statements.length - promises.length).toBe(2);
  });
});

describe('README.md', () => {
  it.each(PROMISES.map((one) => [one.slice(0, 40), one] as const))(
    'says where it is shown: %s',
    (_start, one) => expect(testsIn(one)).not.toEqual([]),
  );

  it('has seven promises of how a value travels', () => expect(PROMISES).toHaveLength(7));
});

it.each([
  ['docs/security.md', SECURITY],
  ['README.md', README],
])('%s names no test that there is not', (_name, document) => expect(missingTests(document)).toEqual([]));
