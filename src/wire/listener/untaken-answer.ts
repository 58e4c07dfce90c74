/** Since when a peer takes nothing of what its request is answered with: who never reads would have it held for ever. */

/** Of HTTP/2 a stream, of HTTP/1.1 a response. */
export interface Answer {
  readonly writableEnded: boolean;
  readonly writableFinished: boolean;
  readonly writableNeedDrain: boolean;
  once(event: 'drain', listener: () => void): unknown;
}

export class UntakenAnswer {
  #since: number | undefined;

  /** @param mayPause whether a peer may wait with an answer that is not at its end, as with a stream of messages. */
  constructor(
    private readonly answer: Answer,
    private readonly mayPause: boolean,
  ) {}

  /** @returns since which look nothing was taken, this one at the latest; undefined: nothing is waiting. */
  lookedAt(now: number): number | undefined {
    if (!this.#isWaiting) return (this.#since = undefined);
    if (this.#since === undefined) {
      this.#since = now;
      this.answer.once('drain', () => (this.#since = undefined));
    }
    return this.#since;
  }

  get #isWaiting(): boolean {
    const { writableEnded, writableFinished, writableNeedDrain } = this.answer;
    return writableEnded ? !writableFinished : writableNeedDrain && !this.mayPause;
  }
}
