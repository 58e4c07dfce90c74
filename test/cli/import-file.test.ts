/** What an import takes of a file, and how it tells of everything that it does not take. */

import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DIALECTS, type Dialect } from '../../src/cli/import/dialects';
import { readImportFile, type Format } from '../../src/cli/import/import-file';
import { readFileUpTo } from '../../src/cli/read-input';

interface Options {
  readonly format?: Format;
  readonly dialect?: Dialect | undefined;
  readonly skipEmpty?: boolean;
}

function read(text: string, { format = 'env', dialect, skipEmpty = false }: Options = {}) {
  const { entries, skipped, warnings } = readImportFile(text, { format, dialect, isChoice: true, skipEmpty });
  return {
    values: entries.map(({ name, value }) => [name, Buffer.from(value).toString()]),
    skipped,
    warnings,
  };
}

function refusal(text: string, options?: Options): string {
  try {
    read(text, options);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was taken');
}

describe('A .env file', () => {
  it.each([
    ['A=plain-value', 'plain-value'],
    ['A="in quotes # and all"', 'in quotes # and all'],
    ["A='single # quotes'", 'single # quotes'],
    ['export A=exported', 'exported'],
    ['A=postgres://u:p@host/db?x=1', 'postgres://u:p@host/db?x=1'],
    ['A="-----BEGIN X-----\nMIIE\n-----END X-----"', '-----BEGIN X-----\nMIIE\n-----END X-----'],
  ])('is taken where all readers agree: %j', (line, value) => {
    expect(read(`# a comment\n\n${line}\nLAST=one-more\n`).values).toEqual([
      ['A', value],
      ['LAST', 'one-more'],
    ]);
  });

  it.each([
    ['a JSON value with a #', 'A={"a":"#1"}'],
    ['a # in quotes after text', 'A=x"#y"'],
    ['a backslash in double quotes', 'A="C:\\\\new"'],
    ['escaped quotes', 'A="say \\"hi\\""'],
    ['a variable', 'A=$VAR'],
    ['a variable in braces', 'A="${VAR}"'],
    ['a Windows line break in quotes', 'A="one\r\ntwo"'],
    ['the line end of Windows', 'A=value\r'],
    ['\\n in double quotes', 'A="one\\ntwo"'],
    ['NAME: value', 'A: value'],
    ['a blank around the equals sign', 'A = value'],
    ['a quote that does not close', 'A="value'],
  ])('with %s is refused by its line and name, with who reads what, and never its value', (_what, line) => {
    const said = refusal(`FIRST=fine-value\n${line}\n`);
    expect(said).toMatch(/^nothing was imported:\n {2}line 2: "A": /);
    expect(said).toMatch(/bash.*--dialect \(bash, dotenv, python-dotenv, compose, node\)$/);
    for (const part of ['#1', '#y', 'new', 'say', 'VAR', 'two', 'value"']) expect(said).not.toContain(part);
  });

  it.each([
    'A=fine-value\rB=other-value\n',
    '# a comment\rB=other-value\nA=fine-value\n',
    '#\u2028B=other-value\n',
    "A='x'#\rB=y\n",
  ])('that has more lines to some readers than to others is refused, and no entry lost: %j', (text) => {
    for (const dialect of [undefined, ...DIALECTS])
      expect(refusal(text, { dialect })).toContain(
        'line 1: has a carriage return or a line separator within it, where the line ends to some readers',
      );
  });

  it('says who reads alike, and who reads nothing', () => {
    expect(refusal('A="one\\ntwo"\n')).toContain(
      'bash reads one value, dotenv, python-dotenv, compose and node another; write it so that all read the same',
    );
    expect(refusal('A=$VAR\n')).toContain(
      'dotenv, python-dotenv and node read one value, bash and compose read none as it is written;',
    );
  });

  it.each<[Dialect, string, string]>([
    ['dotenv', 'A={"a":"#1"}', '{"a":"'],
    ['bash', 'A=\'{"a":"#1"}\'', '{"a":"#1"}'],
    ['bash', 'A="C:\\\\new"', 'C:\\new'],
    ['dotenv', 'A="C:\\\\new"', 'C:\\\new'],
    ['compose', 'A="C:\\\\new"', 'C:\\new'],
    ['python-dotenv', 'A="C:\\\\new"', 'C:\\new'],
    ['bash', 'A="say \\"hi\\""', 'say "hi"'],
    ['dotenv', 'A="say \\"hi\\""', 'say \\"hi\\"'],
    ['node', 'A=$VAR', '$VAR'],
    ['bash', 'A="one\r\ntwo"', 'one\r\ntwo'],
    ['dotenv', 'A="one\r\ntwo"', 'one\ntwo'],
    ['compose', 'A="pa$$word"', 'pa$word'],
  ])('is read as %s reads it with --dialect: %j', (dialect, line, value) => {
    expect(read(`${line}\n`, { dialect }).values).toEqual([['A', value]]);
  });

  it('with a variable is refused for a dialect that would put it in', () => {
    expect(refusal('A="${VAR}"\n', { dialect: 'bash' })).toContain('line 1: "A": bash reads no value of it');
  });

  it('never loses __proto__, which is no name', () => {
    expect(refusal('__proto__=zzz\n')).toContain('line 1: "__proto__"');
    expect(refusal('{"__proto__":"zzz"}', { format: 'json' })).toContain('may not be __proto__');
  });

  it('tells of every wrong line at once, in order, and of duplicates with both lines', () => {
    const said = refusal('A=first-value\nnot an entry\nB=\nA=other-value\nsecret words\n');
    expect(said.split('\n').slice(1)).toEqual([
      '  line 2: is not NAME=value; a value with several lines stands in quotes',
      '  line 3: "B": is empty; give it a value, or leave empty ones out with --skip-empty',
      '  line 4: "A" is on line 1 too; keep one of them',
      '  line 5: is not NAME=value; a value with several lines stands in quotes',
    ]);
  });

  it('with more wrong lines than a tenant has names tells of the first thousand, and how many more there are', () => {
    const told = refusal('not an entry\n'.repeat(5_000)).split('\n');
    expect(told).toHaveLength(1_002);
    expect(told.at(-1)).toBe('  and 4000 more');
  });

  it('leaves empty values out when told to', () => {
    expect(read('A=\nB=value-of-b\nC=""\n', { skipEmpty: true })).toMatchObject({
      values: [['B', 'value-of-b']],
      skipped: ['A', 'C'],
    });
  });

  it('is warned of by line and name, in the words of the console', () => {
    expect(read('A=changeme\nB=8080\n').warnings).toEqual([
      'line 1, A: the value looks like placeholder text; put the real one in its place',
      'line 2, B: the value is so short or so common that masking it would spoil logs; what is not secret belongs in settings',
    ]);
  });

  it('of a broken key shows no line that looks like a name', () => {
    const line = `${'QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xt'}==`;
    expect(refusal(`A="-----BEGIN X-----\n${line}\n`)).not.toContain(line.slice(0, 20));
  });
});

describe('A JSON or YAML file', () => {
  it('is one map of names and texts', () => {
    expect(read('{"A": "one\\nvalue", "B": "#other"}', { format: 'json' }).values).toEqual([
      ['A', 'one\nvalue'],
      ['B', '#other'],
    ]);
    expect(read('A: some value\nB: |\n  two\n  lines\nC: "8 \\" 9"\n', { format: 'yaml' }).values).toEqual([
      ['A', 'some value'],
      ['B', 'two\nlines\n'],
      ['C', '8 " 9'],
    ]);
  });

  it('names numbers, lists and null as what they are, each with its line', () => {
    const said = refusal('{"N": 8080,\n"T": true,\n"L": ["canary"],\n"E": null}', { format: 'json' });
    expect(said.split('\n').slice(1)).toEqual([
      '  line 1: "N": is a number and not a text; put the value in quotes',
      '  line 2: "T": is a boolean and not a text; put the value in quotes',
      '  line 3: "L": is a list, a map or an alias and not a text; put the value in quotes',
      '  line 4: "E": is null and not a text; put the value in quotes',
    ]);
    expect(refusal('A: 1.10\n', { format: 'yaml' })).toContain('line 1: "A": is a number');
  });

  it('refuses duplicates with both lines', () => {
    expect(refusal('{"A": "one",\n "B": "x",\n "\\u0041": "two"}', { format: 'json' })).toContain(
      'line 3: "A" is on line 1 too',
    );
    expect(refusal('A: one\nA: two\n', { format: 'yaml' })).toContain('line 2: "A" is on line 1 too');
  });

  it.each<[string, Format]>([
    ['{"A": canary}', 'json'],
    ['["canary"]', 'json'],
    ['"canary"', 'json'],
    ['- canary\n', 'yaml'],
    ['A: "canary\n', 'yaml'],
    ['A: canary\n---\nB: canary\n', 'yaml'],
    ['a: &a [canary]\nB: *a\n', 'yaml'],
  ])('that is something else is refused without a word of it: %j', (text, format) => {
    expect(refusal(text, { format })).not.toContain('canary');
  });
});

describe('A file that is read', () => {
  it('and changes meanwhile is refused: half of each would be a value that nobody wrote', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'axiom-import-'));
    const path = join(folder, '.env');
    const limit = { bytes: 64 * 1024 * 1024, reason: 'no more' };
    writeFileSync(path, `A=${'x'.repeat(8 * 1024 * 1024)}\n`);
    try {
      expect((await readFileUpTo(path, 'the file to import', limit)).byteLength).toBe(8 * 1024 * 1024 + 3);
      const writer = setInterval(() => appendFileSync(path, 'B=y\n'), 1);
      const reading = readFileUpTo(path, 'the file to import', limit);
      await expect(reading).rejects.toThrow(
        'the file to import changed while it was read; try again when it is whole',
      );
      clearInterval(writer);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
