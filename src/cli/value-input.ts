/** Takes a secret's value from a masked prompt, stdin or a file: never from argv or the environment. */

import type { Command } from 'commander';
import { warningsAbout } from '../domain/value-warnings';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { askMasked } from './masked-prompt';
import { note } from './output';
import { readFileUpTo, readStdinUpTo } from './read-input';

/** Flags of commands that take a value. */
export interface ValueFlags {
  readonly file?: string;
  readonly stripNewline?: boolean;
  readonly strict?: boolean;
}

/** The flags of a command that takes a value. */
export function withValueFlags(command: Command): Command {
  return command
    .option('--file <path>', 'take the value from a file, byte for byte; - is stdin')
    .option('--strip-newline', 'take one newline off the end of the value')
    .option('--strict', 'send nothing where there is something to warn of in the value');
}

/** A value longer than this is not read to its end: the service would refuse it. */
const LIMIT = { bytes: 1024 * 1024, reason: 'a value has at most 64 KiB' };

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The value's bytes as they are; a newline at the end is kept unless it is to be stripped. @throws CliError for a warning with --strict. */
export async function readValue(flags: ValueFlags, prompt: string): Promise<Uint8Array> {
  const bytes = await readBytes(flags, prompt);
  const value =
    flags.stripNewline === true ? bytes.subarray(0, bytes.byteLength - newlineLength(bytes)) : bytes;
  const warnings = warningsAbout(value);
  for (const { kind, message } of warnings)
    note(`warning: ${message}${kind === 'line-break' ? ' (--strip-newline takes one off)' : ''}`);
  if (flags.strict === true && warnings.length > 0) {
    bytes.fill(0);
    throw new CliError(
      'the value was warned of, and nothing was sent; mend it, or leave --strict out',
      EXIT.usage,
    );
  }
  return value;
}

async function readBytes(flags: ValueFlags, prompt: string): Promise<Uint8Array> {
  if (flags.file !== undefined && flags.file !== '-') {
    return readFileUpTo(flags.file, 'the file that --file names', LIMIT);
  }
  if (process.stdin.isTTY && flags.file === undefined) {
    return askMasked(prompt);
  }
  return readStdin();
}

/** All of stdin, which is a value or a key. @throws CliError when it is longer than any. */
export function readStdin(): Promise<Uint8Array> {
  return readStdinUpTo(LIMIT);
}

function newlineLength(bytes: Uint8Array): number {
  if (bytes.at(-1) !== NEWLINE) return 0;
  return bytes.at(-2) === CARRIAGE_RETURN ? 2 : 1;
}
