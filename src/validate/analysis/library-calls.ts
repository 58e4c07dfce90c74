/** What calls of well-known library functions give: conversions, lists, formatting, iteration with a lambda. */

import { nameOf } from './call-shapes';
import { addressIn } from './addresses';
import { concat, either, errorOf, traced } from './calls';
import { callBare } from './substitution';
import { appended, chained, dictionary, joinedBy, listing, listOf, zipped } from './collections';
import type { CallSource, Engine } from './engine';
import { accessors } from './escapes';
import { indexed, OR_ELSE, stepInto } from './members';
import type { LibraryPaths } from './library-paths';
import { pathOf } from '../ir/paths';
import { parsed as parsedFrom } from './parsing';
import { printed } from './printing';
import type { LibraryFacts } from '../ir/language';
import { ENTERED, WHOLE, type Arg, type CallExpr, type Expr, type Fn, type MemberExpr } from '../ir/program';
import { isSymbolic } from './symbols';
import { isShown, streamOf } from './streams';
import { constantOf, fill } from './text-functions';
import {
  CONVERTED,
  DYNAMIC,
  LOGGER,
  NOTHING,
  has,
  keysOf,
  secretsIn,
  secretsWithin,
  str,
  union,
  type Atom,
  type Val,
} from '../ir/values';

/** Functions that write down an object's fields, whatever it prints. */
const SERIALIZES =
  /(?:dumps|Marshal(?:Indent)?|Serialize(?:Object)?|toJson|writeValueAsString|stringify|to_string(?:_pretty)?)$/;
/** What it is given are pairs: what is to be replaced, and by what. */
const REPLACER = /(?:^|\.)NewReplacer$/;
/** Calls on what calls answer, further than this, are not looked at for a logger. */
const MAX_LINKS = 16;
/** Methods that say what the error is, where there is one. */
const GIVES_ERROR = /^(?:context|with_context|wrap_err|wrap_err_with|ok_or|ok_or_else)$/;
/** What of a request tells its address, its query too. */
const ADDRESS_OF_REQUEST = ['full_url', 'selector'];
/** Methods that enter a context manager, and leave it later. */
const ENTERS = /(?:^|\.)enter(?:_async)?_context$/;
/** Methods that answer with an element. */
const FINDS = /^(?:find|findLast|First|FirstOrDefault|Single|Last|find_last)$/;
/** Methods whose function only chooses, or looks at, what they answer with. */
const KEEPS = /^(?:filter|Where|inspect|peek|tap)$/;
/** Methods whose function is given what came out so far before each element. */
const FOLDS = /^(?:reduce|fold|Aggregate)$/;

export class LibraryCalls {
  private readonly library: LibraryFacts;

  constructor(
    private readonly values: Engine,
    private readonly calls: CallSource,
    private readonly paths: LibraryPaths,
  ) {
    this.library = values.facts.library;
  }

