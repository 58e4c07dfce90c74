/**
 * Waits for a pipeline's first message, which says for which execution it is: until it is there the call is like any
 * other, so it has to come in time and within the bytes of its engine.
 */

import type { ServerHttp2Stream } from 'node:http2';
import type { Taken } from '../wire/call-budgets';
import { requestTooSlow } from '../wire/listener/request-too-slow';
import { tooMuchHeld } from '../wire/listener/too-much-held';

export class PipelineStart {
  #stream: ServerHttp2Stream | undefined;
  #refuse: (why: Error) => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;
  #bytes = 0;

  constructor(private readonly taken: Taken) {}

  awaitOn(stream: ServerHttp2Stream, limitMs: number, refuse: (why: Error) => void): void {
    this.#stream = stream;
    this.#refuse = refuse;
    this.#timer = setTimeout(() => refuse(requestTooSlow()), limitMs);
    stream.once('close', () => clearTimeout(this.#timer));
    stream.on('data', this.#count);
  }

  /** It is there. Inputs follow, which are handed on as they come. */
  came(): void {
    clearTimeout(this.#timer);
    this.#stream?.off('data', this.#count);
    this.taken.giveBytesBack(this.#bytes);
    this.#bytes = 0;
  }

  readonly #count = ({ byteLength }: Buffer): void => {
    this.#bytes += byteLength;
    if (this.taken.addBytes(byteLength)) return;
    // What is on its way still is not looked at: each chunk of it would make another error.
    this.#stream?.off('data', this.#count);
    this.#refuse(tooMuchHeld());
  };
}
