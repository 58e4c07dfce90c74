/**
 * What to tell a person when a call failed. The service's sentences are for every door: they speak of fields and methods.
 * Where the console has a better word, a button or a page to point to, its own sentence is written here, by the error's reason.
 */

import { Code, ConnectError } from '@connectrpc/connect';
import { BadRequestSchema, ErrorInfoSchema } from '../../gen/google/rpc/error_details_pb';

export const UNREACHABLE = 'The console cannot reach the service. Check that it is running, and try again.';
const OFFLINE = 'This browser is offline. Connect it to the network, and try again.';
const NO_ANSWER =
  'The service did not answer in time. A change may have taken effect all the same: look before you repeat it.';
const CHANGED =
  'It was changed by somebody else, or in another tab, after you opened it. Look at it as it is now, and repeat your change if you still mean it.';

/** google.rpc.ErrorInfo.reason of the service's errors. */
const BY_REASON: Readonly<Record<string, string>> = {
  ETAG_MISMATCH: CHANGED,
  SECRET_NOT_FOUND: 'This secret does not exist any more: somebody has deleted it.',
  SECRET_EXISTS: 'A secret of this name exists already.',
  SCOPE_NAMES_EXHAUSTED:
    'There are 1,000 names here already, and there can be no more. Delete one that nothing reads: the Usage page shows which.',
  SCOPE_BYTES_EXHAUSTED:
    'The values here come to 1 MiB, and there can be no more. Delete a secret that nothing reads, or save a shorter value.',
  CHECKSUM_MISMATCH: 'The value was damaged on its way, and nothing was saved. Save it again.',
  FLOW_CONFIG_NOT_FOUND: 'This profile does not exist any more: somebody has deleted it.',
  FLOW_CONFIGS_EXHAUSTED:
    'Your tenant has 1,000 profiles, and there can be no more. Delete one that no run names.',
  API_KEY_NOT_FOUND: 'This API key does not exist any more.',
  PACKAGE_NOT_FOUND: 'No such package or version is published. The Packages page lists what is.',
  // Read by who has logged in again over the dialog that it is in (session/log-in-again).
  SESSION_NOT_IN_FORCE:
    'Your session had ended, and nothing was changed. You are logged in again: repeat it.',
  CALLER_NOT_ALLOWED: 'Your role does not allow this. Ask an admin of your tenant.',
};

/** What people call the fields of requests. */
const FIELDS: Readonly<Record<string, string>> = {
  name: 'name',
  value: 'value',
  flow_id: 'flow ID',
  profile_name: 'profile name',
  node_timeout: 'node timeout',
  display_name: 'name',
  ttl: 'lifetime',
  page_token: 'place in the list',
};

export function failureText(error: unknown): string {
  const { code, rawMessage } = ConnectError.from(error);
  const reason = reasonOf(error);
  const own = reason === undefined ? undefined : BY_REASON[reason];
  if (own !== undefined) return own;
  // A browser's network errors have no code of the protocol; their text differs from browser to browser.
  if (reason === undefined && (code === Code.Unknown || code === Code.Unavailable)) return unreachableText();
  if (reason === undefined && (code === Code.DeadlineExceeded || code === Code.Canceled)) return NO_ANSWER;
  if (code === Code.Aborted) return CHANGED;
  const violations = violationsOf(error);
  return violations.length > 0 ? violations.map(violationText).join(' ') : sentence(rawMessage);
}

/** For calls that got no answer at all. */
export function unreachableText(): string {
  return navigator.onLine ? UNREACHABLE : OFFLINE;
}

export function failureCode(error: unknown): Code {
  return ConnectError.from(error).code;
}

export function reasonOf(error: unknown): string | undefined {
  return ConnectError.from(error).findDetails(ErrorInfoSchema)[0]?.reason;
}

/** What is wrong with one field of the request, if anything is (google.rpc.BadRequest). */
export function fieldProblem(error: unknown, field: string): string | undefined {
  if (error === null || error === undefined) return undefined;
  const found = violationsOf(error).find((violation) => violation.field === field);
  return found && violationText(found);
}

interface Violation {
  readonly field: string;
  readonly description: string;
}

function violationsOf(error: unknown): readonly Violation[] {
  return ConnectError.from(error)
    .findDetails(BadRequestSchema)
    .flatMap((detail) => detail.fieldViolations);
}

/** `is empty; …` of the field `name` reads as `The name is empty; …`. */
export function violationText({ field, description }: Violation): string {
  const name = FIELDS[field];
  return sentence(
    name !== undefined && /^(is|may|must|has|holds)\b/.test(description)
      ? `the ${name} ${description}`
      : description,
  );
}

/** A description of the service as a sentence of its own. */
function sentence(text: string): string {
  const started = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(started) ? started : `${started}.`;
}
