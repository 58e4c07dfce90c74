/**
 * Request bytes that a process holds for all who call it. Beyond the limit whoever holds more than an equal part gets no
 * more, so those who hold little do not notice.
 */
export class HeldBytes {
  #all = 0;
  /** Of those for whom any are held. */
  readonly #byHolder = new Map<string, number>();

  /**
   * @param most with all parts full, more are held: who came first may hold more than an equal part. Ten who fill theirs one
   *   after the other hold three times as many, a hundred five times (1 + 1/2 + 1/3 + …).
   */
  constructor(private readonly most: number) {}

  /** @returns false where the holder gets no more: its call is to be ended. */
  add(holder: string, count: number): boolean {
    const held = (this.#byHolder.get(holder) ?? 0) + count;
    this.#byHolder.set(holder, held);
    this.#all += count;
    return this.#all <= this.most || held <= this.most / this.#byHolder.size;
  }

  giveBack(holder: string, count: number): void {
    const held = (this.#byHolder.get(holder) ?? 0) - count;
    if (held > 0) this.#byHolder.set(holder, held);
    else this.#byHolder.delete(holder);
    this.#all -= count;
  }
}