  call(call: CallExpr, fn: Fn, args: readonly Val[]): Val {
    const path = this.paths.of(call.callee, fn);
    const [first, second] = args;
    if (/(?:^|\.)[sS]ecretStatusOf$/.test(path)) return this.calls.askByName(args);
    if (path === 'getattr') return this.attribute(args);
    if (/(?:^|\.)partial$/.test(path) && first && second && has(first, 'getter'))
      return [{ kind: 'thunk', value: this.callEach(first, second, call, fn) }];
    if (/(?:^|\.)partial$/.test(path) && first)
      return first.flatMap((of): Val => [
        { kind: 'bound', of, args: call.args.slice(1), vals: args.slice(1) },
      ]);
    // An object that a library made of a value is not the value.
    if (path === 'str')
      return (first ?? NOTHING).map((a) => (a.kind === 'object' && a.made ? { kind: 'dynamic' } : a));
    const parsed = this.library.parses.test(path) ? parsedFrom(call, fn, args, this.values) : undefined;
    if (parsed) return parsed;
    if (this.library.requests.test(path)) return this.request(call, args);
    if (this.library.seals.test(path)) return [{ kind: 'sealed', value: first ?? NOTHING }];
    if (this.library.buffers.test(path)) return [{ kind: 'list', items: [...args] }];
    if (this.isLogger(call, fn)) return LOGGER;
    if (this.values.facts.embeds && this.values.scope.typeAliases.has(path)) return first ?? NOTHING;
    if (ENTERS.test(path)) return stepInto(first ?? NOTHING, ENTERED, this.values);
    if (this.library.identity.test(path))
      return (first ?? NOTHING).flatMap((atom) =>
        atom.kind === 'object' || this.isOfNamedType(atom)
          ? stepInto([atom], `.${CONVERTED}`, this.values)
          : [atom],
      );
    if (/^(?:typing\.)?cast$/.test(path)) return second ?? NOTHING;
    if (/(?:^|::)AxiomContext::secrets$/.test(path))
      return stepInto(first ?? NOTHING, '.secrets', this.values);
    if (/(?:^|::)AxiomSecrets::get$/.test(path))
      return this.callEach(stepInto(first ?? NOTHING, '.get', this.values), second ?? NOTHING, call, fn);
    if (path === 'Err') return this.failed(first ?? NOTHING);
    if (this.library.measures.test(path) || /(?:^|\.)(?:len|Len|bool|hasattr|isinstance)$/.test(path))
      return NOTHING;
    if (path === 'nameof') return str(/(\w+)$/.exec(pathOf(call.args[0]?.value))?.[1] ?? '');
    if (path === 'require' || path === 'import') return this.module(call, fn);
    if (this.library.sameMap.test(path)) return first ?? NOTHING;
    if (this.values.facts.answersWithError && this.library.tellsAddress.test(path))
      return this.withError(call, path, args);
    if (path === 'append') return appended(args);
    // One tuple or list in it is one element.
    if (/^(?:vec|List\.of|Set\.of|Array\.of)$/.test(path)) return listOf(args);
    if (this.library.listing.test(path)) return listing(args, this.values);
    if (/^(?:enumerate|slices\.All)$/.test(path))
      return [indexed(stepInto(first ?? NOTHING, 'iter', this.values))];
    if (/^zip(?:_longest)?$/.test(path)) return zipped(args, this.values);
    if (/^(?:dataclasses\.)?(?:asdict|astuple)$|^vars$/.test(path)) return this.tables(first ?? NOTHING);
    if (call.construct && path === 'Promise')
      return union(
        (first ?? NOTHING).map((a) => (a.kind === 'fn' ? this.values.handedOut(a.fn, 'keys') : NOTHING)),
      );
    if (/^a?next$/.test(path))
      return union([stepInto(first ?? NOTHING, 'iter', this.values), second ?? NOTHING]);
    if (/(?:^|\.)(?:environ\.get|getenv)$/.test(path)) return union([DYNAMIC, second ?? NOTHING]);
    const made = dictionary(path, call, args, this.values);
    if (made) return made;
    const joined = this.joining(call, path, fn, args);
    if (joined) return joined;
    // `Base64.getEncoder().encodeToString(key)`: what a call answers has no path.
    const formats = path === '' ? nameOf(call.callee) : path;
    if (this.library.formatting.test(formats) || this.library.textOf.test(formats))
      return this.formatting(call, fn, formats, args);
    if (call.callee.kind === 'member' && OR_ELSE.test(call.callee.name))
      return this.orElse(call, call.callee, fn, args);
    const handed = this.run(call, path, fn, args) ?? this.handOver(call, fn, args);
    if (handed) return handed;
    this.escape(call, fn, args, path);
    return this.partOf(call, fn) ?? this.message(call, path, args);
  }

  /** Go: what a method of a named text is called on. */
  private isOfNamedType(atom: Atom): boolean {
    return (
      atom.kind === 'param' &&
      atom.index === -1 &&
      atom.path.length === 0 &&
      this.values.facts.embeds &&
      this.values.scope.typeAliases.has(atom.fn.cls?.name ?? '')
    );
  }

