/** Runs one tool of a language's toolchain to its end. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DomainError } from '../domain/errors';
import type { Command } from './language';

const MAX_LINES = 30;

/**
 * What the tool printed on stdout. Throws FAILED_PRECONDITION with the last lines it printed when it fails; of
 * them only those that are `forPeople`.
 */
export async function runTool(
  { argv, cwd, env }: Command,
  purpose: string,
  forPeople: (line: string) => boolean = () => true,
): Promise<string> {
  const [program, ...args] = argv;
  try {
    const { stdout } = await promisify(execFile)(program, args, {
      cwd,
      env: { ...process.env, ...env },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    const lines = `${stdout}\n${stderr}`.trim().split('\n').filter(forPeople);
    const said = lines.slice(-MAX_LINES).join('\n').trim() || message;
    throw new DomainError('FAILED_PRECONDITION', `${purpose} failed:\n${said}`, 'TOOL_FAILED');
  }
}
