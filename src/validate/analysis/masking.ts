/** Calls that take a secret out of a text: `text.replace(secret, '***')`, `text.split(secret)`. */

import { nameOf } from './call-shapes';
import type { CallExpr } from '../ir/program';
import { DYNAMIC, has, keyOf, secretsIn, str, union, type Atom, type Val } from '../ir/values';

const REPLACES = /^(?:replace\w*|Replace\w*)$/;
const SPLITS = /^(?:r?split\w*|Split\w*|[rl]?partition|Cut)$/;
const PARTITIONS = /partition$/;
/** Methods that keep a text from a place on. */
const FROM = /^(?:substring|Substring|substr|slice)$/;
const LOOKS_FOR = /[iI]ndexOf$/;
/** Functions of a text, where it comes first. */
const TEXT_FIRST = /^(?:strings|bytes)\./;
/** What is written in a secret's place. */
const MASK = /\*{2,}|\u2022|x{3,}|redact|mask|hidden|removed|secret/i;
/** What only a pattern has. */
const PATTERN = /[[\]*+\\(^$]/;

/** Only callers know what it is. */
const isOpen = ({ kind }: Atom): boolean => /^(?:param|answer|pick|orElse|concat|derived)$/.test(kind);

/** What a call answers, without what it took out, and with what it put there. */
export function masked(call: CallExpr, path: string, args: readonly Val[], answered: Val): Val {
  const name = nameOf(call.callee);
  const first = TEXT_FIRST.test(path) ? 1 : 0;
  const replaces = REPLACES.test(name) && args.length >= first + 2;
  if (FROM.test(name) && isBehindAt(call)) return DYNAMIC;
  if (call.callee.kind !== 'member' || (!replaces && !SPLITS.test(name))) return answered;
  const [taken = [], by = []] = args.slice(first);
  if (!replaces && isAt(taken)) return [partedAt(answered, PARTITIONS.test(name))];
  if (replaces && isPattern(taken) && isMask(by)) return DYNAMIC;
  const left = without(answered, taken);
  return replaces ? union([left, secretsIn(by)]) : left;
}

const isAt = ([only, ...more]: Val): boolean =>
  only?.kind === 'str' && only.value === '@' && more.length === 0;

/** What an address says of who asks, and where it leads: behind the sign is no secret. */
const partedAt = (answered: Val, keepsSign: boolean): Atom => ({
  kind: 'list',
  items: [answered, ...(keepsSign ? [str('@')] : []), DYNAMIC],
  exact: true,
});

/** `url.substring(url.indexOf('@') + 1)`. */
function isBehindAt({ args }: CallExpr): boolean {
  const [from, ...more] = args;
  if (more.length > 0 || from?.value.kind !== 'concat') return false;
  const [place] = from.value.parts;
  if (place?.kind !== 'call' || !LOOKS_FOR.test(nameOf(place.callee))) return false;
  const [sign] = place.args;
  return sign?.value.kind === 'str' && sign.value.value === '@';
}

/** A value without the secrets of another one, as far as callers know them. */
export function without(val: Val, taken: Val): Val {
  const gone = new Set(secretsIn(taken).map(keyOf));
  const open = taken.filter(isOpen);
  if (gone.size + open.length === 0) return val;
  return val.flatMap((atom): Val => {
    if (gone.has(keyOf(atom))) return [];
    if (atom.kind !== 'derived' && atom.kind !== 'secret') return [atom];
    const of = atom.kind === 'derived' ? without(atom.of, secretsIn(taken)) : [atom];
    if (open.length === 0) return atom.kind === 'derived' ? [{ ...atom, of }] : of;
    const before = atom.kind === 'derived' ? (atom.without ?? []) : [];
    return [{ kind: 'derived', of, without: union([before, open]) }];
  });
}

const isMask = (val: Val): boolean =>
  val.length > 0 && val.every((atom) => atom.kind === 'str' && MASK.test(atom.value));

const isPattern = (val: Val): boolean =>
  secretsIn(val).length === 0 &&
  !val.some(isOpen) &&
  (has(val, 'dynamic') || val.some((atom: Atom) => atom.kind === 'str' && PATTERN.test(atom.value)));