  prints(call: CallExpr, fn: Fn): boolean {
    const path = this.paths.of(call.callee, fn);
    if (!this.library.prints.test(path)) return this.goesOn(call, fn);
    const into = streamOf(call, path, this.library);
    return into === undefined || isShown(into, fn, this.paths);
  }

  /** Whether a function that is handed over makes a text of what it is given: `strings.ToUpper`, `str::trim`. */
  makesText(expr: Expr, fn: Fn): boolean {
    if (expr.kind !== 'member' && expr.kind !== 'name') return false;
    const path = this.paths.of(expr, fn);
    const { identity, formatting, textOf, text, same } = this.library;
    if ([identity, formatting, textOf].some((table) => table.test(path))) return true;
    const unbound = expr.kind === 'member' && (expr.scoped || this.values.facts.unboundMethods);
    return unbound && /^(?:[A-Z]|str\b)/.test(path) && (text.test(expr.name) || same.test(expr.name));
  }

  /** Rust's `.with_context(|| …)` and `.ok_or(…)`: the error that there may be now. */
  context(call: CallExpr, fn: Fn, args: readonly Val[]): Val {
    if (call.callee.kind !== 'member' || !GIVES_ERROR.test(call.callee.name)) return NOTHING;
    const [given = NOTHING] = args;
    return this.failed(
      union([given.filter((atom) => atom.kind !== 'fn'), this.callEach(given, DYNAMIC, call, fn)]),
    );
  }

  /** What is answered as an error: its text is what it prints. */
  private failed(val: Val): Val {
    return errorOf(printed(val, this.values), val.filter(isMade));
  }

  /** `log.atInfo().addKeyValue("k", v).log("x")`: what is called on a logger's answer. */
  private goesOn({ callee }: CallExpr, fn: Fn): boolean {
    let on = callee;
    for (let links = 0; on.kind === 'member' && on.object.kind === 'call' && links < MAX_LINKS; links++) {
      const inner = on.object;
      if (this.isLogger(inner, fn) || this.library.prints.test(this.paths.of(inner.callee, fn))) return true;
      on = inner.callee;
    }
    return false;
  }

  private isLogger({ callee }: CallExpr, fn: Fn): boolean {
    const path = this.paths.of(callee, fn);
    return this.library.loggers.test(path === '' ? nameOf(callee) : path);
  }

  /** `getattr(ax, "secrets", None)`. */
  private attribute(args: readonly Val[]): Val {
    const names = (args[1] ?? NOTHING).flatMap((atom) => (atom.kind === 'str' ? atom.value : []));
    if (names.length === 0) return DYNAMIC;
    return union([
      ...names.map((name) => stepInto(args[0] ?? NOTHING, `.${name}`, this.values)),
      args[2] ?? NOTHING,
    ]);
  }

  /** Go: what an address gives, beside the error that tells the address. */
  private withError(call: CallExpr, path: string, args: readonly Val[]): Val {
    const address = addressIn(call, args);
    const parsed = path.startsWith('url.') ? traced([address]) : DYNAMIC;
    return [{ kind: 'list', items: [parsed, errorOf(address)], exact: true }];
  }

  /** What an address is asked for with: it prints nothing, and gives the address where it is asked for that. */
  private request(call: CallExpr, args: readonly Val[]): Val {
    const address = addressIn(call, args);
    const given = call.args.map((arg, i) => [arg.name ?? String(i), args[i] ?? NOTHING] as const);
    const told = ADDRESS_OF_REQUEST.map((name) => [name, address] as const);
    const asked: Val = [{ kind: 'thunk', value: address }];
    const fields = new Map([...given, ...told, ['get_full_url', asked] as const]);
    const made: Val = [
      { kind: 'object', cls: undefined, fields, args: undefined, rest: NOTHING, made: true },
    ];
    return [{ kind: 'sealed', value: made }];
  }

