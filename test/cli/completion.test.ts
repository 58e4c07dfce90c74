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
  await shell.run(['configs', 'create', 'axiom-run', 'us']);
  await shell.run(['push'], { cwd: inExample.cwd });
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

/** What bash offers after each list of words, the last of which is being typed. */
function bash(lists: readonly string[][], cwd = ROOT): string[][] {
  const script = `
    source <(axiom completion bash)
    offer() { COMP_WORDS=(axiom "$@") COMP_CWORD=$#; _axiom; printf '%s\\n' "\${COMPREPLY[@]}" end; }
    ${lists.map((words) => `offer ${words.map((word) => `'${word}'`).join(' ')}`).join('\n')}
    complete -p axiom`;
  const lines = run('bash', ['--norc', '-c', script], cwd).trim().split('\n');
  expect(lines.pop()).toMatch(/-F _axiom axiom$/);
  return lines
    .join('\n')
    .split(/^end$\n?/m)
    .slice(0, -1)
    .map((offered) => offered.split('\n').filter((line) => line !== ''));
}

describe('Completion in bash', () => {
  it('knows commands, their commands and their flags', () => {
    const [commands, ofSecrets, ...others] = bash([
      ['se'],
      ['secrets', ''],
      ['secrets', 'add', '--f'],
      ['secrets', 'add', '--file', 'value.txt', '--js'],
      ['completion', ''],
    ]);
    expect(commands).toEqual(['serve', 'secrets', 'sessions']);
    expect(ofSecrets).toEqual(
      expect.arrayContaining(['add', 'replace', 'set', 'delete', 'list', 'import', 'usage', 'drain']),
    );
    expect(others).toEqual([['--file'], ['--json'], ['bash', 'zsh', 'fish']]);
  });

  it('knows the choices of a flag', () => {
    const offered = bash([
      ['api-keys', 'create', 'x', '--role', ''],
      ['secrets', 'import', '.env', '--format', ''],
      ['secrets', 'import', '.env', '--dialect', 'd'],
    ]);
    expect(offered).toEqual([['viewer', 'editor', 'admin'], ['env', 'json', 'yaml'], ['dotenv']]);
  });

  it('knows secrets, configs and nodes that exist, and none where a name is made up', () => {
    const offered = bash(
      [
        ['secrets', 'replace', ''],
        ['secrets', 'rm', 'S'],
        ['configs', 'override', 'ch'],
        ['configs', 'override', 'checkout/eu', 'F'],
        ['secrets', 'drain', 'FIRST_KEY', '--config', 'ch'],
        ['run', ''],
        ['run', 'Greet', '--flow', ''],
        ['run', 'Greet', '--config', ''],
        ['run', 'Greet', '--flow', 'checkout', '--config', ''],
        ['packages', 'show', ''],
        ['secrets', 'add', ''],
      ],
      inExample.cwd,
    );
    expect(offered).toEqual([
      ['FIRST_KEY', 'SECOND_KEY'],
      ['SECOND_KEY'],
      ['checkout/eu'],
      ['FIRST_KEY'],
      ['checkout/eu'],
      ['Greet'],
      ['axiom-run', 'checkout'],
      ['us'],
      ['eu'],
      ['my-org/greeter@0.1.0'],
      [],
    ]);
  });

  it('quotes a name with spaces, and knows it by what was typed of it in each way', () => {
    const revoke = ['api-keys', 'revoke'];
    const typed = ['fi', 'first\\ ad', '"first ad'];
    expect(bash(typed.map((word) => [...revoke, word]))).toEqual([
      ['first\\ admin\\ key'],
      ['first\\ admin\\ key'],
      ['first admin key'],
    ]);
  });

  it('offers nothing where there is nothing, or where no service answers', () => {
    const nobody = ['secrets', 'replace', '--address', '127.0.0.1:1', ''];
    expect(bash([['frob'], ['frob', 'x', ''], nobody])).toEqual([[], [], []]);
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
    expect(fish('axiom api-keys revoke first\\\\ ad')).toEqual(['first admin key']);
    expect(fish('axiom api-keys revoke "first ad')).toEqual(['first admin key']);
    expect(fish('axiom secrets add X --file CHANGE')).toEqual(['CHANGELOG.md']);
  });
});

(has('zsh') && has('python3') ? describe : describe.skip)('Completion in zsh', () => {
  it.each([
    ['axiom secrets rep', 'axiom secrets replace'],
    ['axiom secrets replace FI', 'FIRST_KEY'],
    ['axiom api-keys create x --role ed', 'editor'],
    ['axiom se', 'sessions  -- console sessions'],
    ['axiom api-keys revoke fi', 'first\\ admin\\ key'],
    ['axiom api-keys revoke first\\ ad', 'first\\ admin\\ key'],
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
