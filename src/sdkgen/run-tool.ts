/** Runs one tool of a language's toolchain to its end. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DomainError } from '../domain/errors';
import type { Command, Report } from './language';

const MAX_LINES = 30;

/** Longest time of one tool: compiling gRPC takes minutes on a slow machine, and a tool that hangs ends. */
const LIMIT_MINUTES = 20;

const WAITING_MS = 30_000;

/**
 * What the tool printed on stdout. Throws FAILED_PRECONDITION with the last lines it printed when it fails; of
 * them only those that are `forPeople`. `report` is told twice a minute that it is still running.
 */
export async function runTool(
  { argv, cwd, env }: Command,
  purpose: string,
  forPeople: (line: string) => boolean = () => true,
  report?: Report,
): Promise<string> {
  const [program, ...args] = argv;
  const stopWaiting = tellWaiting(purpose, report);
  try {
    const { stdout } = await promisify(execFile)(program, args, {
      cwd,
      env: { ...process.env, ...env },
      maxBuffer: 64 * 1024 * 1024,
      timeout: LIMIT_MINUTES * 60_000,
    });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '', message, killed } = error as ToolError;
    const lines = `${stdout}\n${stderr}`.trim().split('\n').filter(forPeople);
    const said = lines.slice(-MAX_LINES).join('\n').trim() || message;
    const how = killed === true ? `did not end within ${LIMIT_MINUTES} minutes and was stopped` : 'failed';
    throw new ToolFailure(`${purpose} ${how}:\n${said}`, lines.join('\n'));
  } finally {
    stopWaiting();
  }
}

/** A tool that failed: the error shows its last lines. */
export class ToolFailure extends DomainError {
  constructor(
    message: string,
    /** All that it printed for people. */
    readonly printed: string,
  ) {
    super('FAILED_PRECONDITION', message, 'TOOL_FAILED');
  }
}

type ToolError = Error & { readonly stdout?: string; readonly stderr?: string; readonly killed?: boolean };

/** Says twice a minute that the tool is still running. */
function tellWaiting(purpose: string, report: Report | undefined): () => void {
  if (!report) return () => undefined;
  const begin = Date.now();
  const timer = setInterval(() => {
    report(`${purpose}: still running after ${Math.round((Date.now() - begin) / 1_000)} s`);
  }, WAITING_MS);
  return () => clearInterval(timer);
}
