/** Secrets' values that one function lets out: into a log call, or into the message that a handler returns. */

import type { CallGraph } from './call-graph';
import type { LogCall, Outlet } from './call-shapes';
import { carried } from './calls';
import type { Engine } from './engine';
import type { Evaluator } from './evaluator';
import { followOutwards, type Inside } from './outward';
import { printed } from './printing';
import type { CallExpr, Expr, Fn, Range } from '../ir/program';
import { secretsWithin, union, type Atom, type Val } from '../ir/values';

export interface Leak extends Range {
  readonly fn: Fn;
  readonly into: Outlet;
  /** The secrets' names, as far as they are known. */
  readonly names: readonly string[];
  /** The `get` calls it may come from (`siteKey`). */
  readonly sites: readonly string[];
}

/** Methods that put their argument into the message they are called on. */
const FILLS = /^(?:set|add|put|append|extend|insert|push|with|update|CopyFrom|MergeFrom)/i;

/** Looks at what log calls are given, by the function that they are in and by those that call it. */
export function logLeaks(logged: readonly LogCall[], graph: CallGraph, values: Engine): Leak[] {
  const leaks = new Map<LogCall, Leak>();
  const starts = logged.map((log) => ({ of: log, owner: log.fn, given: shown(log.args, values) }));
  followOutwards(
    starts,
    graph,
    values,
    { keep: (val) => shown([val], values), isWanted: mayHold, isApart: false },
    ({ of: log, given }) => {
      const secrets = secretsWithin(given);
      if (secrets.length === 0) return;
      const { fn, start, end } = log;
      const known = leaks.get(log);
      const origin = originOf(secrets);
      leaks.set(log, {
        fn,
        into: log.into,
        names: [...new Set([...(known?.names ?? []), ...origin.names])].sort(),
        sites: [...(known?.sites ?? []), ...origin.sites],
        start,
        end,
      });
    },
  );
  return [...leaks.values()];
}

/** What holds a secret, or may answer with one when it is called. */
const mayHold = (atom: Atom): boolean =>
  /^(?:secret|result|secretFn|fn|method|class|bound|thunk|textFn|sealed)$/.test(atom.kind);

/** What comes out of a log call. */
const shown = (args: readonly Val[], values: Engine): Val =>
  union(args.map((arg) => carried(printed(arg, values))));

function originOf(secrets: Val): Pick<Leak, 'names' | 'sites'> {
  const known = secrets.flatMap((atom) => (atom.kind === 'secret' ? atom : []));
  const names = [...new Set(known.map((s) => s.from).filter((name) => name !== ''))].sort();
  return { names, sites: known.map((s) => s.site) };
}

/** Looks at one handler: what it returns, yields or emits, and what it puts into that before. */
export function messageLeaks(handler: Fn, graph: CallGraph, values: Evaluator): Leak[] {
  const starts: Inside<Range>[] = [];
  const secret = (expr: Expr, fn: Fn, at: Range = expr): void => {
    // An error is not part of the message.
    const told = values.eval(expr, fn).filter((atom) => atom.kind !== 'error');
    starts.push({ of: at, owner: fn, given: held(told) });
  };
  const fns = within(handler, values);
  const messages = new Set<string>();
  for (const fn of fns) {
    const own = fn === handler ? [...fn.returns, ...fn.yields] : fn.yields;
    for (const expr of [...own.map((e) => messageOf(e, values)), ...emitted(fn, handler, values)]) {
      secret(expr, fn);
      for (const part of chainOf(expr)) {
        if (part.kind === 'name') messages.add(part.name);
        if (part.kind === 'call') for (const arg of filling(part)) secret(arg, fn, part);
      }
    }
  }
  for (const name of messages) {
    const made = fns.flatMap((fn) =>
      (fn.bindings.get(name) ?? []).map((made) => ({ fn: made.fn, expr: made.value })),
    );
    for (const { fn, expr } of made) {
      for (const part of chainOf(expr))
        if (part.kind === 'call') for (const arg of filling(part)) secret(arg, fn, part);
    }
  }
  for (const fn of fns) {
    for (const { target, value } of fn.stores) if (messages.has(rootOf(target))) secret(value, fn);
    for (const use of fn.uses) {
      if (use.kind !== 'call' || !messages.has(rootOf(use.callee))) continue;
      for (const arg of filling(use)) secret(arg, fn, use);
    }
  }
  const leaks = new Map<number, Leak>();
  // What an object holds may have been given to it by a method of its own. What is written first is told first.
  followOutwards(
    starts.toReversed(),
    graph,
    values,
    { keep: held, isWanted: mayHold, isApart: false },
    ({ of: { start, end }, given }) => {
      const secrets = secretsWithin(given);
      if (secrets.length > 0 && !leaks.has(start))
        leaks.set(start, { fn: handler, into: 'message', ...originOf(secrets), start, end });
    },
  );
  return [...leaks.values()];
}

