/**
 * Parts of handshakes that may take long, one at a time and each address in turn: whatever waits, the event loop is theirs
 * for a tenth of its time at most, and for a hundredth where one takes longer than what honest clients show.
 */

import { Turns } from '../../work/turns';

/** After each the others have so many times as long. */
export const REST_TIMES = 9;
/** Four certificates of RSA with 4,096 bits take a millisecond, and ten times as long on a busy machine. */
export const LONG_MS = 50;
export const REST_TIMES_AFTER_LONG = 99;
/** One that takes no time to speak of does not end in a loop of timers. */
export const SHORTEST_REST_MS = 1;

export class DearTurns {
  readonly #waiting = new Turns<() => void>();
  #isResting = false;

  /** Has it done, at once where nothing rests or waits. @returns what has it not done any more. */
  run(source: string, part: () => void): () => void {
    this.#waiting.add(source, part);
    if (!this.#isResting) this.#give();
    return () => this.#waiting.remove(source, part);
  }

  readonly #give = (): void => {
    const part = this.#waiting.next();
    this.#isResting = part !== undefined;
    if (part === undefined) return;
    const began = performance.now();
    part();
    const tookMs = performance.now() - began;
    const times = tookMs > LONG_MS ? REST_TIMES_AFTER_LONG : REST_TIMES;
    setTimeout(this.#give, Math.max(SHORTEST_REST_MS, times * tookMs)).unref();
  };
}
