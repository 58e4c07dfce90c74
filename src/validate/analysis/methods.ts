/** Which method a function is, and which of several of one name a call means. */

import type { Fn } from '../ir/program';

/** The overload that takes so many arguments. */
export const overload = (fn: Fn, count: number): Fn =>
  takes(fn, count) && fn.chained?.own !== true
    ? fn
    : (fn.overloads.find((other) => takes(other, count) && other.chained?.own !== true) ??
      fn.overloads.find((other) => takes(other, count)) ??
      fn);

export const takes = ({ params }: Fn, count: number): boolean =>
  count >= params.filter((p) => p.default === undefined && !p.rest).length &&
  (count <= params.length || params.some((p) => p.rest));

export const isConstructor = (fn: Fn): boolean =>
  fn.cls?.methods.get('constructor')?.overloads.includes(fn) ?? false;

/** The method that a function is, or is in. */
export function methodOf(fn: Fn): Fn | undefined {
  for (let f: Fn | undefined = fn; f; f = f.outer) {
    if (f.cls && (f.outer === f.cls.scope || f === f.cls.scope || f.self !== undefined)) return f;
  }
  return undefined;
}
