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

  /** Takes out what is next; undefined where nothing waits. */
  next(): T | undefined {
    const [first] = this.#waiting;
    if (first === undefined) return undefined;
    const [owner, ofOwner] = first;
    const [one] = ofOwner;
    this.#waiting.delete(owner);
    ofOwner.delete(one as T);
    if (ofOwner.size > 0) this.#waiting.set(owner, ofOwner);
    return one;
  }
}
