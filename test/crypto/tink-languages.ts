// Tink for Python and for Go, where the toolchains are.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const TINK_PYTHON = '1.16.1';
export const SET_UP_MS = 300_000;

interface ProgramOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly cwd?: string;
}

export function runProgram(
  program: string,
  args: readonly string[],
  { env = {}, input = '', cwd }: ProgramOptions = {},
): string {
  return execFileSync(program, args, {
    input,
    cwd,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    timeout: SET_UP_MS,
  });
}

/** Tink for Python in a folder of the user's cache, put there whole by the first run that needs it. @returns its environment. */
export function pythonWithTink(): NodeJS.ProcessEnv {
  const version = runProgram('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])']).trim();
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'axiom');
  const packages = join(cache, `tink-${TINK_PYTHON}-python${version}`);
  if (!existsSync(packages)) {
    mkdirSync(cache, { recursive: true });
    const fresh = mkdtempSync(join(cache, 'tink-'));
    const install = ['-m', 'pip', 'install', '--quiet', '--target', fresh, `tink==${TINK_PYTHON}`];
    try {
      runProgram('python3', install, { env: { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_RETRIES: '1' } });
      renameSync(fresh, packages);
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      if (!existsSync(packages)) throw error;
    }
  }
  return { PYTHONPATH: packages };
}

/** Builds a Go program with Tink from the user's module cache. @returns the program. */
export function buildGo(source: string, program: string): string {
  execFileSync('go', ['build', '-o', program, '.'], {
    cwd: source,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' },
    timeout: SET_UP_MS,
  });
  return program;
}
