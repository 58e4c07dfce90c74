/** Reads stdin or a file to its end, and no further than what can be meant. */

import { createReadStream } from 'node:fs';
import { EXIT } from './exit-codes';
import { CliError } from './failure';

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
 * @throws CliError where it cannot be read, and beyond the limit.
 */
export function readFileUpTo(path: string, what: string, limit: InputLimit): Promise<Buffer> {
  return readAll(createReadStream(path), what, limit);
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
    const code = (error as NodeJS.ErrnoException).code;
    throw new CliError(
      `cannot read ${what}${code === undefined ? '' : ` (${code})`}; check that it is there and yours to read`,
      EXIT.usage,
    );
  }
  if (size > limit.bytes)
    throw new CliError(
      `${what} holds more than ${limit.bytes / 1024 / 1024} MiB; ${limit.reason}`,
      EXIT.usage,
    );
  return Buffer.concat(chunks);
}
