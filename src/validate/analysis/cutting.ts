/** How much of a text is kept: `value.slice(0, shown)` keeps nothing of it where that is 0. */

import { nameOf } from './call-shapes';
import { isSymbolic } from './symbols';
import type { CallExpr } from '../ir/program';
import { NOTHING, type Atom, type Val } from '../ir/values';

/** Methods that are told from where to where, and those that are told how many. */
const FROM_TO = /^(?:slice|substring|substr|Substring|subSequence|subList)$/;
const SO_MANY = /^(?:take|Take|limit|truncate)$/;

/** What may hold a secret, now or once callers are known. A cut of a cut would grow with each turn of a recursion. */
const mayHold = (atom: Atom): boolean =>
  /^(?:secret|result|param)$/.test(atom.kind) ||
  (atom.kind === 'derived' && atom.of.every(({ kind }) => /^(?:secret|param)$/.test(kind)));
/** A number that callers give, or that is none. */
const isPlain = ({ kind }: Atom): boolean => /^(?:param|zero|number|dynamic)$/.test(kind);

const isZero = (val: Val | undefined): boolean =>
  val !== undefined && val.length > 0 && val.every(({ kind }) => kind === 'zero');

/** The first so many characters of a value: none, all that may be, or what callers say. */
export function upTo(val: Val, end: Val): Val {
  if (isZero(end)) return NOTHING;
  if (!end.some(isSymbolic) || !end.every(isPlain)) return val;
  const held = val.filter(mayHold);
  const others = val.filter((atom) => !mayHold(atom));
  return held.length === 0 ? val : [{ kind: 'cut', of: held, end }, ...others];
}

/** What a call answers, where it is one that is told how much of its text it keeps. */
export function cutBy({ callee }: CallExpr, args: readonly Val[], answered: Val): Val {
  if (callee.kind !== 'member') return answered;
  const name = nameOf(callee);
  const [first = NOTHING, second] = args;
  if (SO_MANY.test(name) && args.length === 1) return upTo(answered, first);
  return FROM_TO.test(name) && second && isZero(first) ? upTo(answered, second) : answered;
}

/** The same with another text in it. */
export const cutOf = (atom: Atom & { kind: 'cut' }, of: Val): Val =>
  of.length === 0 ? NOTHING : upTo(of, atom.end);
