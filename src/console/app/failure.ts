/** What to tell a person when a call failed: the service's own sentence, which says what to do next. */

import { Code, ConnectError } from '@connectrpc/connect';
import { BadRequestSchema } from '../../gen/google/rpc/error_details_pb';

export function failureText(error: unknown): string {
  const { code, rawMessage } = ConnectError.from(error);
  // A browser's network errors have no code of the protocol; their text differs from browser to browser.
  if (code === Code.Unknown || code === Code.Unavailable) {
    return 'The console cannot reach the service. Check that it is running, and try again.';
  }
  if (code === Code.Aborted)
    return 'It was changed by somebody else, or in another tab, after you opened it. Look at it as it is now, and repeat your change if you still mean it.';
  return sentence(rawMessage);
}

export function failureCode(error: unknown): Code {
  return ConnectError.from(error).code;
}

/** What is wrong with one field of the request, if anything is (google.rpc.BadRequest). */
export function fieldProblem(error: unknown, field: string): string | undefined {
  if (error === null || error === undefined) return undefined;
  const violations = ConnectError.from(error)
    .findDetails(BadRequestSchema)
    .flatMap((detail) => detail.fieldViolations);
  const found = violations.find((violation) => violation.field === field);
  return found && sentence(found.description);
}

/** A description of the service as a sentence of its own. */
export function sentence(text: string): string {
  const started = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(started) ? started : `${started}.`;
}
