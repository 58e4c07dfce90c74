/** Typed, forgiving reads from a YAML document: every complaint is a finding with its place, never an exception. */

import { distance } from 'fastest-levenshtein';
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  visit,
  type Document,
  type LineCounter,
  type Node,
  type Pair,
} from 'yaml';
import type { ManifestFinding, Span } from './finding';

/** Aliases followed in one file: a manifest uses a handful, an "alias bomb" needs thousands. */
const MAX_ALIASES = 1000;
/** Values read from one file, each as often as an alias repeats it: fields of mappings and items of lists. */
const MAX_VALUES = 50_000;
/** Characters of all texts read from one file, each as often as an alias repeats it. */
const MAX_TEXT = 1024 * 1024;
/** Findings kept of each severity: whoever has so many mends the first ones first. */
const MAX_FINDINGS = 100;

/** The value of one field and where its key is. */
export interface Field {
  readonly key: Node;
  readonly value: Node | null;
}

export type Fields = ReadonlyMap<string, Field>;

/** Thrown through the reader once a limit is passed; parse.ts makes a finding of it. */
export class ManifestLimit extends Error {}

export class YamlCursor {
  readonly findings: ManifestFinding[] = [];
  private readonly found = { error: 0, warning: 0, info: 0 };
  private aliases = 0;
  private values = 0;
  private textLength = 0;
  private anchors: ReadonlyMap<string, readonly Node[]> | undefined;

  constructor(
    private readonly doc: Document,
    private readonly lines: LineCounter,
    private readonly file: string,
    private readonly text: string,
  ) {}

  /** Where a node is; at most to the end of its first line. */
  span(node: Node | null | undefined): Span {
    const [start, end] = node?.range ?? [0, 0];
    return this.spanOf(start, end);
  }

  spanOf(start: number, end: number): Span {
    const { line, col } = this.lines.linePos(start);
    // Line n begins at lineStarts[n - 1], so this is where the line of `start` ends.
    const nextLine = this.lines.lineStarts[line];
    const stop = Math.min(Math.max(end, start + 1), nextLine === undefined ? this.text.length : nextLine - 1);
    return {
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      endColumn: Math.max(col + stop - start, col + 1),
    };
  }

  /** A node's text in the file. */
  source(node: Node): string {
    return this.text.slice(node.range?.[0] ?? 0, node.range?.[1] ?? 0);
  }

  error(node: Node | null | undefined, message: string, rule = 'manifest-field'): void {
    this.add(node, { rule, severity: 'error', message });
  }

  warn(node: Node | null | undefined, message: string, rule = 'manifest-field'): void {
    this.add(node, { rule, severity: 'warning', message });
  }

  info(node: Node | null | undefined, message: string, rule: string): void {
    this.add(node, { rule, severity: 'info', message });
  }

  private add(
    node: Node | null | undefined,
    finding: Pick<ManifestFinding, 'rule' | 'severity' | 'message'>,
  ): void {
    if (++this.found[finding.severity] > MAX_FINDINGS) return;
    this.findings.push({ ...finding, file: this.file, ...this.span(node) });
  }

  /** Counts what is read, before it is read. @throws ManifestLimit. */
  private spend(values: number, textLength = 0): void {
    this.values += values;
    this.textLength += textLength;
    if (this.values > MAX_VALUES || this.textLength > MAX_TEXT) {
      throw new ManifestLimit(
        `holds more than ${MAX_VALUES} values or ${MAX_TEXT} characters of text once its YAML aliases are written out; ` +
          'make it smaller, or split the package',
      );
    }
  }

