/** Follows reads through helpers: a name or an accessor that is a parameter is looked for at every call. */

import { siteKey, type CallEvaluation, type ReadTemplate } from './call-evaluation';
import { paramsOf, substitute, type CallSite } from './calls';
import type { Evaluator } from './evaluator';
import type { Fn, Range } from './program';
import { has, keyOfVal } from './values';

export type ReadKind = 'literal' | 'constant' | 'alias' | 'helper' | 'dynamic';

/** One place where a secret is read; `name` is null when only run time knows it. */
export interface FoundRead extends Range {
  readonly fn: Fn;
  readonly name: string | null;
  readonly kind: ReadKind;
  /** The functions in whose run the read happens with this name. */
  readonly owners: Set<Fn>;
}

/** More ways than this to one `get` are not told apart. */
const MAX_TEMPLATES = 20_000;

interface Open {
  readonly template: ReadTemplate;
  /** Where the name was given, once a caller gave it. */
  readonly place: Fn;
  /** True once the name was given by a caller. */
  readonly given: boolean;
  readonly depth: number;
}

export class ReadFinder {
  private readonly found = new Map<string, FoundRead>();
  /** The `get` calls that turned out to be the platform's. */
  readonly confirmed = new Set<string>();
  private readonly sites = new Map<Fn, CallSite[]>();
  private readonly seen = new Set<string>();
  private readonly queue: Open[] = [];

  constructor(
    private readonly values: Evaluator,
    /** Handlers and what stands inside them. */
    private readonly insideHandler: (fn: Fn) => boolean,
  ) {}

  find(calls: CallEvaluation): readonly FoundRead[] {
    for (const site of calls.sites) {
      const known = this.sites.get(site.callee);
      if (known) known.push(site);
      else this.sites.set(site.callee, [site]);
    }
    for (const template of calls.reads)
      this.push({ template, place: template.site.fn, given: false, depth: 0 });
    for (let next = this.queue.pop(); next; next = this.queue.pop()) this.settle(next);
    return [...this.found.values()];
  }

  private push(open: Open): void {
    const { template } = open;
    const key = [
      template.owner.id,
      template.site.fn.file.path,
      template.site.start,
      template.start,
      keyOfVal(template.receiver),
      keyOfVal(template.name),
    ].join(' ');
    if (this.seen.has(key) || this.seen.size > MAX_TEMPLATES) return;
    this.seen.add(key);
    this.queue.push(open);
  }

  private settle(open: Open): void {
    const { template } = open;
    const isRead = has(template.receiver, 'getter');
    const waiting = paramsOf(template.receiver);
    if (!isRead && waiting.length === 0) return;
    const names = paramsOf(template.name);
    if (isRead) this.settleName(open, names.length > 0);
    const fns = new Set([...(isRead ? [] : waiting), ...names].map((p) => p.fn));
    for (const fn of fns) {
      for (const site of open.depth < 24 ? (this.sites.get(fn) ?? []) : [])
        this.push(this.enter(open, fn, site));
    }
  }

  /** The names that are known by now; what no call gives is dynamic. */
  private settleName(open: Open, waiting: boolean): void {
    const { template } = open;
    const strs = template.name.flatMap((atom) => (atom.kind === 'str' ? atom.value : []));
    for (const name of strs) this.add(open, name);
    const unknown =
      strs.length === 0 ? !waiting : template.name.some((a) => a.kind === 'dynamic' || a.kind === 'secret');
    const uncalled = waiting && !paramsOf(template.name).some((p) => (this.sites.get(p.fn)?.length ?? 0) > 0);
    if (unknown || uncalled) this.add(open, null);
  }

  /** The same read as one caller sees it. */
  private enter(open: Open, fn: Fn, site: CallSite): Open {
    const { template } = open;
    const given = this.values.given(fn, site);
    const name = substitute(template.name, given, this.values);
    const receiver = substitute(template.receiver, given, this.values);
    // The name stands where it was given: at this call, not at the `get` in the helper.
    const named =
      !site.handedOver &&
      paramsOf(template.name).some((p) => p.fn === fn && p.index >= 0 && passes(site, p.index));
    const place = named ? site : template;
    return {
      template: {
        ...template,
        owner: site.caller,
        receiver,
        name,
        kind: site.handedOver ? template.kind : 'helper',
        start: place.start,
        end: place.end,
      },
      place: named ? site.caller : open.place,
      given: open.given || named,
      depth: open.depth + 1,
    };
  }

  private add(open: Open, name: string | null): void {
    const { template } = open;
    this.confirmed.add(siteKey(template.site.fn, template.site));
    const fn = name === null ? template.site.fn : open.place;
    const { start, end } = name === null ? template.site : template;
    const key = `${fn.file.path} ${start} ${name ?? ''}`;
    const known = this.found.get(key);
    if (known) {
      known.owners.add(template.owner);
      return;
    }
    const helper = open.given || !this.insideHandler(template.site.fn);
    const kind = name === null ? 'dynamic' : helper ? 'helper' : template.kind;
    this.found.set(key, { fn, start, end, name, kind, owners: new Set([template.owner]) });
  }
}

const passes = (site: CallSite, index: number): boolean => site.args[index] !== undefined;
