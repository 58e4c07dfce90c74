/** The solver of equations: right values, and how often it looks for them. */
import { describe, expect, it } from '@jest/globals';
import { Fixpoint } from '../../src/validate/analysis/fixpoint';
import { PriorityQueue } from '../../src/validate/analysis/priority-queue';
import { DYNAMIC, NOTHING, str, union, type Val } from '../../src/validate/ir/values';

const texts = (val: Val): readonly string[] =>
  val.map((atom) => (atom.kind === 'str' ? atom.value : atom.kind)).sort();

/** Equations by number, each from the values that `ask` gives it; counts how often they are looked for. */
class Equations {
  private readonly fixpoint = new Fixpoint();
  runs = 0;

  constructor(private readonly equation: (of: number, ask: (other: number) => Val) => Val) {}

  value(of: number): Val {
    return this.fixpoint.solve(of, () => {
      this.runs++;
      return this.equation(of, (other) => this.value(other));
    });
  }
}

describe('circles', () => {
  it('that lie in circles are solved in a number of turns that grows with their number only', () => {
    const runsFor = (count: number): number => {
      // Each asks the one before and the one after: the first ends after all others.
      const all = new Equations((n, ask) =>
        union([
          n % 10 === 0 ? str(`k${n % 40}`) : NOTHING,
          n > 0 ? ask(n - 1) : NOTHING,
          n < count - 1 ? ask(n + 1) : NOTHING,
        ]),
      );
      for (let n = 0; n < count; n++) expect(texts(all.value(n))).toEqual(['k0', 'k10', 'k20', 'k30']);
      return all.runs;
    };
    expect(runsFor(50)).toBeLessThan(50 * 10);
    expect(runsFor(100)).toBeLessThan(100 * 10);
  });

  it('are found as one, wherever they are entered', () => {
    const asks = [[1], [2, 4], [0, 3], [1], [5], [5]];
    for (const first of asks.keys()) {
      const all = new Equations((n, ask) => union([str(`v${n}`), ...(asks[n] ?? []).map(ask)]));
      all.value(first);
      const found = asks.map((_, n) => texts(all.value(n)));
      const circle = ['v0', 'v1', 'v2', 'v3', 'v4', 'v5'];
      expect(found).toEqual([circle, circle, circle, circle, ['v4', 'v5'], ['v5']]);
    }
  });

  it('that grow with each turn become unknown', () => {
    const grows = new Equations((n, ask) =>
      union([str('A'), ask(n).flatMap((atom) => (atom.kind === 'str' ? str(`${atom.value}_B`) : [atom]))]),
    );
    expect(texts(grows.value(0))).toContain('dynamic');
    expect(grows.runs).toBeLessThan(12);
  });

  it('begin as nothing, and what was found from that counts for nothing', () => {
    // Of nothing, the second one knows nothing; the first one gives it a text.
    const all = new Equations((n, ask) => {
      if (n === 0) return union([str('A'), ask(1).filter((atom) => atom.kind === 'str')]);
      const [first] = ask(0);
      return first ? [first] : DYNAMIC;
    });
    expect(texts(all.value(0))).toEqual(['A']);
    expect(texts(all.value(1))).toEqual(['A']);
  });

  it('count as changed when what finding them tells has changed', () => {
    const fixpoint = new Fixpoint();
    let told = '';
    const seen: string[] = [];
    const call = (): Val =>
      fixpoint.solve(
        'call',
        () => {
          told = texts(head()).join();
          return NOTHING;
        },
        () => told,
      );
    const head = (): Val =>
      fixpoint.solve('head', () => {
        call();
        seen.push(told);
        return str('A');
      });
    head();
    expect(seen.at(-1)).toBe('A');
  });
});

describe('a chain of equations longer than the stack is deep', () => {
  it('is solved in a number of turns that grows with its length only', () => {
    const length = 3_000;
    const all = new Equations((n, ask) => (n === length ? str('END') : ask(n + 1)));
    expect(texts(all.value(0))).toEqual(['END']);
    expect(all.runs).toBeLessThan(3 * length);
  });

  it('is solved when its end asks for its beginning', () => {
    const length = 1_000;
    const all = new Equations((n, ask) => (n === length ? union([str('END'), ask(0)]) : ask(n + 1)));
    expect(texts(all.value(0))).toEqual(['END']);
    expect(texts(all.value(500))).toEqual(['END']);
    expect(all.runs).toBeLessThan(5 * length);
  });
});

describe('a priority queue', () => {
  it('gives the smallest first, whatever the order of adding', () => {
    const queue = new PriorityQueue<number>();
    const numbers = Array.from({ length: 200 }, (_, i) => (i * 73) % 101);
    for (const number of numbers) queue.add(number, number);
    const taken: number[] = [];
    for (let next = queue.take(); next !== undefined; next = queue.take()) taken.push(next);
    expect(taken).toEqual(numbers.toSorted((a, b) => a - b));
  });
});
