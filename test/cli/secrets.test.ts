/** `axiom secrets …` against a running service. */

import { statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServeProcess, type ServeProcess } from '../support/serve-process';
import { storedValues } from '../support/stored-values';
import { Shell } from './axiom';

let serve: ServeProcess;
let shell: Shell;
const axiom = (args: string[], input?: string | Uint8Array) =>
  shell.run(args, input === undefined ? {} : { input });

beforeAll(async () => {
  serve = await startServeProcess();
  shell = new Shell({ AXIOM_DATA_DIR: serve.info.dataDir });
});

afterAll(async () => {
  shell.remove();
  await serve.stop();
});

describe('Values come from stdin or a file, byte for byte', () => {
  it('adds from stdin and answers with a receipt', async () => {
    const { code, json } = await axiom(['secrets', 'add', 'FROM_STDIN', '--json'], 'päss');
    expect(code).toBe(0);
    expect(json.receipt).toMatchObject({ name: 'FROM_STDIN', paddedBytes: 64, version: '1' });
  });

  it('adds from a file, and from stdin as --file -', async () => {
    writeFileSync(shell.path('value.pem'), '-----BEGIN-----\r\nabc\r\n');
    await Promise.all([
      axiom(['secrets', 'add', 'FROM_FILE', '--file', shell.path('value.pem'), '--json']),
      axiom(['secrets', 'add', 'FROM_DASH', '--file', '-', '--json'], 'abc'),
    ]);
    expect(await storedValues(serve.info)).toMatchObject({
      FROM_FILE: '-----BEGIN-----\r\nabc\r\n',
      FROM_DASH: 'abc',
    });
  });

  it('keeps a trailing newline and warns of it, or strips it when told to', async () => {
    const [kept, stripped] = await Promise.all([
      axiom(['secrets', 'add', 'KEPT', '--json'], 'abcdefgh\n'),
      axiom(['secrets', 'add', 'STRIPPED', '--strip-newline', '--json'], 'abcdefgh\r\n'),
    ]);
    expect(kept.stderr).toBe(
      'warning: the value ends with a line break; most services refuse a key that does (--strip-newline takes one off)\n',
    );
    expect(stripped.stderr).toBe('');
    expect(await storedValues(serve.info)).toMatchObject({ KEPT: 'abcdefgh\n', STRIPPED: 'abcdefgh' });
  });

  it('sends nothing that it would warn of with --strict, for secrets and overrides', async () => {
    await axiom(['configs', 'create', 'strict-flow']);
    const outcomes = await Promise.all([
      axiom(['secrets', 'add', 'STRICT', '--strict'], '"canary-value"'),
      axiom(['secrets', 'replace', 'KEPT', '--strict'], '"canary-value"'),
      axiom(['configs', 'override', 'strict-flow/default', 'STRICT', '--strict'], '"canary-value"'),
    ]);
    for (const { code, stdout, stderr } of outcomes) {
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain('warning: the value stands in quotes, which are saved as part of it\n');
      expect(stderr).toContain('nothing was sent; mend it, or leave --strict out');
      expect(stderr).not.toContain('canary');
    }
    expect((await axiom(['secrets', 'add', 'STRICT', '--strict'], 'canary-value')).code).toBe(0);
  });

  it('refuses an empty value, one that is too long, one that is no text, and a file that is not there', async () => {
    const outcomes = await Promise.all([
      axiom(['secrets', 'add', 'X'], ''),
      axiom(['secrets', 'add', 'X'], 'a'.repeat(64 * 1024 + 1)),
      axiom(['secrets', 'add', 'X'], Uint8Array.of(0xff, 0xfe)),
      axiom(['secrets', 'add', 'X', '--file', shell.path('nowhere')]),
      axiom(['secrets', 'add', 'X'], 'a'.repeat(2 * 1024 * 1024)),
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual([7, 7, 7, 2, 2]);
    for (const { stdout, stderr } of outcomes) {
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^(?:warning: .+\n)*error: .+\n$/);
    }
    expect(
      (await axiom(['secrets', 'list', '--json'])).json.secrets.map((one: { name: string }) => one.name),
    ).not.toContain('X');
  });
});

describe('A value is never taken from the arguments, and never said back', () => {
  it.each([
    ['as one more word', ['secrets', 'add', 'NAME', 'sk-canary-1'], 2],
    ['as a flag', ['secrets', 'add', 'NAME', '--value=sk-canary-1'], 2],
    ['as a flag with a word', ['secrets', 'add', 'NAME', '--value', 'sk-canary-1'], 2],
    ['in the name', ['secrets', 'add', 'NAME=sk-canary-1'], 7],
    ['in the name of an override', ['configs', 'override', 'f/p', 'NAME=sk-canary-1'], 7],
    ['as one more word of an override', ['configs', 'override', 'f/p', 'NAME', 'sk-canary-1'], 2],
  ])('%s', async (_how, args, code) => {
    for (const json of [[], ['--json']]) {
      const outcome = await axiom([...args, ...json], 'from stdin');
      expect(outcome.code).toBe(code);
      expect(outcome.stdout + outcome.stderr).not.toContain('canary');
    }
  });
});

describe('Adding, replacing and deleting', () => {
  it('says in words what happened', async () => {
    expect((await axiom(['secrets', 'add', 'WORDS'], 'one')).stdout).toMatch(
      /^added WORDS: shorter than 64 bytes, version \d+\n$/,
    );
    expect((await axiom(['secrets', 'replace', 'WORDS'], 'other')).stdout).toMatch(
      /^replaced WORDS: shorter than 64 bytes, version \d+\n$/,
    );
    expect((await axiom(['secrets', 'delete', 'WORDS', '--dry-run'])).stdout).toBe('would delete WORDS\n');
    expect((await axiom(['secrets', 'delete', 'WORDS'])).stdout).toBe(
      'deleted WORDS; the next execution does not see it\n',
    );
  });

  it('fails with an exit code of its own where the name stands, is missing, or has changed', async () => {
    const { json } = await axiom(['secrets', 'add', 'TAG', '--json'], 'one');
    expect((await axiom(['secrets', 'replace', 'TAG', '--etag', json.receipt.etag], 'two')).code).toBe(0);
    const [exists, missing, stale, staleDelete] = await Promise.all([
      axiom(['secrets', 'add', 'TAG', '--json'], 'three'),
      axiom(['secrets', 'replace', 'NOWHERE', '--json'], 'x'),
      axiom(['secrets', 'replace', 'TAG', '--etag', json.receipt.etag, '--json'], 'three'),
      axiom(['secrets', 'delete', 'TAG', '--etag', json.receipt.etag, '--json']),
    ]);
    expect([exists, missing, stale, staleDelete].map(({ code }) => code)).toEqual([4, 3, 4, 4]);
    expect(exists.error).toMatchObject({ code: 'ALREADY_EXISTS', exitCode: 4 });
    expect(missing.error).toMatchObject({ code: 'NOT_FOUND', exitCode: 3 });
    expect(stale.error).toMatchObject({ code: 'ABORTED', exitCode: 4 });
    expect((await axiom(['secrets', 'replace', 'TAG', '--revoke-running'], 'four')).code).toBe(0);
  });

  it('names the configs that still override what is deleted', async () => {
    await axiom(['secrets', 'add', 'OVERRIDDEN'], 'one');
    await axiom(['configs', 'create', 'checkout', 'eu']);
    await axiom(['configs', 'override', 'checkout/eu', 'OVERRIDDEN'], 'two');
    const { stdout, code } = await axiom(['secrets', 'delete', 'OVERRIDDEN', '--revoke-running']);
    expect(code).toBe(0);
    expect(stdout).toContain('still overridden by profile eu of flow checkout');
  });

  it('lists names and dates in a table, and nothing else', async () => {
    const { stdout } = await axiom(['secrets', 'list']);
    expect(stdout).toMatch(/^NAME +ADDED +UPDATED\n/);
    expect(stdout).toMatch(/\nFROM_FILE +\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ +\d{4}-/);
    expect(stdout).not.toContain('BEGIN');
  });
});

describe('Importing many at once', () => {
  it('adds what a .env file holds and keeps names that stand, unless told to replace', async () => {
    writeFileSync(shell.path('.env'), 'ENV_A=first-value\n# a comment\nexport ENV_B="two\nlines"\n');
    const file = shell.path('.env');
    expect((await axiom(['secrets', 'import', file, '--dry-run'])).stdout).toBe(
      'would add ENV_A\nwould add ENV_B\n',
    );
    expect((await axiom(['secrets', 'import', file, '--json'])).json).toEqual({
      secrets: [
        { name: 'ENV_A', outcome: 'added' },
        { name: 'ENV_B', outcome: 'added' },
      ],
    });
    expect(await storedValues(serve.info)).toMatchObject({ ENV_A: 'first-value', ENV_B: 'two\nlines' });
    expect((await axiom(['secrets', 'import', file])).stdout).toMatch(
      /kept ENV_A: it exists already; use --replace/,
    );
    expect((await axiom(['secrets', 'import', file, '--replace', '--dry-run'])).stdout).toBe(
      'would replace ENV_A\nwould replace ENV_B\n',
    );
    expect((await axiom(['secrets', 'import', file, '--replace'])).stdout).toBe(
      'replaced ENV_A\nreplaced ENV_B\n',
    );
  });

  it('reads JSON and YAML from a file or stdin', async () => {
    writeFileSync(shell.path('more.json'), JSON.stringify({ JSON_A: 'some-value' }));
    writeFileSync(shell.path('more.yml'), 'YAML_A: some value\n');
    const outcomes = await Promise.all([
      axiom(['secrets', 'import', shell.path('more.json'), '--json']),
      axiom(['secrets', 'import', shell.path('more.yml'), '--json']),
      axiom(['secrets', 'import', '-', '--format', 'json', '--json'], JSON.stringify({ JSON_B: 'line\n' })),
    ]);
    expect(outcomes.map(({ json }) => json.secrets)).toEqual([
      [{ name: 'JSON_A', outcome: 'added' }],
      [{ name: 'YAML_A', outcome: 'added' }],
      [{ name: 'JSON_B', outcome: 'added' }],
    ]);
  });

  it('reads a file as one program does where they differ, and leaves empty values out, when told to', async () => {
    const text = 'DIALECT="C:\\\\new"\nEMPTY=\n';
    const refused = await axiom(['secrets', 'import', '-'], text);
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('line 1: "DIALECT": ');
    expect(refused.stderr).toContain('line 2: "EMPTY": is empty');
    const { stdout } = await axiom(['secrets', 'import', '-', '--dialect', 'bash', '--skip-empty'], text);
    expect(stdout).toBe('added DIALECT\nskipped EMPTY: its value is empty\n');
    expect((await storedValues(serve.info))['DIALECT']).toBe('C:\\new');
  });

  it('takes a byte order mark where the dialect skips it, and refuses UTF-16 and NULs, whose readers differ', async () => {
    const marked = Buffer.from('\ufeffMARKED=plain-value\n');
    const differs = await axiom(['secrets', 'import', '-'], marked);
    expect([differs.code, differs.stderr]).toEqual([
      2,
      'error: nothing was imported:\n  line 1: begins with a byte order mark, of which bash, python-dotenv and node make something else; save the file without one, or choose with --dialect (bash, dotenv, python-dotenv, compose, node)\n',
    ]);
    const taken = await axiom(['secrets', 'import', '-', '--dialect', 'compose'], marked);
    expect(taken).toMatchObject({ code: 0, stdout: 'added MARKED\n', stderr: '' });
    const refused = await Promise.all(
      [
        Buffer.from('\ufeffA=plain-value\n', 'utf16le'),
        Buffer.from('A=plain-value\n', 'utf16le'),
        Buffer.from('A=plain\0value\n'),
      ].map((text) => axiom(['secrets', 'import', '-', '--dialect', 'bash'], text)),
    );
    for (const { code, stderr } of refused)
      expect([code, stderr]).toEqual([
        2,
        'error: the file is not UTF-8 text, and nothing of it was taken; save it as UTF-8\n',
      ]);
  });

  it('of one file at the same time adds each name once, and tells the other that it is there', async () => {
    const file = 'AT_ONCE_A=plain-value-a\nAT_ONCE_B=plain-value-b\n';
    const both = await Promise.all([0, 1].map(() => axiom(['secrets', 'import', '-', '--json'], file)));
    const outcomes = both.map(({ json }) => json.secrets.map((one: { outcome: string }) => one.outcome));
    expect(outcomes.sort()).toEqual([
      ['added', 'added'],
      ['kept', 'kept'],
    ]);
  });

  it('warns by line and name, and imports nothing with --strict', async () => {
    const text = 'WARNED=changeme\n';
    const strict = await axiom(['secrets', 'import', '-', '--strict'], text);
    const warning =
      'warning: line 1, WARNED: the value looks like placeholder text; put the real one in its place\n';
    expect([strict.code, strict.stdout]).toEqual([2, '']);
    expect(strict.stderr).toContain(warning);
    expect(await axiom(['secrets', 'import', '-'], text)).toMatchObject({
      code: 0,
      stdout: 'added WARNED\n',
      stderr: warning,
    });
  });

  it('imports all or nothing: where one more does not fit, none is added; a long one tells how far it is', async () => {
    const many = (count: number) =>
      JSON.stringify(
        Object.fromEntries(Array.from({ length: count }, (_, at) => [`MANY_${at}`, `value-${at}`])),
      );
    const refused = await axiom(['secrets', 'import', '-', '--format', 'json'], many(1_000));
    expect(refused.code).toBe(7);
    expect(refused.stderr).toContain('sealed 200 of 1000\n');
    const { json } = await axiom(['secrets', 'list', '--json']);
    expect(json.secrets.some(({ name }: { name: string }) => name.startsWith('MANY_'))).toBe(false);
  });

  it('imports nothing when one entry is wrong, names it, and shows no value', async () => {
    const entries = { FINE: 'canary-1', 'bad name': 'canary-2', EMPTY: '', NUMBER: 3 };
    const wrong = await axiom(
      ['secrets', 'import', '-', '--format', 'json', '--json'],
      JSON.stringify(entries),
    );
    expect(wrong.code).toBe(2);
    for (const name of ['bad name', 'EMPTY', 'NUMBER']) expect(wrong.error.message).toContain(name);
    expect(wrong.stderr).not.toContain('canary');
    const broken = await axiom(['secrets', 'import', '-', '--format', 'json', '--json'], '{"A": canary}');
    expect([broken.code, broken.stderr.includes('canary')]).toEqual([2, false]);
    const { json } = await axiom(['secrets', 'list', '--json']);
    expect(json.secrets.map((one: { name: string }) => one.name)).not.toContain('FINE');
  });

  it('refuses a format or dialect that it does not know and a file that is not there', async () => {
    const outcomes = await Promise.all([
      axiom(['secrets', 'import', '-', '--format', 'xml'], 'A=b'),
      axiom(['secrets', 'import', '-', '--dialect', 'fish'], 'A=b'),
      axiom(['secrets', 'import', shell.path('nowhere')]),
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual([2, 2, 2]);
    expect(outcomes[0]?.stderr).toBe(
      "error: option '--format <format>' argument 'xml' is invalid. Allowed choices are env, json, yaml.\n",
    );
  });
});

describe('What node code reads', () => {
  it('shows secrets that nothing has read, and that nothing was missed', async () => {
    const [all, unread, missed, table, wrong] = await Promise.all([
      axiom(['secrets', 'usage', '--json']),
      axiom(['secrets', 'usage', '--unread-days', '30', '--json']),
      axiom(['secrets', 'usage', '--missed', '--json']),
      axiom(['secrets', 'usage']),
      axiom(['secrets', 'usage', '--unread-days', 'many']),
    ]);
    expect(all.json.secrets.length).toBeGreaterThan(5);
    expect(unread.code).toBe(0);
    expect(missed.json.misses).toEqual([]);
    expect(table.stdout).toMatch(/^NAME +LAST READ +READS +BY\n/);
    expect(wrong.code).toBe(2);
  });

  it('keeps the admin key in a file that only its owner reads', () => {
    expect(statSync(serve.info.adminApiKeyFile).mode & 0o777).toBe(0o600);
  });
});
