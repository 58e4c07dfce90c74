/** Items by a number, the smallest first: a binary heap. */

export class PriorityQueue<T> {
  private readonly items: { readonly item: T; readonly priority: number }[] = [];

  add(item: T, priority: number): void {
    const { items } = this;
    let at = items.push({ item, priority }) - 1;
    for (;;) {
      const above = (at - 1) >> 1;
      if (above < 0 || this.priorityOf(above) <= priority) return;
      this.swap(at, above);
      at = above;
    }
  }

  /** The item with the smallest number, which is no longer there then; undefined when there is none. */
  take(): T | undefined {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (!first || !last || items.length === 0) return first?.item;
    items[0] = last;
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const next = this.priorityOf(left + 1) < this.priorityOf(left) ? left + 1 : left;
      if (this.priorityOf(next) >= last.priority) return first.item;
      this.swap(at, next);
      at = next;
    }
  }

  private priorityOf(at: number): number {
    return this.items[at]?.priority ?? Infinity;
  }

  private swap(a: number, b: number): void {
    const { items } = this;
    const item = items[a] as (typeof items)[number];
    items[a] = items[b] as (typeof items)[number];
    items[b] = item;
  }
}
