/** `axiom run` in a copy of the TypeScript example. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allEnded, childrenOf } from '../support/child-processes';
import { PackageCopy } from '../support/package-copy';
import { AXIOM_MAIN, startServeProcess, type ServeProcess } from '../support/serve-process';
import { ROOT, runUntil, Shell } from './axiom';

let serve: ServeProcess;
let shell: Shell;
let example: PackageCopy;

beforeAll(async () => {
  serve = await startServeProcess();
  shell = new Shell({ AXIOM_DATA_DIR: serve.info.dataDir });
  example = new PackageCopy(join(ROOT, 'examples', 'greeter-typescript'));
  await shell.run(['secrets', 'add', 'GREETER_SIGNATURE'], { input: 'the team' });
  await shell.run(['configs', 'create', 'axiom-run', 'eu']);
  await shell.run(['configs', 'override', 'axiom-run/eu', 'GREETER_SIGNATURE'], { input: 'the EU team' });
});

afterAll(async () => {
  example[Symbol.dispose]();
  shell.remove();
  await serve.stop();
});

const run = (args: string[], input = '') =>
  shell.run(['run', ...args], { cwd: example.path('nodes'), input });

describe('axiom run', () => {
  it("prints the output message alone on stdout, with the tenant's value", async () => {
    const { code, stdout } = await run(['Greet', '--input', '{"name":"Ada"}']);
    expect(code).toBe(0);
    expect(stdout).toBe('{"greeting":"Hello Ada, from the team"}\n');
  });

  it("takes the config's value, and the input from stdin or a file", async () => {
    writeFileSync(shell.path('input.json'), '{"name":"Grace"}');
    const stdin = await run(['Greet', '--input', '-', '--config', 'eu'], '{"name":"Ada"}');
    expect(stdin.json).toEqual({ greeting: 'Hello Ada, from the EU team' });
    const file = await run(['Greet', '--input', `@${shell.path('input.json')}`]);
    expect(file.json).toEqual({ greeting: 'Hello Grace, from the team' });
  });

  it('says which nodes there are, what is wrong with an input, and which profile is missing', async () => {
    const node = await run(['Nope', '--json']);
    expect([node.code, node.error.message]).toEqual([3, expect.stringContaining('its nodes: Greet')]);
    const input = await run(['Greet', '--input', '{"nome":"Ada"}', '--json']);
    expect([input.code, input.error.exitCode]).toEqual([7, 7]);
    const file = await run(['Greet', '--input', '@nowhere.json', '--json']);
    expect(file.code).toBe(2);
    const profile = await run(['Greet', '--config', 'nope', '--json']);
    expect(profile.code).toBe(3);
    expect((await shell.run(['run', 'Greet'], { cwd: shell.folder })).code).toBe(3);
  });

  it('leaves no process behind when it is interrupted', async () => {
    const child = spawn(process.execPath, [AXIOM_MAIN, 'run', 'Greet', '--input', '{"name":"Ada"}'], {
      cwd: example.root,
      env: shell.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const printed = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
    await printed;
    child.kill('SIGINT');
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect([0, 130, null]).toContain(code);
  });
});

describe('axiom run, when a handler fails or takes long', () => {
  beforeAll(() => {
    const path = example.path('nodes', 'greet.ts');
    const marked = readFileSync(path, 'utf8').replace(
      'export function greet(ax: AxiomContext, input: GreetRequest): GreetReply {',
      `export async function greet(ax: AxiomContext, input: GreetRequest): Promise<GreetReply> {
  if (input.getName() === 'fail') {
    console.error('printed ' + ax.secrets.get('GREETER_SIGNATURE')[0]);
    throw new Error('no luck with ' + ax.secrets.get('GREETER_SIGNATURE')[0] + ', ' + (process.env.AXIOM_API_KEY ?? 'and no key'));
  }
  while (input.getName() === 'wait') {
    console.error('waiting');
    await new Promise((wake) => setTimeout(wake, 100));
  }`,
    );
    writeFileSync(path, marked);
  });

  it('logs the class and place of a failure, and its own text with --show-errors only, values masked', async () => {
    const fail = ['Greet', '--input', '{"name":"fail"}'];
    const plain = await run(fail);
    expect(plain.code).toBe(1);
    expect(plain.stderr).toMatch(/Error at nodes\/greet\.(?:ts|js):\d+/);
    expect(plain.stderr).not.toContain('no luck');
    // A key in the variable is the command's own: what it starts does not get it.
    const shown = await shell.run(['run', ...fail, '--show-errors'], {
      cwd: example.path('nodes'),
      env: { AXIOM_API_KEY: readFileSync(serve.info.adminApiKeyFile, 'utf8').trim() },
    });
    expect(shown.stderr).toContain('no luck with [REDACTED], and no key');
    for (const { stderr } of [plain, shown]) {
      expect(stderr).toContain('printed [REDACTED]\n');
      expect(stderr).not.toContain('the team');
    }
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'ends at once on %s in the middle of a handler, and leaves no folder and no process',
    async (signal, exitCode) => {
      const temporary = shell.path(signal);
      mkdirSync(temporary);
      const env = { ...shell.env, TMPDIR: temporary };
      const child = await runUntil('waiting', ['Greet', '--input', '{"name":"wait"}'], example.root, env);
      expect(readdirSync(temporary)).toHaveLength(1);
      const host = childrenOf(child.pid ?? 0);
      expect(host).not.toEqual([]);
      const asked = Date.now();
      child.kill(signal);
      const [code] = (await once(child, 'exit')) as [number];
      // A second on a machine that does nothing else; a hang takes the node's timeout of 300.
      expect([code, Date.now() - asked < 200_000]).toEqual([exitCode, true]);
      expect(readdirSync(temporary)).toEqual([]);
      await allEnded(host);
      // The execution has ended at the service too: nothing there holds what it held.
      await shell.run(['secrets', 'replace', 'GREETER_SIGNATURE'], { input: 'the team' });
      expect((await shell.run(['secrets', 'drain', 'GREETER_SIGNATURE', '--timeout', '0'])).code).toBe(0);
    },
  );
});

describe('axiom run --secrets-file', () => {
  it('needs no service, and takes lines of NAME=value or JSON', async () => {
    const offline = { AXIOM_DATA_DIR: shell.path('no-service') };
    writeFileSync(shell.path('values.env'), '# mine\nGREETER_SIGNATURE="me, myself"\n');
    writeFileSync(shell.path('values.json'), '{"GREETER_SIGNATURE":"JSON"}');
    const greet = (file: string) =>
      shell.run(['run', 'Greet', '--input', '{"name":"Ada"}', '--secrets-file', file], {
        cwd: example.path('nodes'),
        env: offline,
      });
    expect((await greet(shell.path('values.env'))).json).toEqual({ greeting: 'Hello Ada, from me, myself' });
    expect((await greet(shell.path('values.json'))).json).toEqual({ greeting: 'Hello Ada, from JSON' });
    writeFileSync(shell.path('marked.env'), '\ufeffGREETER_SIGNATURE=marked');
    const marked = await greet(shell.path('marked.env'));
    expect([marked.code, marked.stderr]).toEqual([2, expect.stringMatching(/save the file without one\n/)]);
    writeFileSync(shell.path('differs.env'), 'GREETER_SIGNATURE="C:\\\\new"\n');
    const differs = await greet(shell.path('differs.env'));
    expect([differs.code, differs.stderr]).toEqual([2, expect.stringMatching(/so that all read the same\n/)]);
    // In Latin-1 this is another value, and U+FFFD would be one that nobody wrote.
    writeFileSync(shell.path('latin-1.env'), Buffer.from('GREETER_SIGNATURE=Zo\u00eb', 'latin1'));
    const latin1 = await greet(shell.path('latin-1.env'));
    expect([latin1.code, latin1.stderr]).toEqual([2, expect.stringContaining('the file is not UTF-8 text')]);
    writeFileSync(shell.path('wrong.json'), '{"A":{}}');
    const wrong = await greet(shell.path('wrong.json'));
    expect(wrong.code).not.toBe(0);
    expect(wrong.stderr).toContain('A');
    expect((await greet(shell.path('nowhere.env'))).code).toBe(2);
    const config = await run(['Greet', '--secrets-file', shell.path('values.env'), '--config', 'eu']);
    expect([config.code, config.stderr]).toEqual([2, expect.stringContaining('runs without one')]);
  });
});
