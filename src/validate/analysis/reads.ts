/** Follows reads through helpers: a name or an accessor that is a parameter is looked for at every call. */

import { type CallGraph } from './call-graph';
import { siteKey, type ReadTemplate } from './call-shapes';
import type { CallSite } from './calls';
import { substitute } from './substitution';
import { isSymbolic, paramsOf } from './symbols';
import type { Evaluator } from './evaluator';
import { Prospects } from './prospects';
import { AS, type Class, type Fn, type Range } from '../ir/program';
import { DYNAMIC, NOTHING, has, keyOf, keyOfVal, union, type Atom, type Val } from '../ir/values';

export type ReadKind = 'literal' | 'constant' | 'alias' | 'helper' | 'dynamic';

/** One place where a secret is read; `name` is null when only run time knows it. */
export interface FoundRead extends Range {
  readonly fn: Fn;
  readonly name: string | null;
  readonly kind: ReadKind;
  /** The functions in whose run the read happens with this name. */
  readonly owners: Set<Fn>;
  /** The `get` calls that are this read. */
  readonly sites: Set<string>;
}

/** Functions handed to functions handed to functions: deeper than this they are not followed. */
const MAX_ROUNDS = 5;
const MAX_HANDED = 5_000;

/** Calls of calls further than this are not followed. */
const MAX_TRAIL = 48;

/** More ways than this to one `get` are not told apart. */
const MAX_TEMPLATES = 40_000;
/** So are more of what is called, but was not seen to be a read. */
const MAX_OPEN = 2_000;

/** What a call may be of to be a read, or to make one. */
const WANTED: ReadonlySet<Atom['kind']> = new Set(['getter', 'fn', 'method', 'class', 'bound', 'thunk']);

type Param = Atom & { readonly kind: 'param' };

interface Open {
  readonly template: ReadTemplate;
  /** Where the name was given, once a caller gave it. */
  readonly place: Fn;
  /** True once the name was given by a caller. */
  readonly given: boolean;
  /** The functions that it was followed through, outwards. */
  readonly trail: readonly Fn[];
}

export class ReadFinder {
  private readonly found = new Map<string, FoundRead>();
  /** The `get` calls that turned out to be the platform's. */
  readonly confirmed = new Set<string>();
  private readonly seen = new Set<string>();
  private readonly queue: Open[] = [];
  private readonly handed = new Set<string>();
  private prospects: Prospects;
  /** True when a limit was met: there may be reads that were not found. */
  gaveUp = false;

  constructor(
    private readonly values: Evaluator,
    /** Calls of functions that were handed over are added to it. */
    private readonly graph: CallGraph,
    /** Handlers and what is inside them. */
    private readonly insideHandler: (fn: Fn) => boolean,
  ) {
    this.prospects = this.prospectsNow();
  }

