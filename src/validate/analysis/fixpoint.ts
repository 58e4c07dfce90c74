/**
 * Solves equations between values: each value is found from those that it asks for, in whatever order and circle.
 *
 * A circle's values begin as nothing and are found again until they are stable, so that the answer does not depend
 * on where the circle was entered. What would grow for ever, such as a text with a suffix for each turn, becomes
 * unknown. (The "top-down solver" of Le Charlier and Van Hentenryck.)
 */

import { DYNAMIC, NOTHING, keyOf, secretsWithin, union, type Atom, type Val } from '../ir/values';

/** Values that wait for each other further than this are found first, from the far end. */
const MAX_DEPTH = 120;
/** A circle whose values still change after so many turns is widened. */
const PATIENCE = 3;

interface Frame {
  readonly key: unknown;
  readonly index: number;
  current: Val;
  /** The outermost value under way that this one hangs on. */
  low: number;
  /** True once something asked for this value while it was under way. */
  asked: boolean;
  /** Values found inside, good as long as this one does not change. */
  made: unknown[];
}

interface Equation {
  readonly key: unknown;
  readonly compute: () => Val;
}

class TooDeep extends Error {
  constructor(readonly equation: Equation) {
    super('values wait for each other further than the stack reaches; solve the innermost first');
  }
}

export class Fixpoint {
  private readonly done = new Map<unknown, Val>();
  private readonly early = new Map<unknown, { readonly val: Val; readonly low: number }>();
  private readonly approximations = new Map<unknown, Val>();
  private readonly frames = new Map<unknown, Frame>();
  private readonly stack: Frame[] = [];

  /** The value of `key`, which `compute` finds from others. */
  solve(key: unknown, compute: () => Val): Val {
    const known = this.done.get(key);
    if (known) return known;
    const open = this.frames.get(key);
    if (open) {
      open.asked = true;
      this.hangOn(open.index);
      return open.current;
    }
    const early = this.early.get(key);
    if (early) {
      this.hangOn(early.low);
      return early.val;
    }
    if (this.stack.length === 0) return this.fromTheFarEnd({ key, compute });
    if (this.stack.length >= MAX_DEPTH) throw new TooDeep({ key, compute });
    return this.enter(key, compute);
  }

  private hangOn(index: number): void {
    const top = this.stack.at(-1);
    if (top && index < top.low) top.low = index;
  }

  private fromTheFarEnd(wanted: Equation): Val {
    const pending = [wanted];
    for (let next = pending.at(-1); next; next = pending.at(-1)) {
      try {
        this.enter(next.key, next.compute);
        pending.pop();
      } catch (error) {
        if (!(error instanceof TooDeep)) throw error;
        this.early.clear();
        const { equation } = error;
        // A circle longer than the stack is given up.
        if (pending.some(({ key }) => key === equation.key)) this.done.set(equation.key, DYNAMIC);
        else pending.push(equation);
      }
    }
    return this.done.get(wanted.key) ?? DYNAMIC;
  }

  private enter(key: unknown, compute: () => Val): Val {
    const done = this.done.get(key);
    if (done) return done;
    const index = this.stack.length;
    const current = this.approximations.get(key) ?? NOTHING;
    const frame: Frame = { key, index, current, low: index, asked: false, made: [] };
    this.stack.push(frame);
    this.frames.set(key, frame);
    try {
      this.turn(frame, compute);
    } finally {
      this.stack.pop();
      this.frames.delete(key);
    }
    this.leave(frame);
    return frame.current;
  }

  private turn(frame: Frame, compute: () => Val): void {
    for (let turn = 1; ; turn++) {
      frame.asked = false;
      frame.low = frame.index;
      for (const key of frame.made) this.early.delete(key);
      frame.made = [];
      const before = frame.current;
      const found = compute();
      frame.current = before.length === 0 ? found : joined(before, found, turn > PATIENCE);
      if (!frame.asked || frame.current.length === before.length) return;
      this.approximations.set(frame.key, frame.current);
    }
  }

  private leave(frame: Frame): void {
    const { key, index, current, low, made } = frame;
    if (low < index) {
      this.early.set(key, { val: current, low });
      this.approximations.set(key, current);
      const parent = this.stack.at(-1);
      parent?.made.push(key);
      for (const inner of made) parent?.made.push(inner);
      this.hangOn(low);
      return;
    }
    this.done.set(key, current);
    this.approximations.delete(key);
    for (const inner of made) {
      const early = this.early.get(inner);
      if (early) this.done.set(inner, early.val);
      this.early.delete(inner);
      this.approximations.delete(inner);
    }
  }
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

function joined(before: Val, found: Val, widen: boolean): Val {
  const all = union([before, found]);
  if (!widen) return all;
  const known = new Set(before.map(keyOf));
  return union([
    withoutGrown(before),
    ...all.map((atom): Val => {
      if (known.has(keyOf(atom))) return NOTHING;
      if (FINITE.has(atom.kind)) return [atom];
      return [...secretsWithin([atom]), ...DYNAMIC];
    }),
  ]);
}

/** Without the texts that other ones have become from turn to turn: `NAME_A_A` beside `NAME_A`. */
function withoutGrown(val: Val): Val {
  const texts = val.flatMap((atom) => (atom.kind === 'str' && atom.value !== '' ? atom.value : []));
  const isGrown = (text: string): boolean => texts.some((one) => one !== text && text.includes(one));
  return val.filter((atom) => atom.kind !== 'str' || !isGrown(atom.value));
}
