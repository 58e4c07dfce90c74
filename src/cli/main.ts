#!/usr/bin/env node
/** The `axiom` command. */

// First: everything after it takes time to load.
import './early-signal';
import './early-memory';
import './api-key-variable';
import { CommanderError, type Command } from 'commander';
import { packageVersion } from '../server/package-version';
import { CliError } from './cli-error';
import { registerCommands } from './commands';
import { AxiomCommand, wantsJson } from './environment';
import { EXIT } from './exit-codes';
import type * as Failures from './failure';
import { refuseTracedStreams } from './traced-streams';

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not found, 4 exists already or has changed,
5 not allowed, 6 service unreachable, 7 request refused.
Flags that say where and how have an environment variable: --data-dir is AXIOM_DATA_DIR. Help names it.`;

function createProgram(): Command {
  const program = new AxiomCommand('axiom')
    .description('The secrets service for flow platforms.')
    .version(packageVersion())
    .addHelpText('after', EXIT_CODES)
    .enablePositionalOptions()
    // Wrong usage is told like every other failure: once, and as JSON where that was asked for.
    .configureOutput({ outputError: () => undefined })
    .exitOverride()
    .hook('preAction', refuseTracedStreams)
    .refuseEmptyWords();
  registerCommands(program, process.argv.slice(2));
  return program;
}

async function main(): Promise<number> {
  try {
    await createProgram().parseAsync();
    return typeof process.exitCode === 'number' ? process.exitCode : EXIT.ok;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.ok; // help, version
    if (error instanceof CommanderError && error.code === 'commander.help') return EXIT.usage; // the help has been printed
    return tell(error);
  }
}

/** @returns the exit code. */
function tell(error: unknown): number {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- what knows errors of gRPC is loaded where there is one
  const { printFailure, toFailure } = require('./failure') as typeof Failures;
  const failure = toFailure(error);
  printFailure(failure, wantsJson());
  return failure.exitCode;
}

// A reader that has seen enough, as `axiom audit | head`, is not a failure; a disk that is full is one.
process.stdout.on('error', ({ code }: NodeJS.ErrnoException) =>
  process.exit(
    code === 'EPIPE'
      ? EXIT.ok
      : tell(new CliError(`the output cannot be written (${code}), and what is there of it is not whole`)),
  ),
);
// Where nobody can be told, the exit code still tells.
process.stderr.on('error', () => undefined);

void main().then((code) =>
  // Once what was written has been taken; where it was not, the listener above ends the process.
  process.stdout.write('', (error) => {
    if (!error) process.exit(code);
  }),
);