  private module(call: CallExpr, fn: Fn): Val {
    const source = call.args[0]?.value;
    if (source?.kind !== 'str') return DYNAMIC;
    const files = this.values.modules.filesOf(fn.file, [source.value]);
    if (files.length === 0) return DYNAMIC;
    const module = { kind: 'module' as const, files };
    const whole = this.values.exported(module, WHOLE);
    return has(whole, 'dynamic') ? [module] : whole;
  }

  /** `String.join("_", a, b)`, `strings.Join(list, "_")`, `[a, b].join('_')`: known when the list is. */
  private joining(call: CallExpr, path: string, fn: Fn, args: readonly Val[]): Val | undefined {
    const { callee } = call;
    if (/^[sS]tring\.[jJ]oin$/.test(path))
      return joinedBy(args[0], args.length === 2 ? args[1] : listOf(args.slice(1)), this.values);
    if (path === 'strings.Join') return joinedBy(args[1], args[0], this.values);
    if (callee.kind !== 'member' || !/^(?:join|concat|chain|Concat)$/.test(callee.name)) return undefined;
    const on = this.values.eval(callee.object, fn);
    if (has(on, 'list') && callee.name !== 'join' && args.length > 0) return chained(on, args);
    if (has(on, 'str')) return joinedBy(on, args[0], this.values);
    return has(on, 'list')
      ? joinedBy(args[0] ?? (callee.name === 'join' ? str(',') : str('')), on, this.values)
      : undefined;
  }

  /** `name.orElse("A")`, `name.unwrap_or_else(|| "A".into())`. */
  private orElse(call: CallExpr, callee: MemberExpr, fn: Fn, args: readonly Val[]): Val {
    const on = this.values.eval(callee.object, fn);
    const [other = NOTHING] = args;
    const failed = on.filter((atom) => atom.kind === 'error');
    const answered = this.callEach(other, union([failed, DYNAMIC]), call, fn);
    if (callee.name === 'orElseThrow') return secretsIn(on).length > 0 ? secretsIn(on) : on;
    if (secretsIn(on).length > 0) return union([secretsIn(on), secretsIn(union([answered, other]))]);
    const plain = other.filter((atom) => atom.kind !== 'fn' && atom.kind !== 'method');
    return either([on, union([answered, plain])], true);
  }

  private formatting({ callee }: CallExpr, fn: Fn, path: string, args: readonly Val[]): Val {
    const on = callee.kind === 'member' ? [this.values.eval(callee.object, fn)] : [];
    // `strings.ReplaceAll(text, secret, "***")` takes the secret out.
    const told = SERIALIZES.test(path)
      ? args.map((arg) => this.tables(arg))
      : args.map((arg) => printed(arg, this.values));
    const kept = this.library.textOf.test(path)
      ? told.slice(0, path.startsWith('re.') ? 2 : 1)
      : told.filter((_, i) => !REPLACER.test(path) || i % 2 === 1);
    const secrets = union(kept.map((arg) => secretsWithin(arg)));
    if (secrets.length > 0) return secrets;
    const templates = textsOf(args[0] ?? NOTHING);
    const [template] = templates;
    if (template !== undefined && /(?:Sprintf|[fF]ormat|format_args)$/.test(path))
      return union(templates.map((text) => this.format(text, told.slice(1))));
    // `format!("{prefix}{name}")`: the text has its insertions already.
    if (
      args.length === 1 &&
      callee.kind === 'name' &&
      /^format(?:_args)?$/.test(path) &&
      has(args[0] ?? NOTHING, 'concat')
    )
      return args[0] ?? NOTHING;
    if (this.library.textOf.test(path) && args.length <= 2) {
      const changed = constantOf(template ?? '', path.replace('strings.', ''));
      if (template === undefined) return traced(kept);
      return changed === undefined ? DYNAMIC : str(changed);
    }
    return /(?:Concat|concat)$/.test(path) ? concat(args) : traced([...on, ...kept]);
  }

