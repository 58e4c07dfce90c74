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
      axiom(['secrets', 'add', 'KEPT', '--json'], 'abc\n'),
      axiom(['secrets', 'add', 'STRIPPED', '--strip-newline', '--json'], 'abc\r\n'),
    ]);
    expect(kept.stderr).toMatch(/warning: the value ends with a newline/);
    expect(stripped.stderr).toBe('');
    expect(await storedValues(serve.info)).toMatchObject({ KEPT: 'abc\n', STRIPPED: 'abc' });
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
      expect(stderr).toMatch(/^error: .+\n$/);
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
    writeFileSync(shell.path('.env'), 'ENV_A=one\n# a comment\nexport ENV_B="two\\nlines"\n');
    expect((await axiom(['secrets', 'import', shell.path('.env'), '--json'])).json).toEqual({
      secrets: [
        { name: 'ENV_A', outcome: 'added' },
        { name: 'ENV_B', outcome: 'added' },
      ],
    });
    expect((await axiom(['secrets', 'import', shell.path('.env')])).stdout).toMatch(
      /kept ENV_A: it exists already; use --replace/,
    );
    expect((await axiom(['secrets', 'import', shell.path('.env'), '--replace'])).stdout).toBe(
      'replaced ENV_A\nreplaced ENV_B\n',
    );
  });

  it('reads JSON from a file or stdin', async () => {
    writeFileSync(shell.path('more.json'), JSON.stringify({ JSON_A: 'one' }));
    const [file, stdin] = await Promise.all([
      axiom(['secrets', 'import', shell.path('more.json'), '--json']),
      axiom(['secrets', 'import', '-', '--format', 'json', '--json'], JSON.stringify({ JSON_B: 'line\n' })),
    ]);
    expect(file.json.secrets).toEqual([{ name: 'JSON_A', outcome: 'added' }]);
    expect(stdin.json.secrets).toEqual([{ name: 'JSON_B', outcome: 'added' }]);
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

  it('refuses a format that it does not know and a file that is not there', async () => {
    const outcomes = await Promise.all([
      axiom(['secrets', 'import', '-', '--format', 'xml'], 'A=b'),
      axiom(['secrets', 'import', shell.path('nowhere')]),
    ]);
    expect(outcomes.map(({ code }) => code)).toEqual([2, 2]);
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