  find(reads: readonly ReadTemplate[]): readonly FoundRead[] {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const known = this.handed.size;
      this.found.clear();
      this.seen.clear();
      this.prospects = this.prospectsNow();
      // What is known to be a read is looked at first: the limit on templates is never its loss.
      const isGet = (t: ReadTemplate): boolean => has(t.receiver, 'getter');
      for (const template of [...reads.filter((t) => !isGet(t)), ...reads.filter(isGet)])
        this.push({ template, place: template.site.fn, given: false, trail: [template.owner] });
      for (let next = this.queue.pop(); next; next = this.queue.pop()) this.settle(next);
      for (const template of this.gaveUp ? [] : reads.filter(isGet)) this.addNameless(template);
      if (this.handed.size === known) break;
    }
    return [...this.found.values()];
  }

  /** With the calls that are known by now. */
  private prospectsNow(): Prospects {
    return new Prospects(this.values, this.graph, ({ kind }) => WANTED.has(kind));
  }

  /** A function that was handed to a helper is called there: as if the one who gave the arguments called it. */
  private handOver({ template, place }: Open): void {
    for (const atom of template.args ? template.receiver : []) {
      if (this.handed.size > MAX_HANDED) continue;
      if (atom.kind === 'class') this.make(atom.cls, template, place);
      if (atom.kind !== 'fn' && atom.kind !== 'method') continue;
      const { owner: caller, start, end, args } = template;
      const key = [atom.fn.id, caller.id, place.file.path, start, ...(args ?? []).map(shallow)].join(' ');
      if (this.handed.has(key)) continue;
      this.handed.add(key);
      const self = atom.kind === 'method' ? atom.self : NOTHING;
      // A list that was spread may not reach so far.
      const given = args?.map((arg) => (arg.length > 0 ? arg : undefined)) ?? [];
      this.graph.add({ caller, callee: atom.fn, args: given, self, place, start, end });
    }
  }

  /** The same of a class: its constructor is called. */
  private make(cls: Class, { owner: caller, start, end, args = [] }: ReadTemplate, place: Fn): void {
    const [object] = this.values.applied({ kind: 'class', cls }, args, 'answer');
    const key = [`class ${cls.id}`, caller.id, place.file.path, start].join(' ');
    if (object?.kind !== 'object' || !object.maker || this.handed.has(key)) return;
    this.handed.add(key);
    this.graph.add({
      caller,
      callee: object.maker,
      args: object.args ?? [],
      self: [object],
      place,
      start,
      end,
    });
  }

  private push(open: Open): void {
    const { template } = open;
    if (!this.prospects.mayBeWanted(template.receiver)) return;
    const key = [
      template.owner.id,
      template.site.fn.file.path,
      template.site.start,
      template.start,
      keyOfVal(template.receiver),
      keyOfVal(template.name),
    ].join(' ');
    if (this.seen.has(key)) return;
    if (this.seen.size > (has(template.receiver, 'getter') ? MAX_TEMPLATES : MAX_OPEN)) {
      this.gaveUp = true;
      return;
    }
    this.seen.add(key);
    this.queue.push(open);
  }

  private settle(open: Open): void {
    const { template } = open;
    const isRead = has(template.receiver, 'getter');
    const waiting = paramsOf(template.receiver);
    this.handOver(open);
    if (!isRead && waiting.length === 0) return;
    const names = paramsOf(template.name);
    if (isRead) this.settleName(open, names.length > 0);
    const fns = new Set((isRead ? outermost(names, this.graph) : [...waiting, ...names]).map((p) => p.fn));
    if (fns.size > 0 && open.trail.length >= MAX_TRAIL) {
      this.gaveUp ||= isRead;
      return;
    }
    for (const fn of fns) {
      for (const site of this.graph.to(fn)) this.push(this.enter(open, fn, site));
    }
  }

  /** The names that are known by now; what no call gives is dynamic. */
  private settleName(open: Open, waiting: boolean): void {
    const { template } = open;
    // The empty text is where a name that is put together begins.
    const strs = template.name.flatMap((atom) =>
      atom.kind === 'str' && atom.value !== '' ? atom.value : [],
    );
    for (const name of strs) this.add(open, name);
    const unknown =
      strs.length === 0
        ? !waiting && (open.trail.length === 1 || template.name.length > 0)
        : template.name.some((a) => a.kind === 'dynamic' || a.kind === 'secret');
    const uncalled =
      waiting && strs.length === 0 && !paramsOf(template.name).some((p) => this.graph.to(p.fn).length > 0);
    const tables = uncalled ? template.name.filter((atom) => atom.kind === 'pick') : [];
    const all = tables.flatMap((atom) => (atom.kind === 'pick' ? this.values.pick(atom.of, DYNAMIC) : []));
    for (const atom of all) if (atom.kind === 'str') this.add(open, atom.value);
    if (unknown || (uncalled && all.length === 0)) this.add(open, null);
  }

  /** Where no name came along on any way, it is one that was not understood, unless no such object comes along. */
  private addNameless(template: ReadTemplate): void {
    const narrowed = paramsOf(template.name).some(({ path }) => path.some((step) => step.startsWith(AS)));
    if (narrowed || this.confirmed.has(siteKey(template.site.fn, template.site))) return;
    this.add({ template, place: template.site.fn, given: false, trail: [] }, null);
  }

  /** The same read as one caller sees it. */
  private enter(open: Open, fn: Fn, site: CallSite): Open {
    const { template } = open;
    const given = this.values.given(fn, site);
    // What is known already is where it is known.
    const symbolic = has(template.receiver, 'getter') ? template.name.filter(isSymbolic) : template.name;
    const substituted = substitute(symbolic, given, this.values);
    // A name that grows with each turn of a recursion has no end.
    const name = open.trail.includes(site.caller)
      ? union(substituted.map((atom) => (atom.kind === 'concat' ? DYNAMIC : [atom])))
      : substituted;
    const receiver = substitute(template.receiver, given, this.values);
    // The name is where it was given: at this call, not at the `get` in the helper.
    const named =
      !site.handedOver &&
      // A key is not a name: the table's entry is where it is looked up.
      paramsOf(template.name, undefined, false).some(
        (p) => p.fn === fn && p.index >= 0 && passes(site, p.index),
      );
    const place = named ? site : template;
    return {
      template: {
        ...template,
        owner: site.caller,
        receiver,
        name,
        ...(template.args ? { args: template.args.map((arg) => substitute(arg, given, this.values)) } : {}),
        kind: site.handedOver ? template.kind : 'helper',
        start: place.start,
        end: place.end,
      },
      place: named ? (site.place ?? site.caller) : open.place,
      given: open.given || named,
      trail: [...open.trail, site.caller],
    };
  }

  private add(open: Open, name: string | null): void {
    const { template } = open;
    const site = siteKey(template.site.fn, template.site);
    this.confirmed.add(site);
    const fn = name === null ? template.site.fn : open.place;
    const { start, end } = name === null ? template.site : template;
    const key = `${fn.file.path} ${start} ${name ?? ''}`;
    const known = this.found.get(key);
    if (known) {
      known.owners.add(template.owner);
      known.sites.add(site);
      return;
    }
    const helper = open.given || !this.insideHandler(template.site.fn);
    const kind = name === null ? 'dynamic' : helper ? 'helper' : template.kind;
    const [owners, sites] = [new Set([template.owner]), new Set([site])];
    this.found.set(key, { fn, start, end, name, kind, owners, sites });
  }
}

/** Equal for arguments that look the same: what is made anew by each substitution counts by its kind. */
const shallow = (val: Val): string =>
  val
    .map((atom) => (/^(?:object|list|concat|thunk|method|orElse)$/.test(atom.kind) ? atom.kind : keyOf(atom)))
    .join('|');

/**
 * The parameters of one function, of those that a name hangs on: the one around the others. Each is followed in its turn,
 * so that a name that two calls give together, `reader(ax, "A_")("KEY")`, is told once, at the inner one.
 */
function outermost(params: readonly Param[], graph: CallGraph): readonly Param[] {
  const depth = (fn: Fn | undefined): number => (fn ? 1 + depth(fn.outer) : 0);
  const [first] = params
    .filter(({ fn }) => graph.to(fn).length > 0)
    .toSorted((a, b) => depth(a.fn) - depth(b.fn));
  return params.filter(({ fn }) => fn === first?.fn);
}

const passes = (site: CallSite, index: number): boolean => site.args[index] !== undefined;
