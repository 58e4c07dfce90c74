/** The `axiom` command as a real process, with a configuration folder and variables of its own. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AXIOM_MAIN } from '../support/serve-process';

export const ROOT = join(__dirname, '..', '..');

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as JSON; undefined where it is none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each command's own shape, which its test checks
  readonly json: any;
  /** stdout as JSON lines. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
  readonly jsonLines: any[];
  /** The error that `--json` prints on stderr, last. */
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly reason: string;
    readonly exitCode: number;
  };
}

export interface RunOptions {
  readonly input?: string | Uint8Array;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** `axiom run` in a package's folder, under way: its handler has written the word to stderr. */
export async function runUntil(
  word: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [AXIOM_MAIN, 'run', ...args], {
    ...{ cwd, env },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  while (!text.includes(word)) await once(child.stderr, 'data');
  return child;
}

/** A shell of its own: nothing of the user's login or variables reaches the commands. */
export class Shell {
  readonly folder = mkdtempSync(join(tmpdir(), 'axiom-cli-'));
  readonly env: NodeJS.ProcessEnv;

  constructor(env: NodeJS.ProcessEnv = {}) {
    const clean = Object.entries(process.env).filter(([name]) => !name.startsWith('AXIOM_'));
    this.env = {
      ...Object.fromEntries(clean),
      XDG_CONFIG_HOME: this.path('config'),
      XDG_DATA_HOME: this.path('share'),
      ...env,
    };
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  run(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return runProgram(process.execPath, [AXIOM_MAIN, ...args], {
      cwd: this.folder,
      ...options,
      env: { ...this.env, ...options.env },
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function runProgram(program: string, args: readonly string[], options: RunOptions): Promise<Outcome> {
  const child = spawn(program, args, { env: options.env, cwd: options.cwd, stdio: 'pipe' });
  child.stdin.on('error', () => undefined); // a command that reads no stdin closes it
  child.stdin.end(options.input ?? '');
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) =>
      resolve({
        code: status ?? -1,
        stdout,
        stderr,
        json: parsed(stdout),
        jsonLines: stdout.split('\n').flatMap((line) => parsed(line) ?? []),
        error: parsed(stderr.trimEnd().split('\n').at(-1) ?? '')?.error,
      }),
    );
  });
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
function parsed(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
