/** `axiom completion bash`, sourced in a real bash. */

import { spawnSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { AXIOM_MAIN } from '../support/serve-process';

/** What bash offers after these words, the last of which is being typed. */
function complete(...words: string[]): string[] {
  const script = `
    source <("${process.execPath}" "${AXIOM_MAIN}" completion bash)
    COMP_WORDS=(axiom ${words.map((word) => `'${word}'`).join(' ')})
    COMP_CWORD=${words.length}
    _axiom
    printf '%s\\n' "\${COMPREPLY[@]}"
    complete -p axiom`;
  const { stdout, stderr, status } = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  const lines = stdout.trim().split('\n');
  expect(lines.pop()).toMatch(/-F _axiom axiom$/);
  return lines.filter((line) => line !== '');
}

describe('Shell completion', () => {
  it('completes commands, their commands and their flags', () => {
    expect(complete('se')).toEqual(['serve', 'secrets', 'sessions']);
    expect(complete('secrets', '')).toEqual(
      expect.arrayContaining(['add', 'replace', 'delete', 'list', 'import', 'usage']),
    );
    expect(complete('secrets', 'add', '--f')).toEqual(['--file']);
    expect(complete('secrets', 'add', 'NAME', '--strip')).toEqual(['--strip-newline']);
    expect(complete('secrets', 'add', '--file', 'value.txt', '--js')).toEqual(['--json']);
    expect(complete('run', 'Greet', '--conf')).toEqual(['--config']);
    expect(complete('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('offers nothing where there is nothing', () => {
    expect(complete('frob')).toEqual([]);
    expect(complete('secrets', 'frob')).toEqual([]);
  });

  it('has a script for zsh and for fish', () => {
    const script = (shell: string) =>
      spawnSync(process.execPath, [AXIOM_MAIN, 'completion', shell], { encoding: 'utf8' }).stdout;
    expect(script('zsh')).toMatch(/bashcompinit[\s\S]*complete .*-F _axiom axiom/);
    expect(script('fish')).toContain("complete -c axiom -n '__fish_use_subcommand' -a 'secrets'");
  });
});
