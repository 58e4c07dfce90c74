/** What evaluating tells beside values: calls, reads, what is logged, made and handed away, by the expression that told it. */

import type { Escape, LogCall, Made, ReadTemplate } from './call-shapes';
import type { CallSite } from './calls';
import type { Expr, Fn, Range } from '../ir/program';
import { keyOfVal, type Val } from '../ir/values';

/** What evaluating told. */
export interface Recorded {
  /** Objects of the package's classes, and where they are made. */
  readonly made: Made[];
  readonly sites: CallSite[];
  readonly reads: ReadTemplate[];
  readonly logged: LogCall[];
  readonly escapes: Escape[];
}

const nothingTold = (): Recorded => ({ made: [], sites: [], reads: [], logged: [], escapes: [] });

export class Recorder {
  /** Told anew when an expression is evaluated again, so that only the last time counts. */
  private readonly records = new Map<Expr, Recorded>();
  private at: Expr | undefined;

  /** Until `end`, what is told is remembered as what evaluating `expr` tells. @returns what was evaluated so far. */
  begin(expr: Expr, again: boolean): Expr | undefined {
    const outer = this.at;
    this.at = expr;
    if (again) this.records.delete(expr);
    return outer;
  }

  /** @param outer what `begin` answered */
  end(outer: Expr | undefined): void {
    this.at = outer;
  }

  /** All that was told. */
  all(): Recorded {
    const all = nothingTold();
    for (const { made, sites, reads, logged, escapes } of this.records.values()) {
      for (const object of made) all.made.push(object);
      for (const site of sites) all.sites.push(site);
      for (const read of reads) all.reads.push(read);
      for (const log of logged) all.logged.push(log);
      for (const escape of escapes) all.escapes.push(escape);
    }
    return all;
  }

  /** The calls that an expression told of when it was evaluated last. */
  sitesOf(expr: Expr): readonly CallSite[] {
    return this.records.get(expr)?.sites ?? [];
  }

  /** The same as a text: equal as long as the same functions are called with the same values. */
  callsOf(expr: Expr): string {
    const valueOf = (val: Val | undefined): string => (val ? keyOfVal(val) : '-');
    return this.sitesOf(expr)
      .map(({ callee, args, self }) => [callee.id, valueOf(self), ...args.map(valueOf)].join())
      .join(';');
  }

  site(site: CallSite): void {
    this.now.sites.push(site);
  }

  read(read: ReadTemplate): void {
    this.now.reads.push(read);
  }

  logged(log: LogCall): void {
    this.now.logged.push(log);
  }

  made(fn: Fn, object: Made['object'], { start, end }: Range): void {
    this.now.made.push({ fn, object, start, end });
  }

  escaped(escape: Escape): void {
    this.now.escapes.push(escape);
  }

  private get now(): Recorded {
    if (!this.at) return nothingTold();
    let record = this.records.get(this.at);
    if (!record) this.records.set(this.at, (record = nothingTold()));
    return record;
  }
}
