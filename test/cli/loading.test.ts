/** Which modules a command or a server loads: its own, and not those of all others. */

import { Command } from 'commander';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { MODULES } from '../../src/cli/commands';
import { AXIOM_MAIN } from '../support/serve-process';
import { runProgram } from './axiom';

/** @returns which packages a command has loaded at its end. */
const loadedBy = (...args: string[]) =>
  loadedIn(
    `process.argv = ['node', 'axiom', ...${JSON.stringify(args)}]; require(${JSON.stringify(AXIOM_MAIN)});`,
  );

/** @returns which packages a module of dist/server has loaded. */
const loadedByServer = (name: string) =>
  loadedIn(`require(${JSON.stringify(join(AXIOM_MAIN, '..', '..', 'server', name))}); process.exit(0);`);

async function loadedIn(body: string): Promise<readonly string[]> {
  const program = `process.on('exit', () => process.stderr.write(Object.keys(require.cache).join('\\n'))); ${body}`;
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
    expect(registered).toEqual(names);
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

it('completing the words of a command loads that command alone', async () => {
  const loaded = await loadedBy('completion-words', '--', 'secrets', 're');
  expect(loaded).toContain('@grpc/grpc-js');
  // What `axiom validate` and `axiom serve` need.
  for (const name of ['web-tree-sitter', 'semver', 'pino']) expect(loaded).not.toContain(name);
});

it('a start looks at what stands without what makes certificates', async () => {
  const loaded = await loadedByServer('prepare.js');
  expect(loaded).toContain('better-sqlite3');
  for (const name of ['@peculiar/x509', 'reflect-metadata', '@bufbuild/protobuf'])
    expect(loaded).not.toContain(name);
});

it.each(['management-main.js', 'execution-main.js'])(
  '%s loads the query builder as one file, no parser of .proto files, and nothing for browsers',
  async (main) => {
    const loaded = await loadedByServer(main);
    expect(loaded).toContain('@grpc/grpc-js');
    for (const name of [
      ...['kysely', 'protobufjs', '@grpc/reflection', 'pg', 'openid-client'],
      ...['@connectrpc/connect', '@connectrpc/connect-node'],
    ])
      expect(loaded).not.toContain(name);
  },
);
