/** Reads stdin or a file to its end, and no further than what can be meant. */

import { open, type FileHandle } from 'node:fs/promises';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { unreadableInput } from './flag-file';

/** How much to read. */
export interface InputLimit {
  readonly bytes: number;
  /** What to say where there is more: `a value has at most 64 KiB`. */
  readonly reason: string;
}

/** All of stdin. @throws CliError beyond the limit. */
export function readStdinUpTo(limit: InputLimit): Promise<Buffer> {
  return readAll(process.stdin, 'stdin', limit);
}

/**
 * All of a file, or of a device or pipe that may have no end.
 * @param what names it in messages, which never repeat the path: it may be a value in the wrong place.
 * @throws CliError where it cannot be read or changes meanwhile, and beyond the limit.
 */
export async function readFileUpTo(path: string, what: string, limit: InputLimit): Promise<Buffer> {
  const file = await open(path).catch((error: unknown) => {
    throw unreadableInput(what, error);
  });
  try {
    const before = await stateOf(file);
    const bytes = await readAll(file.createReadStream({ autoClose: false }), what, limit);
    if ((await stateOf(file)) === before) return bytes;
    bytes.fill(0);
    throw new CliError(`${what} changed while it was read; try again when it is whole`, EXIT.usage);
  } finally {
    await file.close();
  }
}

/** Half of what was there and half of what is there now would be a value that nobody wrote. */
async function stateOf(file: FileHandle): Promise<string> {
  const { size, mtimeNs } = await file.stat({ bigint: true });
  return `${size} ${mtimeNs}`;
}

async function readAll(stream: AsyncIterable<Buffer>, what: string, limit: InputLimit): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > limit.bytes) break;
    }
  } catch (error) {
    throw unreadableInput(what, error);
  }
  if (size > limit.bytes)
    throw new CliError(
      `${what} holds more than ${limit.bytes / 1024 / 1024} MiB; ${limit.reason}`,
      EXIT.usage,
    );
  return Buffer.concat(chunks);
}
