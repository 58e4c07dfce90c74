/** Takes a secret's value from a masked prompt, stdin or a file: never from argv or the environment. */

import { readFileSync } from 'node:fs';
import { read } from 'read';
import { CliError } from './failure';
import { EXIT } from './exit-codes';
import { note } from './output';

/** Flags of commands that take a value. */
export interface ValueFlags {
  readonly file?: string;
  readonly stripNewline?: boolean;
}

/** A value longer than this is not read to its end: the service would refuse it. */
const MAX_INPUT_BYTES = 1024 * 1024;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The value's bytes as they are; a trailing newline stays unless it is to be stripped, and is remarked on. */
export async function readValue(flags: ValueFlags, prompt: string): Promise<Uint8Array> {
  const bytes = await readBytes(flags, prompt);
  const ending = newlineLength(bytes);
  if (flags.stripNewline === true) return bytes.subarray(0, bytes.byteLength - ending);
  if (ending > 0) {
    note('warning: the value ends with a newline, which is kept; use --strip-newline (or printf instead of echo) if it is not meant');
  }
  return bytes;
}

async function readBytes(flags: ValueFlags, prompt: string): Promise<Uint8Array> {
  if (flags.file !== undefined && flags.file !== '-') {
    try {
      return readFileSync(flags.file);
    } catch {
      throw new CliError(`cannot read ${flags.file}`, EXIT.usage);
    }
  }
  if (process.stdin.isTTY && flags.file === undefined) {
    return Buffer.from(String(await read({ prompt: `${prompt}: `, silent: true, replace: '*', output: process.stderr })), 'utf8');
  }
  return readStdin();
}

/** All of stdin. @throws CliError when it is longer than any value. */
export async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).byteLength;
    if (size > MAX_INPUT_BYTES) throw new CliError('stdin holds more than 1 MiB; a value has at most 64 KiB', EXIT.usage);
  }
  return Buffer.concat(chunks);
}

function newlineLength(bytes: Uint8Array): number {
  if (bytes.at(-1) !== NEWLINE) return 0;
  return bytes.at(-2) === CARRIAGE_RETURN ? 2 : 1;
}
