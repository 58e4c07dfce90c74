/** What waits: of each owner in the order in which it came, and one owner after the other. */

export class Turns<T> {
  /** A Map iterates in order of insertion: an owner that had its turn goes to the end. */
  readonly #waiting = new Map<string, Set<T>>();

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  add(owner: string, one: T): void {
    const ofOwner = this.#waiting.get(owner);
    if (ofOwner === undefined) this.#waiting.set(owner, new Set([one]));
    else ofOwner.add(one);
  }

  /** It waits no longer, if it did. */
  remove(owner: string, one: T): void {
    const ofOwner = this.#waiting.get(owner);
    if (ofOwner?.delete(one) === true && ofOwner.size === 0) this.#waiting.delete(owner);
  }

  /** Takes out what is next. @param isReady whether an owner may have its turn now. @returns undefined where nothing is. */
  next(isReady: (owner: string) => boolean = () => true): T | undefined {
    for (const [owner, ofOwner] of this.#waiting) {
      if (!isReady(owner)) continue;
      const [one] = ofOwner;
      this.#waiting.delete(owner);
      ofOwner.delete(one as T);
      if (ofOwner.size > 0) this.#waiting.set(owner, ofOwner);
      return one;
    }
    return undefined;
  }
}
