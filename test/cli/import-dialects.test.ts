/**
 * Import takes what all readers of .env files read, and what one of them reads where a person says whose file it is.
 * AXIOM_IMPORT_LINES and AXIOM_TEST_SEED make other lines, and more.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DIALECTS, type Dialect } from '../../src/cli/import/dialects';
import { readImportFile } from '../../src/cli/import/import-file';
import { seededRandom } from '../support/seeded-random';
import { describeIf } from '../support/needs';
import {
  MISSING,
  readWithBash,
  readWithCompose,
  readWithDotenv,
  readWithNode,
  readWithPython,
  REQUIRED,
  type Read,
} from './env-readers';

const LINES = Number(process.env['AXIOM_IMPORT_LINES'] ?? 5_000);
const SEED = process.env['AXIOM_TEST_SEED'] ?? '2026';
const TOKENS = [
  ...['x', 'y', 'ab', 'n', 't', '0', '12', 'é', '#', ' #', '# ', ' ', '  ', '\t', "'", "'", '"', '"', '`'],
  ...[
    '\\',
    '\\n',
    '\\"',
    "\\'",
    '\\\\',
    '\\t',
    '\\$',
    '\\0',
    '\\012',
    '\\c',
    '$',
    '$B',
    '${B}',
    '${B:-d}',
    '$$',
    '$(',
  ],
  ...[
    '=',
    ':',
    ';',
    '&',
    '|',
    '(',
    ')',
    '<',
    '>',
    '{',
    '}',
    '[',
    ']',
    ',',
    '*',
    '?',
    '!',
    '~',
    '%',
    '@',
    '/',
    '+',
    '-',
  ],
  ...['\u00a0', '\u2003', '\r', '\v', '\n', '\r\n', '\u2028', '\u0085', '\x1c', '\f'],
];

type Oracle = Partial<Record<Dialect, Read[]>>;
let folder: string;
let texts: string[];
let oracle: Oracle;

function generated(): string[] {
  const random = seededRandom(SEED);
  const pick = <T>(from: readonly T[]): T => from[random.below(from.length)] as T;
  const some = (most: number) => Array.from({ length: random.below(most) }, () => pick(TOKENS)).join('');
  const value = () => {
    const inner = some(7);
    const quote = pick(['', '', '', '"', '"', "'", "'", '`']);
    return `${quote}${inner}${quote}${pick(['', '', '', '', ' ', ' # c', '#c', some(3)])}`;
  };
  return Array.from({ length: LINES }, () => {
    const head = pick([
      'A=',
      'A=',
      'A=',
      'A=',
      'export A=',
      'A =',
      'A= ',
      ' A=',
      'A: ',
      '\tA=',
      'export  A=',
      '# ',
      'B=1 #',
    ]);
    const mark = random.below(20) === 0 ? '\ufeff' : '';
    return `${mark}${head}${value()}${pick(['\n', '\n', '\n', '\r\n', ''])}`;
  }).map((line) => (line.endsWith('\n') && random.below(2) === 0 ? `${line}B=next\n` : line));
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'axiom-dialects-'));
  texts = generated();
  const paths = texts.map((text, index) => {
    const path = join(folder, `${index}.env`);
    writeFileSync(path, text);
    return path;
  });
  oracle = {
    dotenv: readWithDotenv(paths),
    node: readWithNode(paths),
    ...(MISSING.bash === undefined && { bash: readWithBash(paths) }),
    ...(MISSING['python-dotenv'] === undefined && { 'python-dotenv': readWithPython(paths) }),
    ...(MISSING.compose === undefined && { compose: readWithCompose(paths, folder) }),
  };
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function imported(text: string, dialect?: Dialect): Record<string, string> | undefined {
  try {
    const { entries, skipped } = readImportFile(text, {
      format: 'env',
      dialect,
      isChoice: true,
      skipEmpty: true,
    });
    const read = entries.map(({ name, value }): [string, string] => [name, Buffer.from(value).toString()]);
    return Object.fromEntries([...read, ...skipped.map((name): [string, string] => [name, ''])]);
  } catch {
    return undefined;
  }
}

/**
 * Of bash only A and B are known. Node.js 20 takes a comment on a last line without an end for a name, and
 * python-dotenv a byte order mark by itself.
 */
const sorted = (read: Read, dialect?: Dialect) =>
  JSON.stringify(
    Object.entries(read ?? {})
      .filter(([name]) => (dialect === 'bash' ? /^[AB]$/.test(name) : !/^(?:#|\ufeff$)/.test(name)))
      .sort(),
  );

describe(`Of ${LINES} generated lines`, () => {
  it('none is imported that any reader reads otherwise', () => {
    let taken = 0;
    const different: string[] = [];
    for (const [index, text] of texts.entries()) {
      const ours = imported(text);
      if (ours === undefined) continue;
      taken++;
      for (const [dialect, reads] of Object.entries(oracle) as [Dialect, Read[]][])
        if (sorted(reads[index], dialect) !== sorted(ours, dialect))
          different.push(`${dialect}: ${JSON.stringify(text)}: ${sorted(reads[index])}, not ${sorted(ours)}`);
    }
    expect(different).toEqual([]);
    expect(taken).toBeGreaterThan(LINES / 20);
  });

  it('what is read as `node --env-file` is what that reads', () => {
    for (let index = 0; index < texts.length; index += Math.ceil(LINES / 20)) {
      const args = [`--env-file=${join(folder, `${index}.env`)}`, '-p', 'JSON.stringify(process.env)'];
      const read = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', env: {} })) as Read;
      expect(read).toEqual(oracle.node?.[index]);
    }
  });
});

it('What Node.js 20 and 24 read differently at the end of a file is not imported with --dialect node', () => {
  for (const open of ['B="#c', "B='x", 'B=`x y', 'B="\\"x\n<="#c']) {
    expect(imported(`A=1\n${open}`, 'node')).toBeUndefined();
    expect(imported(`A=1\nB=2`, 'node')).toEqual({ A: '1', B: '2' });
  }
});

for (const dialect of DIALECTS)
  describeIf(
    MISSING[dialect],
    REQUIRED[dialect],
    `Of ${LINES} generated lines, with --dialect ${dialect},`,
    () => {
      it('none is imported that it reads otherwise', () => {
        const reads = oracle[dialect] ?? [];
        let taken = 0;
        const different: string[] = [];
        for (const [index, text] of texts.entries()) {
          const ours = imported(text, dialect);
          if (ours === undefined) continue;
          taken++;
          if (sorted(reads[index], dialect) !== sorted(ours, dialect))
            different.push(`${JSON.stringify(text)}: ${sorted(reads[index])}, not ${sorted(ours)}`);
        }
        expect(different).toEqual([]);
        expect(taken).toBeGreaterThan(LINES / 10);
      });
    },
  );
