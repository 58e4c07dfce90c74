/** Calls as they are remembered, and what their written shape tells. */

import type { CallExpr, Expr, Fn, Range } from '../ir/program';
import type { Atom, Val } from '../ir/values';

/** A call of `get`, or of something that may turn out to be it once callers are known. */
export interface ReadTemplate extends Range {
  /** The function whose callers decide, or that the read belongs to. */
  readonly owner: Fn;
  /** Where `get` is called; `start` and `end` are where the name is given. */
  readonly site: Range & { readonly fn: Fn };
  readonly receiver: Val;
  readonly name: Val;
  /** All arguments, where `receiver` may turn out to be a function of the package. */
  readonly args?: readonly Val[];
  /** How the code came by it, so far. */
  readonly kind: 'literal' | 'constant' | 'alias' | 'helper';
}

/** Where a value comes out: a log or a trace, the answer, or the error that the caller is told. */
export type Outlet = 'log' | 'message' | 'error';

/** A call of the node's log, of the language's own printing, or of what makes a node's error, with what it is given. */
export interface LogCall extends Range {
  readonly fn: Fn;
  readonly args: readonly Val[];
  readonly into: Outlet;
}

/** The platform's typed error: its message reaches the caller. */
export const isNodeError = (path: string): boolean => /(?:^|\.|::)(?:Axiom)?NodeError(?:::\w+)?$/.test(path);

/** One thing that is put into a variable: its key, where it has one, and what it is. */
export interface Put {
  readonly keys: readonly string[];
  /** Keys that callers know. */
  readonly open: Val;
  readonly value: Val;
}

/** An object of one of the package's classes, and where it is made. */
export interface Made extends Range {
  readonly fn: Fn;
  readonly object: Atom & { readonly kind: 'object' };
}

/** A call of foreign code, with those of its arguments that may hold the accessor. */
export interface Escape extends Range {
  readonly fn: Fn;
  readonly given: Val;
}

/** `ax.secrets.get`, `ax.Secrets().Get`, `secrets.get` on a parameter: no alias on the way. */
export function isDirect(call: CallExpr, fn: Fn): boolean {
  const { callee } = call;
  if (callee.kind !== 'member') return false;
  const object = callee.object.kind === 'call' ? callee.object.callee : callee.object;
  if (object.kind === 'name') return fn.params.some((param) => param.name === object.name);
  return object.kind === 'member' || object.kind === 'index';
}

/** What is called, by its last name. */
export const nameOf = (callee: Expr): string =>
  callee.kind === 'member' || callee.kind === 'name' ? callee.name : '';

/** Which `get` a secret came from, so that only confirmed reads make a leak. */
export const siteKey = (fn: Fn, at: Range): string => `${fn.file.path}:${at.start}`;

/** `f.call(self, x)` and `f.apply(self, [x])` are f(x). */
export function plainCall(call: CallExpr): CallExpr {
  const [, list] = call.args;
  if (call.callee.kind !== 'member') return call;
  if (call.callee.name === 'call') return { ...call, args: call.args.slice(1) };
  if (call.callee.name !== 'apply') return call;
  return { ...call, args: list ? [{ ...list, spread: true }] : [] };
}

/** The call seen as one with the list's elements for arguments. */
export const callAs = (call: CallExpr): CallExpr => ({ ...call, args: [] });
