/** A command's failure as its user sees it: one message on stderr, one exit code. */

import { CommanderError } from 'commander';
import { BadRequestSchema, ErrorInfoSchema } from '../gen/google/rpc/error_details_pb';
import { DomainError } from '../domain/errors';
import { StatusError } from '../wire/status-error';
import { EXIT, exitCodeOf } from './exit-codes';
import { printable } from './output';

/** Thrown by commands for what the user can mend. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: number = EXIT.failure,
  ) {
    super(message);
    this.name = 'CliError';
  }
}

/** A failure in the form that `--json` prints on stderr. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly reason: string;
  readonly fields: readonly { readonly field: string; readonly description: string }[];
  readonly exitCode: number;
}

export function toFailure(error: unknown): Failure {
  if (error instanceof StatusError) {
    const fields = error.details(BadRequestSchema).flatMap((detail) => detail.fieldViolations);
    return {
      code: error.codeName,
      message: error.message,
      reason: error.details(ErrorInfoSchema)[0]?.reason ?? '',
      fields: fields.map(({ field, description }) => ({ field, description })),
      exitCode: exitCodeOf(error.codeName),
    };
  }
  if (error instanceof DomainError) {
    const { code, message, reason, fields } = error;
    return { code, message, reason, fields, exitCode: exitCodeOf(code) };
  }
  const message = error instanceof CommanderError ? usageMessage(error) : error instanceof Error ? error.message : String(error);
  const exitCode = error instanceof CliError ? error.exitCode : error instanceof CommanderError ? EXIT.usage : EXIT.failure;
  return { code: exitCode === EXIT.usage ? 'USAGE' : 'FAILED', message, reason: '', fields: [], exitCode };
}

/** Commander's sentence. What follows the = of a flag that there is not may be a value: it is not shown again. */
function usageMessage(error: CommanderError): string {
  return error.message.replace(/^error: /, '').replace(/^(unknown option '[^'=]+)=.*'/s, "$1'");
}

/** Writes a failure to stderr: a sentence for people, JSON where `--json` was asked for. */
export function printFailure(failure: Failure, json: boolean): void {
  const { exitCode, ...error } = failure;
  process.stderr.write(
    json ? `${JSON.stringify({ error: { ...error, exitCode } })}\n` : `error: ${printable(failure.message)}\n`,
  );
}
