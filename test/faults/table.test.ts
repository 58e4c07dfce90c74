/** docs/contributors.md says which test breaks what: each of them exists under the title that it is named by. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const ROOT = join(__dirname, '..', '..');
const DOCUMENT = readFileSync(join(ROOT, 'docs', 'contributors.md'), 'utf8');

/** The last cells of the table's rows: `FILE "title", "title"; FILE "title"`. */
function testsOf(document: string): string[] {
  const rows = document.slice(document.indexOf('| fault | what is right | test |')).split('\n\n')[0] ?? '';
  return rows
    .split('\n')
    .slice(2)
    .map((row) => row.split('|').at(-2)?.trim() ?? '');
}

/** What a cell names and the repository does not have. */
function missingOf(cell: string): string[] {
  return cell.split(/; (?=test\/)/).flatMap((part) => {
    const [file = ''] = part.split(' ');
    const titles = [...part.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title);
    if (!existsSync(join(ROOT, file)) || titles.length === 0) return [part];
    const source = readFileSync(join(ROOT, file), 'utf8');
    return titles.filter((title) => !source.includes(title)).map((title) => `${file} "${title}"`);
  });
}

it('Every fault of the table has the tests that it names', () => {
  const cells = testsOf(DOCUMENT);
  expect(cells.length).toBeGreaterThanOrEqual(19);
  expect(cells.flatMap(missingOf)).toEqual([]);
});

it('A test that was renamed is noticed', () => {
  expect(missingOf('test/faults/disk.test.ts "has another name"')).toHaveLength(1);
  expect(missingOf('test/faults/nowhere.test.ts "is"')).toHaveLength(1);
});
