/** A value in the wrong place is not said back, and one that would be cut or changed is not stored. */

import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServeProcess, type ServeProcess } from '../support/serve-process';
import { storedValues } from '../support/stored-values';
import { Shell } from './axiom';

let serve: ServeProcess;
let shell: Shell;
const axiom = (args: string[], input?: string | Uint8Array) =>
  shell.run(args, input === undefined ? {} : { input });
const names = async (): Promise<string[]> =>
  (await axiom(['secrets', 'list', '--json'])).json.secrets.map((one: { name: string }) => one.name);

beforeAll(async () => {
  serve = await startServeProcess();
  shell = new Shell({ AXIOM_DATA_DIR: serve.info.dataDir });
});

afterAll(async () => {
  shell.remove();
  await serve.stop();
});

const PEM = '-----BEGIN PRIVATE KEY-----\ncanary-MIIEvQIBADAN\n-----END PRIVATE KEY-----';

describe('A value that was given as an argument is not said back', () => {
  it.each([
    ['a PEM key, which begins as a flag does', ['secrets', 'add', 'TLS_KEY', PEM]],
    ['a value that begins with a hyphen', ['secrets', 'replace', 'TLS_KEY', '-canary']],
    ['a value that begins with two', ['configs', 'override', 'f/p', 'TLS_KEY', '--Canary_9']],
    ['a value where a file belongs', ['secrets', 'add', 'TLS_KEY', '--file', 'canary']],
    ['entries where a file belongs', ['secrets', 'import', 'A=canary']],
  ])('%s', async (_what, args) => {
    for (const json of [[], ['--json']]) {
      const { code, stdout, stderr } = await axiom([...args, ...json], 'from stdin');
      expect(code).toBe(2);
      expect(stderr).not.toBe('');
      expect(stdout + stderr).not.toMatch(/canary/i);
    }
  });

  it.each([
    ['secrets', 'add', 'A', 'canary'],
    ['secrets', 'set', 'A', 'canary'],
    ['configs', 'override', 'f/p', 'A', 'canary'],
  ])('and it is told where values come from: axiom %s %s %s …', async (...args) => {
    const { code, stderr } = await axiom(args, 'x');
    expect([code, stderr]).toEqual([
      2,
      'error: too many arguments; a value is never an argument, it comes from a prompt, stdin or --file\n',
    ]);
  });

  it('while a flag that there is not is named', async () => {
    const { stderr } = await axiom(['secrets', 'add', 'A', '--strip-newlin'], 'x');
    expect(stderr).toMatch(/unknown option '--strip-newlin'\n\(Did you mean --strip-newline\?\)/);
  });
});

it('Where NODE_DEBUG would have Node print a value on its way in, no command reads one', async () => {
  const env = { NODE_DEBUG: 'http,str*' };
  const { code, stdout, stderr } = await shell.run(['secrets', 'add', 'A'], { input: 'canary', env });
  expect([code, stdout, stderr]).toEqual([
    2,
    '',
    expect.stringMatching(/^error: NODE_DEBUG has Node print .*; unset it/),
  ]);
});

it('A file without an end is not read for ever', async () => {
  const { code, error } = await axiom(['secrets', 'add', 'ENDLESS', '--file', '/dev/zero', '--json']);
  expect([code, error.message]).toEqual([
    2,
    'the file that --file names holds more than 1 MiB; a value has at most 64 KiB',
  ]);
});

describe('An import refuses a file of which something would be lost', () => {
  it.each([
    ['a value of several lines without quotes', `FIRST=fine\nTLS_KEY=${PEM}\n`, 'line 3'],
    ['a value that # would cut', 'FIRST=fine\nPASSWORD=canary#9\n', 'line 2'],
    ['a quote that does not close', 'FIRST=fine\nPASSWORD="canary\n', 'line 2'],
    ['nor one after a space', 'PASSWORD= "canary #9\n', 'line 1'],
    ['something after the quotes', 'PASSWORD="canary" canary\n', 'line 1'],
    ['a form that would be passed over', 'FIRST=fine\nPASSWORD : canary\n', 'line 2'],
    ['a line without a name', 'FIRST=fine\n\n# comment\n=canary\n', 'line 4'],
    ['bytes that are no UTF-8', Uint8Array.of(0x41, 0x3d, 0xff, 0xfe), 'not UTF-8'],
  ])('%s', async (_what, text, where) => {
    const { code, stderr, error } = await axiom(['secrets', 'import', '-', '--json'], text);
    expect(code).toBe(2);
    expect(error.message).toContain(where);
    expect(stderr).not.toContain('canary');
    expect(await names()).toEqual([]);
  });

  it('half of a character in JSON', async () => {
    const { code, error } = await axiom(
      ['secrets', 'import', '-', '--format', 'json', '--json'],
      '{"HALF":"\\ud83d"}',
    );
    expect(code).toBe(2);
    expect(error.message).toContain('"HALF": is not text');
  });
});

describe('An import takes what is well-formed as it is', () => {
  it('quotes, several lines, comments, either line ending and a byte order mark', async () => {
    const text = `\ufeffA=one # comment\r\nexport B='a#b'\r\n\tC = "x\ny"\n# d\nD: four\n\nE=\`it's\`#e\nF=a"b'c\n`;
    const { code, json } = await axiom(['secrets', 'import', '-', '--dialect', 'dotenv', '--json'], text);
    expect(code).toBe(0);
    expect(json.secrets.map((one: { name: string }) => one.name)).toEqual(['A', 'B', 'C', 'D', 'E', 'F']);
    expect(await storedValues(serve.info)).toMatchObject({
      ...{ A: 'one', B: 'a#b', C: 'x\ny', D: 'four', E: "it's", F: `a"b'c` },
    });
  });

  it('and all or nothing when the service refuses one', async () => {
    const half = 'x'.repeat(60_000);
    const entries = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`BIG_${i}`, half]));
    writeFileSync(shell.path('big.json'), JSON.stringify(entries));
    const { code, error } = await axiom(['secrets', 'import', shell.path('big.json'), '--json']);
    expect([code, error.code]).toEqual([7, 'RESOURCE_EXHAUSTED']);
    expect((await names()).filter((name) => name.startsWith('BIG_'))).toEqual([]);
  });
});
