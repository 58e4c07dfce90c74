/**
 * Where log lines go, without anybody ever waiting for who reads them: what a slow reader has not taken is kept up
 * to a bound, and what comes beyond it is dropped and counted. A reader that is gone is written to no more.
 */

import type { Writable } from 'node:stream';

/** About ten thousand lines. */
const MAX_WAITING_BYTES = 2 * 1024 * 1024;

interface LogSinkOptions {
  readonly maxWaitingBytes?: number;
  /** What becomes of a line of JSON; nothing when absent. */
  readonly format?: (line: string) => string;
}

export class LogSink {
  readonly #maxWaitingBytes: number;
  readonly #format: (line: string) => string;
  #dropped = 0;
  #isGone = false;

  constructor(
    private readonly stream: Pick<Writable, 'write' | 'writableLength' | 'on'>,
    private readonly name: string,
    { maxWaitingBytes = MAX_WAITING_BYTES, format = (line) => line }: LogSinkOptions = {},
  ) {
    this.#maxWaitingBytes = maxWaitingBytes;
    this.#format = format;
    // EPIPE: whoever read the log has ended. The service has not.
    stream.on('error', () => (this.#isGone = true));
  }

  /** How many lines were dropped since the last that was written. */
  get dropped(): number {
    return this.#dropped;
  }

  write(line: string): void {
    if (this.#isGone || this.stream.writableLength > this.#maxWaitingBytes) {
      this.#dropped++;
      return;
    }
    if (this.#dropped > 0) this.stream.write(this.#format(this.#tellDropped()));
    this.stream.write(this.#format(line));
  }

  #tellDropped(): string {
    const time = new Date().toISOString();
    const msg = 'log lines were dropped, because whoever reads stderr did not take them in time';
    const told = { level: 40, time, name: this.name, dropped: this.#dropped, msg };
    this.#dropped = 0;
    return `${JSON.stringify(told)}\n`;
  }
}
