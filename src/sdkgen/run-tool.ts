/** Runs the tools that packages are built with, each to its end or to its limit. */

import { execFile } from 'node:child_process';
import { DomainError } from '../domain/errors';
import type { Command, Report } from './language';

const MAX_LINES = 30;

/**
 * How long each tool may take, in minutes: one that hangs ends. Compiling gRPC takes minutes on a slow machine; what
 * only reads the package's messages is done in a moment.
 */
const LONG = { cargo: 20, dotnet: 20, go: 20, maven: 20, npm: 20, pip: 20, tsc: 20 } as const;
const QUICK = {
  ...{ 'axiom-bindings': 2, buf: 2, 'protoc-gen-go': 2 },
  /** A question about a toolchain: which version it is of, say. */
  question: 2,
} as const;
const LIMIT_MINUTES = { ...LONG, ...QUICK };

type Tool = keyof typeof LIMIT_MINUTES;

/** What a tool is run for, and who is told about it: of one that may take long, twice a minute that it is running. */
export type Run = Purpose &
  (
    | { readonly tool: keyof typeof LONG; readonly report: Report }
    | { readonly tool: keyof typeof QUICK; readonly report?: never }
  );

interface Purpose {
  /** As messages say it: `building the node host`. */
  readonly purpose: string;
  /** Those of the printed lines that a failure shows; default: all. */
  readonly forPeople?: (line: string) => boolean;
  readonly stdin?: Uint8Array;
}

/** In milliseconds. */
export interface Pace {
  readonly limit: number;
  readonly tell: number;
}

const paceOf = (tool: Tool): Pace => ({ limit: LIMIT_MINUTES[tool] * 60_000, tell: 30_000 });

/**
 * What the tool printed on stdout, as text. @throws ToolFailure, which shows the last lines that it printed for people.
 * @param pace the tool's own; a test's is shorter
 */
export async function runTool(command: Command, run: Run, pace = paceOf(run.tool)): Promise<string> {
  return (await runForBytes(command, run, pace)).toString('utf8');
}

/** The same, as bytes. */
export function runForBytes(
  { argv, cwd, env }: Command,
  { tool, purpose, report, forPeople = () => true, stdin }: Run,
  { limit, tell } = paceOf(tool),
): Promise<Buffer> {
  const [program, ...args] = argv;
  const stopTelling = tellWaiting(purpose, tell, report);
  return new Promise((resolve, reject) => {
    const options = {
      ...{ cwd, env: { ...process.env, ...env }, encoding: 'buffer' as const, timeout: limit },
      maxBuffer: 256 * 1024 * 1024,
    };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      stopTelling();
      if (error === null) return resolve(stdout);
      const lines = `${stdout.toString().trimEnd()}\n${stderr.toString()}`
        .trim()
        .split('\n')
        .filter(forPeople);
      const said = lines.slice(-MAX_LINES).join('\n').trim() || error.message;
      const isLate = error.killed === true;
      const how = isLate ? `did not end within ${limit / 60_000} minutes and was stopped` : 'failed';
      reject(
        new ToolFailure(`${purpose} ${how}:\n${said}`, lines.join('\n').trim() || error.message, isLate),
      );
    });
    child.stdin?.on('error', () => undefined); // A tool that fails early closes its stdin; its exit code tells.
    child.stdin?.end(stdin);
  });
}

/** A tool that failed: the error shows its last lines. */
export class ToolFailure extends DomainError {
  constructor(
    message: string,
    /** All that it printed for people, stdout first; why it did not start where it printed nothing. */
    readonly printed: string,
    /** It was stopped at its limit: what it printed is not why. */
    readonly isLate: boolean,
  ) {
    super('FAILED_PRECONDITION', message, 'TOOL_FAILED');
  }
}

/**
 * Another failure in a tool's place, with what it printed; one that was stopped at its limit stays as it is.
 * @param other what is wrong, of what the tool printed
 */
export function explained(other: (printed: string) => DomainError): (failure: unknown) => never {
  return (failure) => {
    throw failure instanceof ToolFailure && !failure.isLate ? other(failure.printed) : failure;
  };
}

function tellWaiting(purpose: string, interval: number, report: Report | undefined): () => void {
  if (!report) return () => undefined;
  const begin = Date.now();
  const timer = setInterval(() => {
    report(`${purpose}: still running after ${Math.round((Date.now() - begin) / 1_000)} s`);
  }, interval);
  return () => clearInterval(timer);
}
