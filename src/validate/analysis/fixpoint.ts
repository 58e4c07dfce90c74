/**
 * Solves equations between values: each value is found from those that it asks for, in whatever order and circle.
 *
 * An equation is entered once, when it is first asked for. What hangs on an equation that is still under way is in one
 * circle with it, and is found together with it: the circle's values begin as nothing, and only those are found again
 * that asked for one which has changed since. So the work grows with what the equations ask each other for, however
 * circles lie in circles. What would grow for ever, such as a text with a suffix for each turn, becomes unknown.
 * (Tarjan's strong components, and in each of them a worklist: the "SLR" solvers of Apinis, Seidl and Vojdani.)
 */

import { DYNAMIC, NOTHING, keyOf, secretsWithin, union, type Atom, type Val } from '../ir/values';
import { PriorityQueue } from './priority-queue';

/** Values that wait for each other further than this are found later, from the far end. */
const MAX_DEPTH = 120;
/** A head of a circle that was found from what was not known yet is found anew; later ones add to it. */
const FRESH = 2;
/** A circle's head whose value has changed so many times is widened: what has grown from what was there is unknown. */
const PATIENCE = 3;
/** So is any value of a circle, whatever it becomes: equations may begin to ask for each other while they are solved. */
const MAX_CHANGES = 24;

const enum State {
  /** Asked for, deeper than the stack reaches: not entered yet. */
  Waiting,
  /** Under way. */
  Open,
  /** In a circle that is not solved yet. */
  Held,
  Done,
}

interface Equation {
  readonly key: unknown;
  readonly compute: (again: boolean) => Val;
  /** What else finding it tells, as a text: it counts as changed when that has. */
  readonly tells: (() => string) | undefined;
  val: Val;
  state: State;
  /** The how-manieth to be entered, and the first that was entered of all that it hangs on. */
  found: number;
  low: number;
  /** What is asked for comes before what asks. */
  order: number;
  runs: number;
  changes: number;
  /** True once something asked for it while it was under way. */
  isHead: boolean;
  dirty: boolean;
  /** Those of its circle that asked for it. */
  readers: Set<Equation> | undefined;
}

export class Fixpoint {
  /** Of what is done nothing is kept but its value: most equations are as soon as they are entered. */
  private readonly equations = new Map<unknown, Equation | Val>();
  private readonly stack: Equation[] = [];
  /** Entered, and hanging on what is under way. */
  private readonly held: Equation[] = [];
  private readonly late: Equation[] = [];
  private found = 0;
  private left = 0;
  /** How often one that had been put off was entered: what comes later is asked for by what came before. */
  private stage = 0;
  /** The circle that is being solved: its outermost equation, and those to be found again. */
  private root: Equation | undefined;
  private queue = new PriorityQueue<Equation>();
  /** Those to be found again outside of it. */
  private outside: Equation[] = [];

  /** The value of `key`, which `compute` finds from others. */
  solve(key: unknown, compute: (again: boolean) => Val, tells?: () => string): Val {
    const known = this.equations.get(key);
    if (known === undefined) return this.ask(this.added(key, compute, tells));
    return isDone(known) ? known : this.ask(known);
  }

  /** The value of `key`, when it is final. */
  known(key: unknown): Val | undefined {
    const known = this.equations.get(key);
    return known !== undefined && isDone(known) ? known : undefined;
  }

  private added(key: unknown, compute: Equation['compute'], tells: Equation['tells']): Equation {
    const equation: Equation = {
      key,
      compute,
      tells,
      val: NOTHING,
      state: State.Waiting,
      found: 0,
      low: 0,
      order: 0,
      runs: 0,
      changes: 0,
      isHead: false,
      dirty: false,
      readers: undefined,
    };
    this.equations.set(key, equation);
    return equation;
  }

  private ask(equation: Equation): Val {
    const reader = this.stack.at(-1);
    if (equation.state === State.Waiting) {
      if (this.stack.length < MAX_DEPTH) this.enter(equation);
      else {
        // All that is under way hangs on it.
        equation.low = this.stack[0]?.found ?? 0;
        if (!equation.readers) this.late.push(equation);
      }
    }
    if (equation.state === State.Done || !reader) return equation.val;
    if (equation.state === State.Open) equation.isHead = true;
    (equation.readers ??= new Set()).add(reader);
    if (equation.low < reader.low) reader.low = equation.low;
    return equation.val;
  }

  private enter(equation: Equation): void {
    equation.found = equation.low = ++this.found;
    const from = this.held.length;
    this.run(equation);
    equation.order = ++this.left - this.stage * 1e9;
    if (equation.low < equation.found) {
      equation.state = State.Held;
      this.held.push(equation);
      return;
    }
    const isLast = this.stack.length === 0 && this.late.length > 0;
    if (this.held.length > from || equation.isHead || equation.dirty || isLast) this.settle(equation, from);
    else this.finish(equation);
  }

  /** Enters what was too far away, under the outermost equation. */
  private enterLate(): void {
    for (let next = this.late.pop(); next; next = this.late.pop()) {
      if (next.state !== State.Waiting) continue;
      this.stage++;
      this.enter(next);
    }
  }

