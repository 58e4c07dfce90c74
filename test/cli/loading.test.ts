/** Which modules a command loads: its own, and not those of all others. */

import { Command } from 'commander';
import { expect, it } from '@jest/globals';
import { MODULES } from '../../src/cli/commands';
import { AXIOM_MAIN } from '../support/serve-process';
import { runProgram } from './axiom';

/** Runs a command and prints which packages it has loaded at its end. */
async function loadedBy(...args: string[]): Promise<readonly string[]> {
  const program = `
    process.argv = ['node', 'axiom', ...${JSON.stringify(args)}];
    process.on('exit', () => process.stderr.write(Object.keys(require.cache).join('\\n')));
    require(${JSON.stringify(AXIOM_MAIN)});`;
  const { stderr } = await runProgram(process.execPath, ['--eval', program], {});
  const packages = stderr
    .split('\n')
    .map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? '');
  return [...new Set(packages)];
}

it('every command is found by its name, so that it alone is loaded', () => {
  for (const { names, load } of MODULES) {
    const program = new Command();
    load()(program);
    const registered = program.commands.map((command) => command.name());
    if (names.length > 0) expect(registered).toEqual(names);
    else expect(registered).toContain('completion');
  }
});

it('axiom serve starts its processes without loading what only they need', async () => {
  const loaded = await loadedBy('serve', '--help');
  expect(loaded).toContain('commander');
  for (const name of [
    '@grpc/grpc-js',
    '@bufbuild/protobuf',
    'kysely',
    '@peculiar/x509',
    'yaml',
    'pino-pretty',
  ])
    expect(loaded).not.toContain(name);
});
