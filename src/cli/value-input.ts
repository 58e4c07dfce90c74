/** Takes a secret's value from a masked prompt, stdin or a file: never from argv or the environment. */

import { read } from 'read';
import { note } from './output';
import { readFileUpTo, readStdinUpTo } from './read-input';

/** Flags of commands that take a value. */
export interface ValueFlags {
  readonly file?: string;
  readonly stripNewline?: boolean;
}

/** A value longer than this is not read to its end: the service would refuse it. */
const LIMIT = { bytes: 1024 * 1024, reason: 'a value has at most 64 KiB' };

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The value's bytes as they are; a trailing newline stays unless it is to be stripped, and is remarked on. */
export async function readValue(flags: ValueFlags, prompt: string): Promise<Uint8Array> {
  const bytes = await readBytes(flags, prompt);
  const ending = newlineLength(bytes);
  if (flags.stripNewline === true) return bytes.subarray(0, bytes.byteLength - ending);
  if (ending > 0) {
    note(
      'warning: the value ends with a newline, which is kept; use --strip-newline (or printf instead of echo) if it is not meant',
    );
  }
  return bytes;
}

async function readBytes(flags: ValueFlags, prompt: string): Promise<Uint8Array> {
  if (flags.file !== undefined && flags.file !== '-') {
    return readFileUpTo(flags.file, 'the file that --file names', LIMIT);
  }
  if (process.stdin.isTTY && flags.file === undefined) {
    return Buffer.from(
      String(await read({ prompt: `${prompt}: `, silent: true, replace: '*', output: process.stderr })),
      'utf8',
    );
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
