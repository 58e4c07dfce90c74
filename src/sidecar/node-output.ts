/**
 * What a node host prints to its own stdout and stderr, line by line, with the values of
 * every execution that this sidecar has resolved masked in it. `axiom run` and `axiom test`
 * show it on a developer's terminal.
 */

import type { Readable, Writable } from 'node:stream';
import type { ExecutionSecrets } from './execution-secrets';

/** A longer line is handed on in parts of so many bytes. */
const LINE_BYTES = 32_768;
const LINE_FEED = 0x0a;

export class NodeOutput {
  /** Kept until the host has ended: it may print what an execution gave it long after that is over. */
  readonly #seen = new Map<ExecutionSecrets, () => void>();
  readonly #ends: (() => void)[] = [];

  /** Remembers an execution's values. */
  remember(secrets: ExecutionSecrets): void {
    if (!this.#seen.has(secrets)) this.#seen.set(secrets, secrets.use());
  }

  /** Copies a stream, masked. */
  copy(from: Readable, to: Writable): void {
    let held = Buffer.alloc(0);
    from.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      for (let end = lineEnd(held); end > 0; end = lineEnd(held)) {
        to.write(this.#masked(held.subarray(0, end)));
        held = held.subarray(end);
      }
    });
    const flush = (): void => {
      if (held.length > 0) to.write(this.#masked(held));
      held = Buffer.alloc(0);
    };
    from.once('end', flush);
    this.#ends.push(flush);
  }

  /** Hands on what is left, and forgets. */
  close(): void {
    for (const flush of this.#ends) flush();
    for (const done of this.#seen.values()) done();
    this.#seen.clear();
  }

  #masked(line: Buffer): string {
    let text = line.toString('utf8');
    for (const secrets of this.#seen.keys()) text = secrets.mask(text);
    return text;
  }
}

/** Where the first line ends, after its line feed; 0 while none does. */
function lineEnd(bytes: Buffer): number {
  const end = bytes.indexOf(LINE_FEED) + 1;
  return end > 0 && end <= LINE_BYTES ? end : bytes.length >= LINE_BYTES ? LINE_BYTES : 0;
}
