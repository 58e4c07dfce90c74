/** Which functions each node can reach: by calls, by mention, and by methods called on values of unknown class. */

import type { CallGraph } from './call-graph';
import type { Evaluator } from './evaluator';
import type { Class, Fn } from '../ir/program';

const isClass = (item: Fn | Class): item is Class => 'methods' in item;

/** Everything that one handler may run. */
export function reachOf(handler: Fn, values: Evaluator, graph: CallGraph): ReadonlySet<Fn> {
  return new Reach(values, graph).from(handler);
}

class Reach {
  private readonly fns = new Set<Fn>();
  private readonly classes = new Set<Class>();
  private readonly open = new Set<string>();
  private readonly queue: Fn[] = [];

  constructor(
    private readonly values: Evaluator,
    private readonly graph: CallGraph,
  ) {}

  from(handler: Fn): ReadonlySet<Fn> {
    this.add(handler);
    for (let fn = this.queue.pop(); fn; fn = this.queue.pop()) this.visit(fn);
    return this.fns;
  }

  private add(item: Fn | Class): void {
    if (isClass(item)) this.addClass(item);
    else if (!this.fns.has(item)) {
      this.fns.add(item);
      this.queue.push(item);
    }
  }

  private visit(fn: Fn): void {
    for (const item of this.values.mentions.get(fn) ?? []) this.add(item);
    for (const site of this.graph.from(fn)) if (!site.possible) this.add(site.callee);
    for (const name of this.values.calls.openCalls.get(fn) ?? []) {
      if (this.open.has(name)) continue;
      this.open.add(name);
      for (const cls of this.classes) this.addMethod(cls, name);
    }
  }

  /** A class that is mentioned may be made, and its methods called where the class is not known. */
  private addClass(cls: Class): void {
    if (this.classes.has(cls)) return;
    for (const c of this.values.objects.chain(cls)) {
      if (this.classes.has(c)) continue;
      this.classes.add(c);
      this.add(c.scope);
      for (const [name, method] of c.methods) {
        // Constructors, operators, and what a base class outside the package may call.
        if (name === 'constructor' || /^__\w+__$/.test(name) || this.extendsForeign(c)) this.add(method);
      }
      for (const name of this.open) this.addMethod(c, name);
    }
  }

  private addMethod(cls: Class, name: string): void {
    for (const [key, method] of cls.methods) if (key === name || key.startsWith(`${name}/`)) this.add(method);
  }

  private extendsForeign(cls: Class): boolean {
    return (
      cls.bases.length >= this.values.objects.chain(cls).length &&
      !cls.bases.every((b) =>
        /^(?:ABC|Protocol|object|Enum|str|NamedTuple|Exception|\w*Error|\w*Exception)$/.test(b),
      )
    );
  }
}
