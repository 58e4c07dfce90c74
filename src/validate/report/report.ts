/** What `axiom validate` found, before anybody formats it. */

import type { ReadKind } from '../analysis/reads';

export type Severity = 'error' | 'warning' | 'info';

/** Lines and columns count from 1; columns in UTF-16 code units, as editors do. */
export interface Place {
  /** Relative to the package's root, with forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** One past the end, on the same line. */
  readonly endColumn: number;
}

/** One place where code reads a secret. */
export interface Read extends Place {
  /** Null when only run time knows it. */
  readonly name: string | null;
  readonly kind: ReadKind;
  /** The nodes that can reach it, in the manifest's order. */
  readonly nodes: readonly string[];
}

export interface Finding extends Place {
  /** Stable, for machines. */
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** The name that these nodes read and do not declare: what `--fix` adds. */
  readonly toDeclare?: { readonly name: string; readonly nodes: readonly string[] };
}

export interface Report {
  readonly reads: readonly Read[];
  readonly findings: readonly Finding[];
  /** The line that a place is on, for showing it. */
  lineAt(place: Place): string;
}

/** Names that nodes read and do not declare, by node. */
export function namesToDeclare({ findings }: Report): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, Set<string>>();
  for (const { toDeclare } of findings)
    for (const node of toDeclare?.nodes ?? []) {
      const ofNode = names.get(node) ?? new Set();
      names.set(node, ofNode.add(toDeclare?.name ?? ''));
    }
  return new Map([...names].map(([node, ofNode]) => [node, [...ofNode]]));
}

/** Text with its lines, to turn offsets into places. */
export class Lines {
  private readonly starts: readonly number[];

  constructor(private readonly text: string) {
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.starts = starts;
  }

  place(file: string, start: number, end: number): Place {
    const line = this.lineOf(start);
    const from = this.starts[line] ?? 0;
    const stop = Math.min(end, from + this.line(line + 1).length);
    return {
      file,
      line: line + 1,
      column: start - from + 1,
      endColumn: Math.max(stop, start + 1) - from + 1,
    };
  }

  /** The text of a line, counted from 1, without its line break. */
  line(number: number): string {
    const start = this.starts[number - 1];
    if (start === undefined) return '';
    return this.text.slice(start, this.starts[number] ?? this.text.length).replace(/\r?\n$/, '');
  }

  private lineOf(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