  /** Finds the value, and marks those that asked for it when it has changed. */
  private run(equation: Equation): void {
    const again = equation.runs++ > 0;
    const told = again ? equation.tells?.() : undefined;
    equation.state = State.Open;
    equation.dirty = false;
    this.stack.push(equation);
    const found = equation.compute(again);
    this.stack.pop();
    const before = equation.val;
    equation.val = this.next(equation, found);
    const same = isSame(before, equation.val);
    if (same && (!again || told === equation.tells?.())) return;
    equation.changes++;
    for (const reader of equation.readers ?? []) this.mark(reader);
  }

  /** What a circle begins with counts for nothing; its heads only grow then, and the others follow them. */
  private next({ val, runs, changes, isHead }: Equation, found: Val): Val {
    if (runs <= FRESH || (!isHead && changes < MAX_CHANGES)) return found;
    if (changes >= MAX_CHANGES) return joined(val, found, 'all that may');
    return joined(val, found, changes >= PATIENCE ? 'what grows' : 'nothing');
  }

  private mark(equation: Equation): void {
    if (equation.dirty) return;
    equation.dirty = true;
    if (this.root && equation.found >= this.root.found) this.queue.add(equation, equation.order);
    else this.outside.push(equation);
  }

  /** Finds the values of a circle again, until none has changed. */
  private settle(root: Equation, from: number): void {
    const { root: outerRoot, queue: outerQueue } = this;
    this.root = root;
    this.queue = new PriorityQueue();
    this.stack.push(root);
    this.markOutside();
    for (let next = this.mostUrgent(); next; next = this.mostUrgent()) this.again(next, root);
    this.stack.pop();
    this.root = outerRoot;
    this.queue = outerQueue;
    this.markOutside();
    if (root.low < root.found) {
      // What was found again asked for something outside of the circle that is under way.
      root.state = State.Held;
      this.held.push(root);
      return;
    }
    for (const equation of this.held.splice(from)) this.finish(equation);
    this.finish(root);
  }

  private mostUrgent(): Equation | undefined {
    if (this.stack.length === 1) this.enterLate();
    return this.queue.take();
  }

  /** Puts those that were marked while another circle was solved into this one's queue. */
  private markOutside(): void {
    const { outside } = this;
    this.outside = [];
    for (const equation of outside) {
      equation.dirty = false;
      if (equation.state !== State.Done) this.mark(equation);
    }
  }

  private again(equation: Equation, root: Equation): void {
    const { state } = equation;
    if (equation === root) this.stack.pop();
    this.run(equation);
    if (equation === root) this.stack.push(equation);
    equation.state = state;
    if (equation.low < root.low) root.low = equation.low;
    // What it asked for may have changed while it was under way.
    if (equation.dirty) this.queue.add(equation, equation.order);
  }

  private finish(equation: Equation): void {
    equation.state = State.Done;
    equation.readers = undefined;
    this.equations.set(equation.key, equation.val);
  }
}

const isDone = (known: Equation | Val): known is Val => Array.isArray(known);

function isSame(before: Val, after: Val): boolean {
  if (before === after) return true;
  if (before.length !== after.length) return false;
  if (before.every((atom, i) => keyOf(atom) === keyOf(after[i] as Atom))) return true;
  const known = new Set(before.map(keyOf));
  return after.every((atom) => known.has(keyOf(atom)));
}

/** Kinds of which a package has only so many. */
const FINITE: ReadonlySet<Atom['kind']> = new Set([
  'ctx',
  'secrets',
  'getter',
  'status',
  'logger',
  'textFn',
  'dynamic',
  'result',
  'secret',
  'secretFn',
  'param',
  'fn',
  'class',
  'module',
]);

/** How much of what a value becomes is cut off. */
type Widening = 'nothing' | 'what grows' | 'all that may';

function joined(before: Val, found: Val, widening: Widening): Val {
  const all = union([before, found]);
  if (widening === 'nothing') return all;
  const known = new Set(before.map(keyOf));
  const texts = textsOf(before);
  const isOther = (atom: Atom): boolean =>
    widening === 'what grows' && atom.kind === 'str' && !texts.some((text) => atom.value.includes(text));
  return union([
    withoutGrown(before),
    ...all.map((atom): Val => {
      if (known.has(keyOf(atom))) return NOTHING;
      if (FINITE.has(atom.kind) || isOther(atom)) return [atom];
      return [...secretsWithin([atom]), ...DYNAMIC];
    }),
  ]);
}

const textsOf = (val: Val): readonly string[] =>
  val.flatMap((atom) => (atom.kind === 'str' && atom.value !== '' ? atom.value : []));

/** Without the texts that other ones have become from turn to turn: `NAME_A_A` beside `NAME_A`. */
function withoutGrown(val: Val): Val {
  const texts = textsOf(val);
  const isGrown = (text: string): boolean => texts.some((one) => one !== text && text.includes(one));
  return val.filter((atom) => atom.kind !== 'str' || !isGrown(atom.value));
}
