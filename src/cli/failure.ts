/** A command's failure as its user sees it: one message on stderr, one exit code. */

import { CommanderError } from 'commander';
import { BadRequestSchema, ErrorInfoSchema } from '../gen/google/rpc/error_details_pb';
import { DomainError } from '../domain/errors';
import { startFailure } from '../server/start-failure';
import { StatusError } from '../wire/status-error';
import { CliError } from './cli-error';
import { codeNameOf, EXIT, exitCodeOf } from './exit-codes';
import { note } from './lines';

export { CliError } from './cli-error';

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
    if (isWebServers(error))
      return { ...NOTHING, code: 'UNAVAILABLE', message: WEB_SERVERS, exitCode: EXIT.unavailable };
    const fields = error.details(BadRequestSchema).flatMap((detail) => detail.fieldViolations);
    const reason = error.details(ErrorInfoSchema)[0]?.reason ?? '';
    return {
      code: error.codeName,
      message:
        error.richStatus === undefined ? transportMessage(error) : (OWN_WORDS[reason] ?? error.message),
      reason,
      fields: fields.map(({ field, description }) => ({ field, description })),
      exitCode: exitCodeOf(error.codeName),
    };
  }
  if (error instanceof DomainError) {
    const { code, message, reason, fields } = error;
    return { code, message, reason, fields, exitCode: exitCodeOf(code) };
  }
  const message =
    error instanceof CommanderError
      ? usageMessage(error)
      : error instanceof Error
        ? ownWords(error)
        : String(error);
  const exitCode =
    error instanceof CliError ? error.exitCode : error instanceof CommanderError ? EXIT.usage : EXIT.failure;
  return { ...NOTHING, code: codeNameOf(exitCode), message, exitCode };
}

/** What a file system says is written for programmers, as `ENOENT: no such file or directory, open '…'`. */
function ownWords(error: Error): string {
  const { syscall } = error as NodeJS.ErrnoException;
  return syscall === undefined || syscall.startsWith('spawn') ? error.message : startFailure(error);
}

const NOTHING = { reason: '', fields: [] } as const;

/** By reason, what the service says to programs that call it. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  CREDENTIAL_NOT_IN_FORCE:
    "the service does not take this API key or ID token; it may be revoked, past its end or another service's: name one that is in force with --api-key-file, or log in again with `axiom login`",
};

const WEB_SERVERS =
  "a web server answers there and not a gRPC door, as at the console's address; give the management door's, whose port is 7443 unless it was set";

/** HTTP answers that are not gRPC's: grpc-js maps their status codes to its own. */
function isWebServers(error: StatusError): boolean {
  return error.richStatus === undefined && /^Received HTTP status code \d+/.test(error.message);
}

/** How flags are written. What else begins with a hyphen, a PEM key for instance, may be a value in the wrong place. */
const FLAG = /^--[a-z]{1,20}(?:-[a-z]{1,20}){0,3}$/;

const WHERE_VALUES_COME_FROM = 'a value is never an argument, it comes from a prompt, stdin or --file';

/** Commander's sentence. A word that is not a flag, and what follows a flag's =, may be a value: it is not shown again. */
function usageMessage(error: CommanderError): string {
  const message = error.message.replace(/^error: /, '');
  if (/^too many arguments for '(?:add|replace|set|override)'/.test(message))
    return `too many arguments; ${WHERE_VALUES_COME_FROM}`;
  const unknown = /^unknown option '(.*?)(?:=.*)?'(\n\(Did you mean [^\n]+\))?$/s.exec(message);
  if (unknown === null) return message;
  const [, word = '', suggestion = ''] = unknown;
  if (FLAG.test(word)) return `unknown option '${word}'${suggestion}`;
  return `unknown option; ${WHERE_VALUES_COME_FROM}`;
}

/** What the channel itself says is written for programmers; the service's own errors say what to do. */
function transportMessage(error: StatusError): string {
  if (error.codeName === 'DEADLINE_EXCEEDED')
    return 'the service did not answer in time; try again, and look at its health';
  if (error.codeName !== 'UNAVAILABLE') return error.message;
  // RFC 8446 §6.2: what a server says that wants a certificate of the client and got none.
  if (/alert certificate required/.test(error.message)) {
    return "a door answers there that wants a client's certificate, as the execution door does; give the management door's address, whose port is 7443 unless it was set";
  }
  if (/certificate|altnames|SSL routines/i.test(error.message)) {
    return 'the service did not prove itself: its certificate is not from the CA given, or not for this address; name its CA with --ca';
  }
  const cause = /\bE[A-Z]{4,}\b/.exec(error.message)?.[0];
  return `the service cannot be reached${cause === undefined ? '' : ` (${cause})`}; check that it runs, and the address`;
}

/** Writes a failure to stderr: a sentence for people, JSON where `--json` was asked for. */
export function printFailure(failure: Failure, json: boolean): void {
  const { exitCode, ...error } = failure;
  note(json ? JSON.stringify({ error: { ...error, exitCode } }) : `error: ${failure.message}`);
}
