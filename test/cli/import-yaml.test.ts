/** Import takes of a YAML file what YAML 1.1 and 1.2 both read; PyYAML, which reads 1.1, is asked. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readImportFile } from '../../src/cli/import/import-file';
import { itWith } from '../support/needs';
import { seededRandom } from '../support/seeded-random';
import { readWithPyYaml } from './env-readers';

const FILES = Number(process.env['AXIOM_IMPORT_LINES'] ?? 5_000);
const SEED = process.env['AXIOM_TEST_SEED'] ?? '2026';

function imported(text: string): Record<string, string> | string {
  try {
    const { entries, skipped } = readImportFile(text, { format: 'yaml', isChoice: true, skipEmpty: true });
    const read = entries.map(({ name, value }): [string, string] => [name, Buffer.from(value).toString()]);
    return Object.fromEntries([...read, ...skipped.map((name): [string, string] => [name, ''])]);
  } catch (error) {
    return (error as Error).message;
  }
}

describe('What is no text to all readers of YAML is refused', () => {
  it.each([
    ['A: no', 'is a boolean in YAML 1.1 and not a text; put the value in quotes'],
    ['A: 1_000', 'is a number in YAML 1.1 and'],
    ['A: 12:30:45', 'is a number in YAML 1.1 and'],
    ['A: 2026-11-29', 'is a time in YAML 1.1 and'],
    ['A: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  3332', 'is a value with a tag and'],
    ['A: !!binary "aGVsbG8="', 'is a value with a tag and'],
    ['A: &a some-text', 'is a value with an anchor and'],
    [
      'A: "one\\\n\n  two"',
      'has an empty line after a backslash, which readers differ about; write it as \\n',
    ],
    ['A: >2\n   \n  \n', 'is of blanks only, which readers count differently; put it in quotes'],
    ['NO: some-text', 'its name is a boolean in YAML 1.1 and not a text; put the name in quotes'],
    [
      'A: |\n  one\n  two',
      'ends with the file, of which some readers add a line break; end the file with one',
    ],
  ])('%j', (text, problem) => expect(imported(text)).toContain(`: ${problem}`));

  it.each([
    'A: one\nB: two\rC: three\n',
    'A: x\nB: "two\u2028"\n',
    'A: x\nB: "\u0085"\n',
    'A: x\nB: x\ufeff\n',
  ])('and a line that has more of them to some readers: %j', (text) =>
    expect(imported(text)).toMatch(/^line 2 has a sign within it at which the line ends to some readers/),
  );

  it('and in quotes, or said to be a text, it is one', () =>
    expect(imported('A: "no"\n"NO": some-text\nB: \'1_000\'\nC: !!str 12:30:45\n')).toEqual({
      ...{ A: 'no', NO: 'some-text', B: '1_000', C: '12:30:45' },
    }));
});

const TOKENS = [
  ...[
    'x',
    'y',
    'n',
    'yes',
    'No',
    'on',
    'true',
    '~',
    'null',
    '0',
    '1',
    '12',
    '08',
    '0x1F',
    '0b1',
    '0o7',
    '1e3',
    '.5',
  ],
  ...[
    '_',
    ':',
    '-',
    '+',
    '.',
    '.inf',
    '.nan',
    '2026-11-29',
    '=',
    '<<',
    ' ',
    '  ',
    ' #',
    '#',
    ': ',
    '- ',
    '? ',
  ],
  ...[
    "'",
    '"',
    "''",
    '\\',
    '\\n',
    '\\x41',
    '\\/',
    '\\ ',
    '\\u00e9',
    '\\e',
    '\\_',
    '\\N',
    '\\L',
    '\\0',
    '%',
    '@',
    '`',
    '&',
    '*',
    '!',
    '|',
    '>',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    ',',
    '\t',
    '\n',
    '\n  ',
    '\n\n  ',
    '\r\n  ',
    '\r',
    'é',
    '\u2028',
    '\u0085',
    '\u00a0',
    '\ufeff',
    '🔑',
  ],
];

function generated(): string[] {
  const random = seededRandom(SEED);
  const pick = <T>(from: readonly T[]): T => from[random.below(from.length)] as T;
  const some = (most: number) => Array.from({ length: random.below(most) }, () => pick(TOKENS)).join('');
  const value = () => {
    const block = () => `${pick(['|', '>'])}${pick(['', '-', '+', '2', '2-'])}\n  ${some(5)}\n  ${some(4)}`;
    const inner = some(5);
    return pick([inner, inner, `"${inner}"`, `'${inner}'`, block(), `!!str ${inner}`, `&a ${inner}`]);
  };
  return Array.from(
    { length: FILES },
    () =>
      `${pick(['A', 'A', 'A', '"A"', 'no', '? A\n'])}: ${value()}${pick(['\n', '\n', ''])}${pick(['', 'B: next\n', '# end\n'])}`,
  );
}

itWith('python', `Of ${FILES} generated files none is imported that PyYAML reads otherwise`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'axiom-yaml-'));
  const texts = generated();
  const paths = texts.map((text, index) => {
    const path = join(folder, `${index}.yaml`);
    writeFileSync(path, text);
    return path;
  });
  const reads = readWithPyYaml(paths);
  rmSync(folder, { recursive: true });
  const sorted = (read: object) => JSON.stringify(Object.entries(read).sort());
  let taken = 0;
  const different: string[] = [];
  for (const [index, text] of texts.entries()) {
    const ours = imported(text);
    const theirs = reads[index];
    // What they refuse nobody reads otherwise.
    if (typeof ours === 'string' || theirs === undefined) continue;
    taken++;
    if (sorted(theirs) !== sorted(ours))
      different.push(`${JSON.stringify(text)}: ${sorted(theirs)}, not ${sorted(ours)}`);
  }
  expect(different).toEqual([]);
  expect(taken).toBeGreaterThan(FILES / 10);
});
