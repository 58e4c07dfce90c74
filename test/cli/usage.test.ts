/** What every command has in common: help, variables, exit codes, failures as text and as JSON. */

import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AxiomCommand } from '../../src/cli/environment';
import { dataDirAt } from '../../src/server/data-dir';
import { startServeProcess, type ServeProcess } from '../support/serve-process';
import { ROOT, Shell, type Outcome } from './axiom';

let serve: ServeProcess;
let shell: Shell;
const axiom = (args: string[], env: NodeJS.ProcessEnv = {}) => shell.run(args, { env });

beforeAll(async () => {
  serve = await startServeProcess();
  shell = new Shell();
});

afterAll(async () => {
  shell.remove();
  await serve.stop();
});

describe('Help', () => {
  it('prints the version of the package', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect((await axiom(['--version'])).stdout).toBe(`${version}\n`);
  });
});

describe('Wrong usage exits with 2 and one sentence', () => {
  const wrong = [
    ['frobnicate'],
    ['secrets', 'frobnicate'],
    ['secrets', 'add'],
    ['secrets', 'list', '--frobnicate'],
    ['secrets', 'list', 'surplus'],
    ['secrets', 'replace', 'A', '--etag'],
    ['completion', 'csh'],
    ['serve', '--management-address', 'nonsense'],
    ['serve', '--token-ttl', '0'],
    ['serve', '--log-level', 'loud'],
    ['run', 'Greet', '--log-level', 'loud'],
    ['serve', '--tls-key', 'x.pem'],
  ];

  it.each(wrong.map((args) => [args.join(' '), args] as const))('axiom %s', async (_text, args) => {
    const [text, json] = await Promise.all([axiom(args), axiom(args, { AXIOM_JSON: '1' })]);
    expect(text.code).toBe(2);
    expect(text.stdout).toBe('');
    expect(text.stderr).toMatch(/^error: [^\n]+\n(\(Did you mean .*\n)?$/);
    expect(json.code).toBe(2);
    expect(json.error).toMatchObject({ code: 'USAGE', exitCode: 2 });
  });

  it('shows the help for a group without a command', async () => {
    const { code, stderr } = await axiom(['secrets']);
    expect(code).toBe(2);
    expect(stderr).toContain('Usage: axiom secrets');
  });
});

describe('Failures have one message, no stack trace, and JSON where it was asked for', () => {
  const clean = ({ stderr }: Outcome) => {
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr).not.toMatch(/node:internal|\.js:\d+/);
  };

  it('for a service that does not answer', async () => {
    const folder = { AXIOM_DATA_DIR: serve.info.dataDir };
    const outcomes = await Promise.all([
      axiom(['secrets', 'list', '--json'], { ...folder, AXIOM_ADDRESS: '127.0.0.1:1' }),
      axiom(['secrets', 'list', '--json'], { ...folder, AXIOM_ADDRESS: 'nowhere.invalid:7443' }),
    ]);
    for (const outcome of outcomes) {
      clean(outcome);
      expect(outcome.code).toBe(6);
      expect(outcome.error).toMatchObject({ code: 'UNAVAILABLE', exitCode: 6 });
    }
  });

  it('for files that are missing, damaged or folders', async () => {
    writeFileSync(shell.path('not-pem'), 'nonsense');
    mkdirSync(shell.path('folder'));
    mkdirSync(shell.path('damaged'));
    writeFileSync(shell.path('damaged', 'service.json'), '{', { mode: 0o600 });
    const folder = { AXIOM_DATA_DIR: serve.info.dataDir };
    const outcomes = await Promise.all([
      axiom(['secrets', 'list', '--json'], { ...folder, AXIOM_CA: shell.path('nowhere') }),
      axiom(['secrets', 'list', '--json'], { ...folder, AXIOM_CA: shell.path('folder') }),
      axiom(['secrets', 'list', '--json'], { ...folder, AXIOM_CA: shell.path('not-pem') }),
      axiom(['secrets', 'list', '--json'], { ...folder, AXIOM_API_KEY_FILE: shell.path('nowhere') }),
      axiom(['secrets', 'list', '--json'], { AXIOM_DATA_DIR: shell.path('damaged') }),
      axiom(['tenants', 'list', '--json'], { AXIOM_DATA_DIR: shell.path('damaged') }),
    ]);
    for (const outcome of outcomes) {
      clean(outcome);
      expect(outcome.code).not.toBe(0);
      expect(typeof outcome.error.message).toBe('string');
    }
    expect(outcomes.map(({ code }) => code)).toEqual([2, 2, 2, 2, 1, 1]);
  });

  it('with the fields that are wrong, last, after what was warned of', async () => {
    const { code, stderr, error } = await shell.run(['secrets', 'add', 'X', '--strict', '--json'], {
      env: { AXIOM_DATA_DIR: serve.info.dataDir },
      input: '"quoted-value"\n',
    });
    const lines = stderr.trimEnd().split('\n');
    expect([code, lines.length, error.code]).toEqual([2, 3, 'USAGE']);
    for (const line of lines.slice(0, -1)) expect(line).toMatch(/^warning: /);
    const wrong = await axiom(['secrets', 'delete', 'not a name', '--json'], {
      AXIOM_DATA_DIR: serve.info.dataDir,
    });
    expect(Object.keys(wrong.error)).toEqual(['code', 'message', 'reason', 'fields', 'exitCode']);
    expect(wrong.error).toMatchObject({
      fields: [{ field: 'name', description: expect.stringContaining('1 to 128 letters') }],
      exitCode: 7,
    });
  });

  it('and none for a reader that has seen enough', async () => {
    const script = `set -o pipefail; "${process.execPath}" "${join(ROOT, 'dist', 'cli', 'main.js')}" audit --data-dir "${serve.info.dataDir}" | true`;
    const { stderr } = spawnSync('bash', ['-c', script], { env: shell.env, encoding: 'utf8' });
    expect(stderr).toBe('');
  });

  it('for an output that a full disk does not take, though what was asked for is done', () => {
    const main = join(ROOT, 'dist', 'cli', 'main.js');
    const run = (rest: string) =>
      spawnSync('bash', ['-c', `"${process.execPath}" "${main}" ${rest}`], {
        env: { ...shell.env, AXIOM_DATA_DIR: serve.info.dataDir },
        encoding: 'utf8',
      });
    const said = 'the output cannot be written (ENOSPC), and what is there of it is not whole';
    const listed = run('secrets list >/dev/full');
    expect([listed.status, listed.stderr]).toEqual([1, `error: ${said}\n`]);
    const json = run('audit --json >/dev/full');
    expect(json.status).toBe(1);
    expect(JSON.parse(json.stderr)).toMatchObject({ error: { code: 'FAILED', message: said, exitCode: 1 } });
    // Nobody can be told; the code of the failure stays.
    expect(run('frobnicate 2>/dev/full').status).toBe(2);
  });

  it('with the same code for the same exit code, whether the service or the command found it', async () => {
    const folder = { AXIOM_DATA_DIR: serve.info.dataDir };
    const outcomes = await Promise.all([
      axiom(['secrets', 'delete', 'NOPE', '--json'], folder),
      axiom(['configs', 'show', 'no/such', '--json'], folder),
      axiom(['validate', shell.folder, '--json']),
      axiom(['secrets', 'list', '--json'], { AXIOM_DATA_DIR: shell.path('never-ran') }),
    ]);
    expect(outcomes.map(({ error }) => [error.code, error.exitCode])).toEqual([
      ['NOT_FOUND', 3],
      ['NOT_FOUND', 3],
      ['NOT_FOUND', 3],
      ['UNAVAILABLE', 6],
    ]);
  });
});

