/** Work of one kind, a few pieces of each owner's at a time and the others in the order in which they came. */

interface Lane {
  running: number;
  readonly waiting: (() => void)[];
}

export class Lanes {
  readonly #lanes = new Map<string, Lane>();

  /** @param width how many pieces of one owner's work are done at a time. */
  constructor(private readonly width: number) {}

  async run<T>(owner: string, work: () => Promise<T>): Promise<T> {
    const lane = this.#laneOf(owner);
    if (lane.running >= this.width) await new Promise<void>((resolve) => lane.waiting.push(resolve));
    else lane.running++;
    try {
      return await work();
    } finally {
      // The next takes this one's place.
      const next = lane.waiting.shift();
      if (next !== undefined) next();
      else if (--lane.running === 0) this.#lanes.delete(owner);
    }
  }

  #laneOf(owner: string): Lane {
    let lane = this.#lanes.get(owner);
    if (lane === undefined) {
      lane = { running: 0, waiting: [] };
      this.#lanes.set(owner, lane);
    }
    return lane;
  }
}
