/**
 * Waits for a pipeline's first message, which says for which execution it is: until it is there the call is like any
 * other, so it has to come in time and within the bytes of its engine.
 */

import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Taken } from '../wire/call-budgets';

export class PipelineStart {
  #stream: ServerHttp2Stream | undefined;
  #timer: NodeJS.Timeout | undefined;
  #bytes = 0;

  constructor(private readonly taken: Taken) {}

  /** @param tooSlow ends the call. */
  awaitOn(stream: ServerHttp2Stream, limitMs: number, tooSlow: () => void): void {
    this.#stream = stream;
    this.#timer = setTimeout(tooSlow, limitMs);
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
    if (!this.taken.addBytes(byteLength)) this.#stream?.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  };
}