  private tables(val: Val): Val {
    return val.flatMap((atom) => (atom.kind === 'object' ? this.values.objects.asTable(atom) : [atom]));
  }

  /** A template with its arguments put in. */
  format(template: string, args: readonly Val[]): Val {
    const named = template.split(/%\((\w+)\)[sdr]/);
    if (named.length > 1)
      return concat(
        named.map((part, i) =>
          i % 2 === 0 ? str(part) : stepInto(args[0] ?? NOTHING, `[${part}]`, this.values),
        ),
      );
    const parts = fill(template, args.length);
    if (!parts) return traced(args);
    return concat(parts.map((part) => (typeof part === 'string' ? str(part) : (args[part] ?? DYNAMIC))));
  }

  /** Java's `stream.collect(Collectors.toMap(n -> n, n -> …))`. */
  collect(call: CallExpr, callee: MemberExpr, fn: Fn): Val | undefined {
    const each = this.elementsFor('collect', this.values.eval(callee.object, fn));
    const [collector] = call.args;
    if (collector?.value.kind !== 'call') return undefined;
    return /^to(?:Unmodifiable|Concurrent)?Map$/.test(nameOf(collector.value.callee))
      ? this.table(collector.value.args, each, call, fn)
      : this.callAll(collector.value.args, each, call, fn);
  }

  private callAll(args: readonly Arg[], each: readonly Val[], call: CallExpr, fn: Fn): undefined {
    for (const arg of args)
      for (const atom of this.values.eval(arg.value, fn)) this.values.handed.callBack(atom, each, call, fn);
  }

  /** A dictionary of what two functions make of each element: its key, and its value. */
  private table(args: readonly Arg[], each: readonly Val[], call: CallExpr, fn: Fn): Val {
    const [keys = NOTHING, held] = args.map((arg) =>
      union(this.values.eval(arg.value, fn).map((atom) => this.values.handed.callBack(atom, each, call, fn))),
    );
    const value = held ?? union(each);
    const names = keysOf(keys);
    return [
      {
        kind: 'object',
        cls: undefined,
        fields: new Map(names.map((name) => [name, value])),
        args: undefined,
        rest: names.length > 0 ? NOTHING : value,
      },
    ];
  }

  /** `cell.get_or_init(|| …)`, `new Lazy<string>(() => …)`, `cache.computeIfAbsent(name, n -> …)`. */
  private run(call: CallExpr, path: string, fn: Fn, args: readonly Val[]): Val | undefined {
    const fills = call.callee.kind === 'member' && this.library.fills.test(call.callee.name);
    if (!fills && !this.library.runs.test(path)) return undefined;
    const given = fills ? args.slice(0, 1) : args.filter((arg) => !isFunction(arg));
    const answered = args
      .filter(isFunction)
      .map((arg) => union(arg.map((atom) => this.values.handed.callBack(atom, given, call, fn))));
    if (answered.length === 0) return undefined;
    return union(answered);
  }

