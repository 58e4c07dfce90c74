/** The real readers of .env files, and one of YAML: what each makes of many files, asked at once. */

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Dialect } from '../../src/cli/import/dialects';
import { buildGo } from '../crypto/tink-languages';
import { isRequired, missingFor } from '../support/needs';
import { ROOT } from './axiom';

const DATA = join(ROOT, 'test', 'testdata', 'env-readers');
/** What pip installs, and in which version. */
const PYTHON_DOTENV = 'python-dotenv==1.2.2';
const PYYAML = 'PyYAML==6.0.3';

/** By name; undefined for a file that the reader refuses. */
export type Read = Readonly<Record<string, string | null>> | undefined;

/** What this machine lacks for each reader, as a sentence; undefined where it can run. */
export const MISSING: Readonly<Record<Dialect, string | undefined>> = {
  bash: spawnSync('bash', ['-c', 'true']).status === 0 ? undefined : 'bash is not on this machine',
  dotenv: undefined,
  'python-dotenv': missingFor('python'),
  compose: missingFor('go'),
  node: undefined,
};

/** Readers whose absence is a failure. */
export const REQUIRED: Readonly<Record<Dialect, boolean>> = {
  bash: isRequired('python') || isRequired('go'),
  dotenv: true,
  'python-dotenv': isRequired('python'),
  compose: isRequired('go'),
  node: true,
};

/** In the files' own folder, where a line may leave what it likes. */
function run(program: string, args: string[], paths: readonly string[], env: NodeJS.ProcessEnv): string {
  return execFileSync(program, args, {
    input: `${paths.join('\n')}\n`,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
    cwd: dirname(paths[0] ?? ''),
    maxBuffer: 64 * 1024 * 1024,
    env,
  });
}

const jsonLines = (text: string): Read[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as Read | null) ?? undefined);

/** Reads A and B. */
export function readWithBash(paths: readonly string[]): Read[] {
  const parts = run('bash', [join(DATA, 'read.sh')], paths, { LC_ALL: 'C.UTF-8' }).split('\0');
  return paths.map((_, index) => {
    const [a = '', b = ''] = parts.slice(2 * index, 2 * index + 2);
    if (a === 'refused') return undefined;
    return { ...(a !== 'unset' && { A: a }), ...(b !== 'unset' && { B: b }) };
  });
}

export function readWithPython(paths: readonly string[]): Read[] {
  return runPython('read.py', PYTHON_DOTENV, paths);
}

export function readWithPyYaml(paths: readonly string[]): Read[] {
  return runPython('read-yaml.py', PYYAML, paths);
}

function runPython(program: string, installed: string, paths: readonly string[]): Read[] {
  const env = { PATH: process.env['PATH'], PYTHONPATH: pythonPackage(installed), PYTHONUTF8: '1' };
  return jsonLines(run('python3', [join(DATA, program)], paths, env));
}

export function readWithCompose(paths: readonly string[], folder: string): Read[] {
  return jsonLines(run(buildGo(join(DATA, 'compose'), join(folder, 'compose-reader')), [], paths, {}));
}

export function readWithDotenv(paths: readonly string[]): Read[] {
  return jsonLines(run(process.execPath, [join(DATA, 'read-dotenv.cjs')], paths, {}));
}

export function readWithNode(paths: readonly string[]): Read[] {
  return jsonLines(run(process.execPath, [join(DATA, 'read-node.cjs')], paths, {}));
}

/** A package in a folder of the user's cache, put there whole by the first run that needs it. */
function pythonPackage(installed: string): string {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'axiom');
  const packages = join(cache, installed.replace('==', '-'));
  if (existsSync(packages)) return packages;
  mkdirSync(cache, { recursive: true });
  const fresh = mkdtempSync(join(cache, 'python-package-'));
  const install = ['-m', 'pip', 'install', '--quiet', '--target', fresh, installed];
  try {
    execFileSync('python3', install, { stdio: 'ignore', timeout: 300_000 });
    renameSync(fresh, packages);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!existsSync(packages)) throw error;
  }
  return packages;
}