  /** The fields of a mapping; `<<` merges are applied; unknown names are warned about when `known` is given. */
  fields(node: Node | null, what: string, known?: readonly string[]): Fields | undefined {
    const map = this.resolve(node);
    if (!isMap(map)) {
      this.error(node, `${what} must be a mapping of fields, such as "name: value"`);
      return undefined;
    }
    this.spend(map.items.length);
    const fields = new Map<string, Field>();
    const merged: Node[] = [];
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      const name = isScalar(pair.key) ? String(pair.key.value) : '';
      if (name === '<<') {
        if (pair.value) merged.push(pair.value);
      } else if (fields.has(name)) {
        this.error(pair.key, `"${shown(name)}" is given twice in ${what}; keep one of them`);
      } else {
        fields.set(name, { key: pair.key, value: pair.value ?? null });
        if (known && !known.includes(name)) this.warnUnknown(pair.key, name, what, known);
      }
    }
    for (const source of merged) this.merge(fields, source);
    return fields;
  }

  private merge(fields: Map<string, Field>, source: Node): void {
    const node = this.resolve(source);
    const sources = isSeq(node) ? (node.items as Node[]) : [source];
    this.spend(sources.length);
    for (const each of sources) {
      for (const [name, field] of this.fields(each, 'what "<<" merges') ?? []) {
        if (!fields.has(name)) fields.set(name, field);
      }
    }
  }

  private warnUnknown(key: Node, name: string, what: string, known: readonly string[]): void {
    if (this.found.warning >= MAX_FINDINGS) return;
    const near = nearest(name, known);
    const hint = near ? `did you mean "${near}"?` : 'it is ignored';
    this.warn(key, `unknown field "${shown(name)}" in ${what}; ${hint}`, 'manifest-unknown-field');
  }

  /** The node that an alias stands for. */
  resolve(node: Node | null): Node | null {
    let current = node;
    while (isAlias(current)) {
      if (++this.aliases > MAX_ALIASES) {
        throw new ManifestLimit(`uses more than ${MAX_ALIASES} YAML aliases; write the values out`);
      }
      current = this.anchored(current.source, current.range?.[0] ?? 0);
    }
    return current;
  }

  /** The last node before `end` that carries an anchor. The library's own look-up walks the document every time. */
  private anchored(anchor: string, end: number): Node | null {
    if (!this.anchors) {
      const anchors = new Map<string, Node[]>();
      visit(this.doc, {
        Value: (_, node) => {
          if (!node.anchor) return;
          const same = anchors.get(node.anchor);
          if (same) same.push(node);
          else anchors.set(node.anchor, [node]);
        },
      });
      this.anchors = anchors;
    }
    return this.anchors.get(anchor)?.findLast((node) => (node.range?.[0] ?? 0) < end) ?? null;
  }

  /** True for a field that is missing or left empty (`nodes:` with nothing after it). */
  isEmpty(field: Field | undefined): boolean {
    if (!field) return true;
    const node = this.resolve(field.value);
    return node === null || (isScalar(node) && node.value === null);
  }

  /** A text; numbers and booleans are taken as written (`version: 1.0` reads "1.0"). */
  textOf(node: Node | null, what: string): string | undefined {
    const scalar = this.resolve(node);
    if (!isScalar(scalar) || scalar.value === null) {
      this.error(node, `${what} must be a text`);
      return undefined;
    }
    const text = typeof scalar.value === 'string' ? scalar.value : (scalar.source ?? String(scalar.value));
    this.spend(0, text.length);
    return text;
  }

  string(fields: Fields, name: string, what: string): string {
    const field = fields.get(name);
    return field && !this.isEmpty(field) ? (this.textOf(field.value, `"${name}" of ${what}`) ?? '') : '';
  }

  boolean(fields: Fields, name: string, what: string): boolean {
    const field = fields.get(name);
    if (!field || this.isEmpty(field)) return false;
    const node = this.resolve(field.value);
    if (isScalar(node) && typeof node.value === 'boolean') return node.value;
    this.error(field.value, `"${name}" of ${what} must be true or false`);
    return false;
  }

  /** The items of a list; none for a missing or empty field. */
  list(fields: Fields, name: string, what: string): readonly (Node | null)[] {
    const field = fields.get(name);
    if (!field || this.isEmpty(field)) return [];
    const node = this.resolve(field.value);
    if (isSeq(node)) {
      this.spend(node.items.length);
      return node.items as (Node | null)[];
    }
    this.error(field.value, `"${name}" of ${what} must be a list: each item on its own line after "- "`);
    return [];
  }

  texts(fields: Fields, name: string, what: string): readonly string[] {
    return this.list(fields, name, what).flatMap(
      (item) => this.textOf(item, `each item of "${name}" of ${what}`) ?? [],
    );
  }
}

/** The closest of the known names, when it is close enough to be a slip of the fingers. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const folded = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '');
  return known.find(
    (k) => folded(k) === folded(name) || distance(k, name.slice(0, 100)) <= Math.min(2, k.length / 3),
  );
}

/** A name from the file, short and on one line, fit for a message. */
export function shown(name: string): string {
  const clean = name.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '?');
  return clean.length > 80 ? `${clean.slice(0, 77)}...` : clean;
}
