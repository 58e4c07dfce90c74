/** What calls of well-known library functions give: conversions, lists, formatting. */

import { nameOf } from './call-shapes';
import { addressIn } from './addresses';
import { concat, errorOf, traced } from './calls';
import { appended, chained, dictionary, joinedBy, listing, listOf, zipped } from './collections';
import type { CallSource, Engine } from './engine';
import { accessors } from './escapes';
import { HandedFunctions } from './handed-functions';
import { indexed, OR_ELSE, stepInto } from './members';
import type { LibraryPaths } from './library-paths';
import { pathOf } from '../ir/paths';
import { parsed as parsedFrom } from './parsing';
import { failed, printed } from './printing';
import type { LibraryFacts } from '../ir/language';
import { ENTERED, WHOLE, type CallExpr, type Expr, type Fn } from '../ir/program';
import { isShown, streamOf } from './streams';
import { constantOf, fill } from './text-functions';
import {
  CONVERTED,
  DYNAMIC,
  LOGGER,
  NOTHING,
  has,
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

export class LibraryCalls {
  private readonly library: LibraryFacts;
  readonly handed: HandedFunctions;

  constructor(
    private readonly values: Engine,
    private readonly calls: CallSource,
    private readonly paths: LibraryPaths,
  ) {
    this.library = values.facts.library;
    this.handed = new HandedFunctions(values, paths);
  }

  call(call: CallExpr, fn: Fn, args: readonly Val[]): Val {
    const path = this.paths.of(call.callee, fn);
    const [first, second] = args;
    if (/(?:^|\.)[sS]ecretStatusOf$/.test(path)) return this.calls.askByName(args);
    if (path === 'getattr') return this.attribute(args);
    if (/(?:^|\.)partial$/.test(path) && first && second && has(first, 'getter'))
      return [{ kind: 'thunk', value: this.handed.callEach(first, second, call, fn) }];
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
      return this.handed.callEach(
        stepInto(first ?? NOTHING, '.get', this.values),
        second ?? NOTHING,
        call,
        fn,
      );
    if (path === 'Err') return failed(first ?? NOTHING, this.values);
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
      return this.handed.orElse(call, call.callee, fn, args);
    const handed = this.handed.run(call, path, fn, args) ?? this.handed.handOver(call, fn, args);
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
    const told = union([
      given.filter((atom) => atom.kind !== 'fn'),
      this.handed.callEach(given, DYNAMIC, call, fn),
    ]);
    return failed(told, this.values);
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

const textsOf = (val: Val): string[] => val.flatMap((atom) => (atom.kind === 'str' ? atom.value : []));