describe('Flags that say where and how have an environment variable', () => {
  it('which says the same, and which the flag overrides', async () => {
    const byVariable = await axiom(['secrets', 'list'], {
      AXIOM_DATA_DIR: serve.info.dataDir,
      AXIOM_JSON: 'true',
    });
    expect(byVariable.json).toEqual({ secrets: [], nextPageToken: '' });
    const overridden = await axiom(['secrets', 'list', '--data-dir', serve.info.dataDir], {
      AXIOM_DATA_DIR: shell.path('nowhere'),
    });
    expect(overridden.code).toBe(0);
  });

  it.each(['0', 'false', 'No', 'off', ''])('and a switch is off when its variable is %j', async (off) => {
    const { stdout } = await axiom(['secrets', 'list'], {
      AXIOM_DATA_DIR: serve.info.dataDir,
      AXIOM_JSON: off,
    });
    expect(stdout).toMatch(/^no secrets yet/);
  });

  it('and no variable makes a command do something: one that shows does not write', async () => {
    const variables = { AXIOM_DATA_DIR: serve.info.dataDir, AXIOM_NODE_TIMEOUT: '77', AXIOM_STRICT: '1' };
    expect((await axiom(['configs', 'default'], variables)).stdout).toBe('node timeout 300 s\n');
    expect((await axiom(['configs', 'default'], variables)).stdout).toBe('node timeout 300 s\n');
  });

  it('and a word that has a comma itself is given with the flag', () => {
    const program = new AxiomCommand('axiom');
    const serve = program.command('serve').option('--oidc-role <value=role...>');
    program.parse(['serve', '--oidc-role', 'CN=a,O=b=viewer'], { from: 'user' });
    expect(serve.opts()).toEqual({ oidcRole: ['CN=a,O=b=viewer'] });
  });

  it('and a list is written with commas', async () => {
    const other = await startServeProcess(undefined, { ...shell.env, AXIOM_HOST: 'a.example, b_c.example' });
    const certificate = new X509Certificate(
      readFileSync(dataDirAt(other.info.dataDir).management.tls.certificate),
    );
    await other.stop();
    expect(certificate.subjectAltName).toContain('DNS:a.example, DNS:b_c.example');
  });
});
