/** `axiom run` in a copy of the TypeScript example. */

import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PackageCopy } from '../support/package-copy';
import { AXIOM_MAIN, startServeProcess, type ServeProcess } from '../support/serve-process';
import { ROOT, Shell } from './axiom';

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