  /** `names.map(n => …)`, `secret.ifPresent(v -> …)`, `map(ax.secrets.get, names)`. */
  private handOver(call: CallExpr, fn: Fn, args: readonly Val[]): Val | undefined {
    const { callee } = call;
    if (callee.kind === 'name' && /^(?:map|filter)$/.test(callee.name)) {
      const elements = stepInto(args[1] ?? NOTHING, 'each', this.values);
      return this.callEach(args[0] ?? NOTHING, elements, call, fn);
    }
    if (callee.kind !== 'member' || !this.library.each.test(callee.name)) return undefined;
    const on = this.source(this.values.eval(callee.object, fn), args);
    const thrown = this.library.catches.test(callee.name)
      ? union([this.values.effects.thrownIn(fn, callee.object), on.filter((atom) => atom.kind === 'error')])
      : NOTHING;
    const onlyThrown =
      this.library.catches.test(callee.name) && !/^(?:handle|whenComplete)$/.test(callee.name);
    const given =
      onlyThrown || thrown.length > 0 ? [union([thrown, DYNAMIC])] : this.elementsFor(callee.name, on);
    for (const arg of call.args)
      if (this.library.prints.test(this.paths.of(arg.value, fn).replaceAll('::', '.')))
        this.values.told.logged({ fn, args: given, into: 'log', start: call.start, end: call.end });
    const table = /^(?:ToDictionary|associateBy)$/.test(callee.name)
      ? this.table(call.args, given, call, fn)
      : undefined;
    if (table) return table;
    if (FOLDS.test(callee.name)) return this.fold(args, given[1] ?? DYNAMIC, call, fn);
    const answered = union([
      ...args.map((arg) => union(arg.map((atom) => this.values.handed.callBack(atom, given, call, fn)))),
      ...call.args.map((arg) => this.unbound(arg.value, given, fn)),
    ]);
    if (has(on, 'ctx') || has(on, 'secrets')) return answered;
    const hasElements = has(on, 'list') || has(on, 'param');
    if (KEEPS.test(callee.name) && (hasElements || secretsIn(on).length > 0)) return on;
    if (hasElements && callee.name === 'find_map') return answered;
    // What is looked for is one of the elements.
    if (hasElements && FINDS.test(callee.name)) return given[0] ?? NOTHING;
    if (onlyThrown || thrown.length > 0) {
      const kept = on.filter((atom) => atom.kind !== 'error');
      return union([kept, /^map_err$/.test(callee.name) ? this.failed(answered) : answered]);
    }
    const secrets = secretsIn(answered);
    const objects = answered.filter((atom) => atom.kind === 'object');
    if (on.some((atom) => atom.kind === 'secret')) return union([secrets, objects]);
    if (on.some((atom) => atom.kind === 'result')) return union([asResults(secrets), objects]);
    if (on.some(isMade)) return answered;
    if (has(on, 'param') && answered.length > 0) return [{ kind: 'list', items: [answered] }, ...objects];
    if (has(on, 'list')) return [{ kind: 'list', items: [answered] }];
    // Of what a library holds, a list or one: what the function makes of it.
    const isKnown = secretsWithin(answered).length > 0 || answered.some(isSymbolic);
    return isKnown ? [{ kind: 'list', items: [answered] }, ...answered, ...DYNAMIC] : DYNAMIC;
  }

  /** `names.reduce((all, name) => …, {})`: what it begins with goes round, and comes out with all that was added. */
  private fold(args: readonly Val[], each: Val, call: CallExpr, fn: Fn): Val {
    const steps = union(args.filter(isFunction));
    const begun = union(args.filter((arg) => !isFunction(arg)));
    const turn = (before: Val): Val =>
      union([before, ...steps.map((atom) => this.values.handed.callBack(atom, [before, each], call, fn))]);
    const once = turn(begun.length > 0 ? begun : each);
    return turn(once);
  }

  /** What the elements come from: `names.map(f)`, or a list beside the function, as in `pool.map(f, names)`. */
  private source(on: Val, args: readonly Val[]): Val {
    return on.length === 1 && on[0]?.kind === 'dynamic' ? (args.find((arg) => has(arg, 'list')) ?? on) : on;
  }

  /** Java's `Kind::name`, `AxiomContext::secrets`: each element is what the method is called on. */
  private unbound(arg: Expr, given: readonly Val[], fn: Fn): Val {
    if (!this.values.facts.unboundMethods || arg.kind !== 'member' || arg.object.kind !== 'name')
      return NOTHING;
    if (!/^[A-Z]/.test(arg.object.name) || !has(this.values.eval(arg, fn), 'dynamic')) return NOTHING;
    return callBare(stepInto(given[0] ?? NOTHING, `.${arg.name}`, this.values), this.values);
  }

