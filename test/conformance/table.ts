/** One table of every fact by language: PASS, FAIL, or SKIP with its reason below. */

type Outcome = 'PASS' | 'FAIL' | 'SKIP';

export class Table {
  readonly #rows = new Map<string, Map<string, Outcome>>();
  readonly #reasons = new Map<string, string>();

  record(fact: string, language: string, outcome: Outcome): void {
    const row = this.#rows.get(fact) ?? new Map<string, Outcome>();
    this.#rows.set(fact, row.set(language, outcome));
  }

  skip(fact: string, language: string, reason: string): void {
    this.record(fact, language, 'SKIP');
    this.#reasons.set(language, reason);
  }

  toString(): string {
    const languages = [...new Set([...this.#rows.values()].flatMap((row) => [...row.keys()]))];
    const width = Math.max(...[...this.#rows.keys()].map((fact) => fact.length), 4) + 2;
    const line = (first: string, cells: readonly string[]): string =>
      first.padEnd(width) +
      cells.map((cell, i) => cell.padEnd(Math.max(languages[i]?.length ?? 0, 4) + 2)).join('');
    const rows = [...this.#rows].map(([fact, row]) =>
      line(
        fact,
        languages.map((one) => row.get(one) ?? ''),
      ),
    );
    const reasons = [...this.#reasons].map(([language, reason]) => `SKIP ${language}: ${reason}`);
    return ['', line('', languages), ...rows, '', ...reasons, ''].join('\n');
  }
}
