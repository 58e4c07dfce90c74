/** Work of which one piece is done at a time, and one owner's after the other's. */

import { Turns } from './turns';

export class OneAtATime {
  readonly #waiting = new Turns<() => void>();
  #isBusy = false;

  async run<T>(owner: string, work: () => Promise<T>): Promise<T> {
    if (this.#isBusy) await new Promise<void>((resolve) => this.#waiting.add(owner, resolve));
    this.#isBusy = true;
    try {
      return await work();
    } finally {
      // The next takes this one's place.
      const next = this.#waiting.next();
      if (next !== undefined) next();
      else this.#isBusy = false;
    }
  }
}