  /** What a method such as `map` or `reduce` gives the function that it is handed. */
  private elementsFor(method: string, on: Val): readonly Val[] {
    const maps = on.filter((atom) => atom.kind === 'object' && atom.cls === undefined);
    if (maps.length > 0 && /^(?:forEach|ForEach)$/.test(method)) {
      const [keys, all] = [stepInto(maps, 'keys', this.values), stepInto(maps, 'each', this.values)];
      return this.values.facts.keyComesFirst ? [keys, all] : [all, keys];
    }
    const lists = on.filter((atom) => atom.kind === 'list' || atom.kind === 'param');
    const platform = on.filter((atom) => atom.kind === 'ctx' || atom.kind === 'secrets');
    // Java's Optional hands over the value; Rust's, made of the pair, hands over the pair.
    const secrets = this.values.facts.handsOverPairs
      ? on.filter((atom) => atom.kind === 'result' || atom.kind === 'secret')
      : secretsIn(on);
    const each = union([
      stepInto(lists, 'each', this.values),
      stepInto(maps, 'pairs', this.values),
      on.filter(isMade),
      secrets,
      platform,
    ]);
    const known = each.length > 0 ? each : DYNAMIC;
    return FOLDS.test(method) ? [DYNAMIC, known] : [known];
  }

  private callEach(callee: Val, elements: Val, call: CallExpr, fn: Fn): Val {
    return union(callee.map((atom) => this.values.handed.callBack(atom, [elements], call, fn)));
  }

  /** A bound `get` that goes where the package does not see: it may read any name. */
  private escape(call: CallExpr, fn: Fn, args: readonly Val[], path: string): void {
    for (const arg of args) {
      for (const atom of arg) {
        if (atom.kind === 'getter' && !this.library.keeps.test(path)) {
          this.values.handed.callBack(atom, [DYNAMIC], call, fn);
        }
      }
    }
    const { callee } = call;
    const on = callee.kind === 'member' ? this.values.eval(callee.object, fn) : NOTHING;
    // What is put into a list or dictionary of the package stays there.
    if (has(on, 'list') || has(on, 'object') || has(on, 'param') || this.library.keeps.test(path)) return;
    const given = accessors(union(args));
    if (given.length > 0) this.values.told.escaped({ fn, given, start: call.start, end: call.end });
  }

  /** `command.trim().split(' ')`: what callers gave, or part of it. */
  private partOf({ callee }: CallExpr, fn: Fn): Val | undefined {
    if (callee.kind !== 'member' || !this.library.text.test(callee.name)) return undefined;
    // A dictionary's entry is looked up by its key.
    const isPart = ({ kind }: Atom): boolean => kind !== 'object' || callee.name !== 'get';
    const inside = traced([this.values.eval(callee.object, fn).filter(isPart)]);
    return has(inside, 'derived') || has(inside, 'cut') ? inside : undefined;
  }

  /** `Reply(text=x)`, `new Reply(…)`: a message made elsewhere, holding what it was given. */
  private message(call: CallExpr, path: string, args: readonly Val[]): Val {
    const secrets = args.some((arg) => secretsWithin(arg).length > 0);
    const constructs =
      call.construct || (this.values.facts.classesAreCalled && /(?:^|\.)[A-Z]\w*$/.test(path));
    if (!secrets || !constructs) return DYNAMIC;
    const fields = new Map(call.args.map((arg, i) => [arg.name ?? String(i), args[i] ?? NOTHING] as const));
    return [{ kind: 'object', cls: undefined, fields, args: undefined, rest: NOTHING, made: true }];
  }
}

/** An object of one of the package's classes: what may be there is handed on as what is. */
const isMade = (atom: Atom): boolean => atom.kind === 'object' && atom.cls !== undefined;

const isFunction = (val: Val): boolean => has(val, 'fn') || has(val, 'method') || has(val, 'getter');

const textsOf = (val: Val): string[] => val.flatMap((atom) => (atom.kind === 'str' ? atom.value : []));

const asResults = (secrets: Val): Val =>
  secrets.flatMap((atom): Val => (atom.kind === 'secret' ? [{ ...atom, kind: 'result' }] : []));
