/** The masked prompt, on a real pseudo-terminal (Python's pty). */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AXIOM_MAIN, startServeProcess, type ServeProcess } from '../support/serve-process';
import { runProgram, Shell } from './axiom';

const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0;
const ENTER = '\r';
const CTRL_C = '\x03';

let serve: ServeProcess;
let shell: Shell;

beforeAll(async () => {
  serve = await startServeProcess();
  shell = new Shell({ AXIOM_DATA_DIR: serve.info.dataDir });
});

afterAll(async () => {
  shell.remove();
  await serve.stop();
});

/** stdout is the whole screen. The typed text goes to the test's own helper by a variable, not to axiom. */
const onTerminal = (args: string[], typed: string, env: NodeJS.ProcessEnv = shell.env) =>
  runProgram('python3', [join(__dirname, 'prompt.py'), process.execPath, AXIOM_MAIN, ...args], {
    env: { ...env, TYPED: typed },
    cwd: shell.folder,
  });

(hasPython ? describe : describe.skip)('On a terminal, the value is asked for', () => {
  it('and masked: stars, never the value', async () => {
    const { code, stdout } = await onTerminal(['secrets', 'add', 'PROMPTED'], `canary-7${ENTER}`);
    expect(code).toBe(0);
    expect(stdout).toContain('Value of PROMPTED: ');
    expect(stdout).toMatch(/\*{3}/);
    expect(stdout).not.toContain('canary');
    expect(stdout).toContain('added PROMPTED: shorter than 64 bytes');
  });

  it('and nothing is sent when it is not given', async () => {
    const { code, stdout } = await onTerminal(['secrets', 'add', 'CANCELLED'], CTRL_C);
    expect(code).not.toBe(0);
    expect(stdout).not.toMatch(/^\s+at /m);
    expect((await shell.run(['secrets', 'list'])).stdout).not.toContain('CANCELLED');
  });

  it('but not before the name is known to be one', async () => {
    const { code, stdout } = await onTerminal(['secrets', 'add', 'NAME=canary-7'], ENTER);
    expect(code).toBe(7);
    expect(stdout).not.toContain('canary');
  });

  it('as is the API key of a login', async () => {
    const key = readFileSync(serve.info.adminApiKeyFile, 'utf8').trim();
    const { AXIOM_DATA_DIR: _folder, ...env } = shell.env;
    const args = ['login', '--address', serve.info.management.address, '--ca', serve.info.caCertificate];
    const { code, stdout } = await onTerminal(args, `${key}${ENTER}`, env);
    expect(code).toBe(0);
    expect(stdout).toContain('API key: ');
    expect(stdout).not.toContain(key.slice(8));
    expect(stdout).toMatch(/admin of tenant default/);
  });
});