/** What of a value a message shows, whatever it prints. */
const held = (val: Val): Val => union([secretsWithin(val), carried(val)]);

/** The handler and the functions written inside it. */
function within(handler: Fn, values: Evaluator): readonly Fn[] {
  return values.scope.fns.filter((fn) => {
    for (let f: Fn | undefined = fn; f; f = f.outer) if (f === handler) return true;
    return false;
  });
}

/** Go returns (message, error): the first counts. `Err(…)` is not a message. */
function messageOf(expr: Expr, values: Evaluator): Expr {
  if (values.facts.answersWithError && expr.kind === 'list' && expr.items[0]) return expr.items[0];
  return expr;
}

/** Go pipelines hand their messages to `emit`. */
function emitted(fn: Fn, handler: Fn, values: Evaluator): Expr[] {
  const emit = handler.params[values.facts.emitParam ?? -1]?.name;
  if (emit === undefined) return [];
  return fn.uses.flatMap((use) =>
    use.kind === 'call' && use.callee.kind === 'name' && use.callee.name === emit
      ? use.args.map((a) => a.value)
      : [],
  );
}

/** What a finished message is asked for; anything else that is called answers with something new. */
const FINISHES = /^(?:build|Build|clone|unwrap|into|toBuilder|buildPartial)$/;

/** `b.setA(x).build()`, `Ok(a)`: the calls and names that make up a message. */
function chainOf(expr: Expr): Expr[] {
  switch (expr.kind) {
    case 'call': {
      const { callee } = expr;
      const goesOn = callee.kind === 'member' && (FINISHES.test(callee.name) || FILLS.test(callee.name));
      return [expr, ...(goesOn ? chainOf(callee.object) : []), ...wrapped(expr)];
    }
    case 'steps':
    case 'cast':
      return chainOf(expr.of);
    case 'either':
      return expr.options.flatMap(chainOf);
    case 'name':
      return [expr];
    default:
      return [];
  }
}

/** `Ok(reply)`, `Promise.resolve(reply)`. */
function wrapped(call: CallExpr): Expr[] {
  const [arg] = call.args;
  const name = call.callee.kind === 'name' || call.callee.kind === 'member' ? call.callee.name : '';
  return arg && call.args.length === 1 && /^(?:Ok|Some|resolve|FromResult|completedFuture|new)$/.test(name)
    ? chainOf(arg.value)
    : [];
}

function filling(call: CallExpr): Expr[] {
  return call.callee.kind === 'member' && FILLS.test(call.callee.name) ? call.args.map((a) => a.value) : [];
}

/** The variable at the start of `out.meta.key`; a call on the way may answer with anything. */
function rootOf(expr: Expr): string {
  if (expr.kind === 'name') return expr.name;
  if (expr.kind === 'member' || expr.kind === 'index') return rootOf(expr.object);
  if (expr.kind === 'call' && expr.callee.kind === 'member') return rootOf(expr.callee.object);
  return expr.kind === 'steps' ? rootOf(expr.of) : '';
}
