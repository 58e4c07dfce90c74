/**
 * Which values that callers decide may turn out to be what is looked for: only these are worth following from call to
 * call with all that is around them. Each value is looked at once, for each value that callers give its parameter.
 */

import type { CallGraph } from './call-graph';
import type { Engine } from './engine';
import { substitute } from './substitution';
import { partsOf } from './symbols';
import { DYNAMIC, keyOf, keyOfVal, type Atom, type Val } from '../ir/values';
import type { Fn } from '../ir/program';

/** More values than this are not looked at: what is left may be anything. */
const MAX_VALUES = 20_000;

interface Node {
  readonly atom: Atom;
  /** Values that become this one, or hold it. */
  readonly from: Node[];
  isWanted: boolean;
}

export class Prospects {
  private readonly nodes = new Map<string, Node>();
  private readonly queue: Node[] = [];
  /** By a function and the number of its parameter. */
  private readonly given = new Map<string, readonly Val[]>();

  constructor(
    private readonly values: Engine,
    private readonly graph: CallGraph,
    /** What is looked for: functions too, where what they answer may be. */
    private readonly isWanted: (atom: Atom) => boolean,
    /** What of a value counts. */
    private readonly keep: (val: Val) => Val = (val) => val,
  ) {}

  /** False when no caller makes of a value what is looked for. */
  mayBeWanted(val: Val): boolean {
    const nodes = val.map((atom) => this.nodeOf(atom));
    for (let next = this.queue.pop(); next; next = this.queue.pop()) this.visit(next);
    return nodes.some(({ isWanted }) => isWanted);
  }

  private nodeOf(atom: Atom): Node {
    const key = keyOf(atom);
    let node = this.nodes.get(key);
    if (!node) {
      node = { atom, from: [], isWanted: this.isWanted(atom) || this.nodes.size >= MAX_VALUES };
      this.nodes.set(key, node);
      if (!node.isWanted) this.queue.push(node);
    }
    return node;
  }

  private visit(node: Node): void {
    for (const val of this.becomes(node.atom))
      for (const atom of val ?? []) {
        const outer = this.nodeOf(atom);
        outer.from.push(node);
        if (outer.isWanted) markWanted(node);
      }
  }

  private becomes(atom: Atom): readonly (Val | undefined)[] {
    switch (atom.kind) {
      case 'param':
        return this.valuesOf(atom.fn, atom.index).map((value) =>
          this.keep(substitute([atom], (fn) => (fn === atom.fn ? value : undefined), this.values)),
        );
      // Nothing, until it is known what is called.
      case 'answer':
      case 'thrown':
        return [[atom.of]];
      case 'concat':
        return atom.parts;
      case 'orElse':
        return [atom.of, atom.other];
      case 'lookup':
        return [[atom.of]];
      case 'pick':
        return [this.values.pick(atom.of, DYNAMIC)];
      default:
        return partsOf(atom);
    }
  }

  /** What callers give a parameter, each value once. */
  private valuesOf(fn: Fn, index: number): readonly Val[] {
    const key = `${fn.id} ${index}`;
    let known = this.given.get(key);
    if (!known) {
      const sites = this.graph.to(fn).map((site) => this.values.given(fn, site)(fn, index) ?? DYNAMIC);
      known = [...new Map(sites.map((val) => [keyOfVal(val), val])).values()];
      this.given.set(key, known);
    }
    return known;
  }
}

/** Marks a value, and those that become it. */
function markWanted(node: Node): void {
  const queue = [node];
  for (let next = queue.pop(); next; next = queue.pop()) {
    if (next.isWanted) continue;
    next.isWanted = true;
    for (const inner of next.from) queue.push(inner);
  }
}
