/** What becomes of a handler's error: the caller's part and the log's part. */

import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { inspect } from 'node:util';
import { NodeError } from './node_pb';
import { wireText } from './wire-text';

/** All that a caller learns of an error that is not the typed one. */
export const MASKED_MESSAGE = 'The node failed; its log has the reason.';

/** The error event: the text of a typed node error, or the fixed sentence. */
export function nodeError(error: unknown): NodeError {
  const event = new NodeError();
  const typed = typedError(error);
  if (!typed) return event.setMessage(MASKED_MESSAGE);
  return event.setTyped(true).setCode(typed.code).setMessage(typed.message).setDetail(typed.detail);
}

interface TypedError {
  readonly code: string;
  readonly message: string;
  readonly detail: string;
}

/** The typed node error is known by its method, so that a second copy of its class is known too. */
function typedError(error: unknown): TypedError | undefined {
  try {
    const { axiomNodeError } = (error ?? {}) as { axiomNodeError?: unknown };
    if (typeof axiomNodeError !== 'function') return undefined;
    const { code = '', message = '', detail = '' } = axiomNodeError.call(error) as Partial<TypedError>;
    return { code: wireText(code), message: wireText(message), detail: wireText(detail) };
  } catch {
    // Packages can throw anything, also what throws when it is looked at.
    return undefined;
  }
}

/** Where a handler failed, in the package's own code. Never what the error says: it may hold a secret. */
export interface FailurePlace {
  /** The error's class. */
  readonly error: string;
  /** `nodes/greet.ts:12:9`, innermost first; empty where no frame is the package's. */
  readonly frames: readonly string[];
}

const FRAME = /^ {4}at (?:.* \()?(?:file:\/\/)?(\/.*|[A-Za-z]:\\.*):(\d+):(\d+)\)?$/;

/**
 * Only frames whose file exists under the package's root are told: a message that spans lines could look
 * like frames.
 */
export function failurePlace(error: unknown, root: string): FailurePlace {
  if (!(error instanceof Error)) return { error: `a thrown ${typeof error}`, frames: [] };
  const frames: string[] = [];
  for (const line of stackOf(error).split('\n')) {
    const [, file = '', row, column] = FRAME.exec(line) ?? [];
    if (isPackageCode(file, root)) frames.push(`${relative(root, file)}:${row}:${column}`);
  }
  return { error: className(error), frames };
}

/** Prints the failure's own text, which may hold a value, where a developer asked for it. */
export function showError(error: unknown): void {
  if (process.env.AXIOM_SHOW_ERRORS === '1') process.stderr.write(`${inspect(error)}\n`);
}

function stackOf(error: Error): string {
  try {
    return String(error.stack ?? '');
  } catch {
    return '';
  }
}

/** The author's own files: not libraries, and not this host (gen/axiom, or dist/gen/axiom once compiled). */
function isPackageCode(file: string, root: string): boolean {
  const others = [join('node_modules', sep), join('gen', 'axiom', sep)];
  return (
    file.startsWith(root + sep) && !others.some((folder) => file.includes(sep + folder)) && existsSync(file)
  );
}

/** The constructor's name: an error's own `name` can be set to anything. */
export function className(value: object): string {
  const name = value.constructor?.name ?? '';
  return /^[A-Za-z_$][\w$]{0,99}$/.test(name) ? name : value instanceof Error ? 'Error' : 'object';
}
