/** The scripts of `axiom completion`, sourced in a real bash, zsh and fish. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServeProcess, type ServeProcess } from '../support/serve-process';
import { ROOT, Shell } from './axiom';

let serve: ServeProcess;
let shell: Shell;

beforeAll(async () => {
  serve = await startServeProcess();
  shell = new Shell({
    AXIOM_DATA_DIR: serve.info.dataDir,
    PATH: `${join(ROOT, 'bin')}:${process.env['PATH'] ?? ''}`,
  });
  await shell.run(['secrets', 'add', 'FIRST_KEY'], { input: 'x' });
  await shell.run(['secrets', 'add', 'SECOND_KEY'], { input: 'x' });
  await shell.run(['configs', 'create', 'checkout', 'eu']);
});

afterAll(async () => {
  shell.remove();
  await serve.stop();
});

const has = (program: string) => spawnSync(program, ['--version']).status === 0;
const inExample = { cwd: join(ROOT, 'examples', 'greeter-python') };

function run(program: string, args: string[], cwd = ROOT): string {
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', env: shell.env, cwd });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

/** What bash offers after these words, the last of which is being typed. */
function bash(words: string[], cwd = ROOT): string[] {
  const script = `
    source <(axiom completion bash)
    COMP_WORDS=(axiom ${words.map((word) => `'${word}'`).join(' ')})
    COMP_CWORD=${words.length}
    _axiom
    printf '%s\\n' "\${COMPREPLY[@]}"
    complete -p axiom`;
  const lines = run('bash', ['--norc', '-c', script], cwd).trim().split('\n');
  expect(lines.pop()).toMatch(/-F _axiom axiom$/);
  return lines.filter((line) => line !== '');
}

describe('Completion in bash', () => {
  it('knows commands, their commands and their flags', () => {
    expect(bash(['se'])).toEqual(['serve', 'secrets', 'sessions']);
    expect(bash(['secrets', ''])).toEqual(
      expect.arrayContaining(['add', 'replace', 'set', 'delete', 'list', 'import', 'usage', 'drain']),
    );
    expect(bash(['secrets', 'add', '--f'])).toEqual(['--file']);
    expect(bash(['secrets', 'add', '--file', 'value.txt', '--js'])).toEqual(['--json']);
    expect(bash(['completion', ''])).toEqual(['bash', 'zsh', 'fish']);
  });

  it('knows the choices of a flag', () => {
    expect(bash(['api-keys', 'create', 'x', '--role', ''])).toEqual(['viewer', 'editor', 'admin']);
    expect(bash(['secrets', 'import', '.env', '--format', ''])).toEqual(['env', 'json', 'yaml']);
    expect(bash(['secrets', 'import', '.env', '--dialect', 'd'])).toEqual(['dotenv']);
  });

  it('knows secrets, configs and nodes that exist, and none where a name is made up', () => {
    expect(bash(['secrets', 'replace', ''])).toEqual(['FIRST_KEY', 'SECOND_KEY']);
    expect(bash(['secrets', 'rm', 'S'])).toEqual(['SECOND_KEY']);
    expect(bash(['configs', 'override', 'ch'])).toEqual(['checkout/eu']);
    expect(bash(['configs', 'override', 'checkout/eu', 'F'])).toEqual(['FIRST_KEY']);
    expect(bash(['run', ''], inExample.cwd)).toEqual(['Greet']);
    expect(bash(['secrets', 'add', ''])).toEqual([]);
  });

  it('offers nothing where there is nothing, or where no service answers', () => {
    expect(bash(['frob'])).toEqual([]);
    expect(bash(['secrets', 'replace', '--address', '127.0.0.1:1', ''])).toEqual([]);
  });
});

(has('fish') ? describe : describe.skip)('Completion in fish', () => {
  const fish = (line: string) =>
    run('fish', ['--no-config', '-c', `axiom completion fish | source; complete -C '${line}'`])
      .trim()
      .split('\n')
      .map((row) => row.split('\t')[0]);

  it('knows commands, choices, names and files', () => {
    expect(fish('axiom secrets rep')).toEqual(['replace']);
    expect(fish('axiom serve --log-level w')).toEqual(['warn']);
    expect(fish('axiom secrets drain F')).toEqual(['FIRST_KEY']);
    expect(fish('axiom secrets add X --file CHANGE')).toEqual(['CHANGELOG.md']);
  });
});

(has('zsh') && has('python3') ? describe : describe.skip)('Completion in zsh', () => {
  it.each([
    ['axiom secrets rep', 'axiom secrets replace'],
    ['axiom secrets replace FI', 'FIRST_KEY'],
    ['axiom api-keys create x --role ed', 'editor'],
    ['axiom se', 'sessions  -- console sessions'],
  ])('%s, tab', (typed, shown) => {
    const seen = run('python3', [join(__dirname, 'zsh-tab.py'), typed, shown]);
    // What zsh redraws instead of writing it again is a cursor's movement.
    expect(typed + seen).toContain(shown);
    expect(seen).not.toContain('command not found');
  });
});

it('Each shell’s script is in the help, with the line that loads it', async () => {
  const help = (await shell.run(['completion', '--help'])).stdout;
  for (const line of [
    'source <(axiom completion bash)',
    'source <(axiom completion zsh)',
    'axiom completion fish | source',
  ])
    expect(help).toContain(line);
  expect(readFileSync(join(ROOT, 'docs', 'cli.md'), 'utf8')).toContain('source <(axiom completion bash)');
});
