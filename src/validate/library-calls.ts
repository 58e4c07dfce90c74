/** What calls of well-known library functions give: conversions, lists, formatting, iteration with a lambda. */

import type { CallEvaluation } from './call-evaluation';
import { concat } from './calls';
import type { Evaluator } from './evaluator';
import { stepInto } from './members';
import type { CallExpr, Expr, Fn } from './program';
import { ENTRY, fill, FORMATTING, GO_TEXT, IDENTITY, LISTING, OF_PAIRS, PAIRING } from './text-functions';
import { DYNAMIC, NOTHING, has, secretsIn, secretsWithin, str, union, type Val } from './values';

/** Printing and logging that every language has, beside the node's own log. */
const PRINTS =
  /^(?:print|println|eprintln|eprint|pprint|console\.(?:log|info|warn|error|debug|trace)|fmt\.(?:Print|Println|Printf)|log\.(?:Print|Println|Printf|Fatal|Fatalf|Panic|Panicf)|(?:logging|logger|_logger|_log|LOG|LOGGER|log|slog|tracing)\.(?:debug|info|warn|warning|error|exception|critical|trace|fatal|Debug|Info|Warn|Error)|System\.(?:out|err)\.(?:print|println|printf)|Console\.(?:Write|WriteLine)|Console\.Error\.(?:Write|WriteLine)|Debug\.WriteLine|Trace\.WriteLine|info|warn|error|debug|trace|sys\.std(?:out|err)\.write|process\.std(?:out|err)\.write)$/;
/** Functions that are macros in Rust: their names alone mean printing only there. */
const MACROS = /^(?:println|eprintln|eprint|info|warn|error|debug|trace)$/;
/** Methods that hand each element to a function. */
const EACH =
  /^(?:map|forEach|for_each|flatMap|flat_map|filter|find|some|every|any|all|each|Select|Where|ForEach|SelectMany|First|FirstOrDefault|Any|All|ifPresent|ifPresentOrElse|map_or|map_or_else|and_then|then|inspect|find_map|filter_map|anyMatch|allMatch|ToDictionary|collect|reduce|sort_by)$/;

export class LibraryCalls {
  constructor(
    private readonly values: Evaluator,
    private readonly calls: CallEvaluation,
  ) {}

  call(call: CallExpr, fn: Fn, args: readonly Val[]): Val {
    const path = pathOf(call.callee);
    const [first, second] = args;
    if (/(?:^|\.)[sS]ecretStatusOf$/.test(path)) return this.calls.askByName(args);
    if (path === 'getattr') return this.attribute(args);
    if (/(?:^|\.)partial$/.test(path) && first && second && has(first, 'getter'))
      return [{ kind: 'thunk', value: this.callEach(first, second, call, fn) }];
    if (IDENTITY.test(path)) return first ?? NOTHING;
    if (/^(?:typing\.)?cast$/.test(path)) return second ?? NOTHING;
    if (path === 'Err' || /(?:^|\.)(?:len|Len|bool|hasattr|isinstance)$/.test(path)) return NOTHING;
    if (path === 'nameof') return str(/(\w+)$/.exec(pathOf(call.args[0]?.value))?.[1] ?? '');
    if (path === 'require' || path === 'import') return this.module(call, fn);
    if (LISTING.test(path)) return this.listing(args);
    const made = this.dictionary(path, call, args);
    if (made) return made;
    if (FORMATTING.test(path) || GO_TEXT.test(path)) return this.formatting(path, args);
    const handed = this.handOver(call, fn, args);
    if (handed) return handed;
    this.escape(call, fn, args, path);
    return this.message(call, path, args);
  }

  prints(call: CallExpr): boolean {
    const path = pathOf(call.callee);
    if (!PRINTS.test(path)) return false;
    return this.values.scope.language === 'rust' ? true : !MACROS.test(path);
  }

  /** A dictionary of attributes is logged whole; an object of the program is not. */
  secretsLogged(arg: Val): Val {
    return secretsWithin(arg.filter((atom) => atom.kind !== 'object' || atom.cls === undefined));
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

  private module(call: CallExpr, fn: Fn): Val {
    const source = call.args[0]?.value;
    if (source?.kind !== 'str') return DYNAMIC;
    const files = this.values.modules.filesOf(fn.file, [source.value]);
    return files.length > 0 ? [{ kind: 'module', files }] : DYNAMIC;
  }

  private listing(args: readonly Val[]): Val {
    const [only] = args;
    if (args.length === 1 && only && (has(only, 'list') || has(only, 'object') || has(only, 'param'))) {
      return union(
        only.map((atom): Val => {
          if (atom.kind === 'object' && atom.cls === undefined)
            return [{ kind: 'list', items: [stepInto([atom], 'keys', this.values)] }];
          return [atom];
        }),
      );
    }
    return [{ kind: 'list', items: args }];
  }

  private dictionary(path: string, call: CallExpr, args: readonly Val[]): Val | undefined {
    const object = (fields: ReadonlyMap<string, Val>): Val => [
      { kind: 'object', cls: undefined, fields, args: undefined, rest: NOTHING },
    ];
    if (PAIRING.test(path)) {
      const pairs = args.flatMap((arg, i): [string, Val][] =>
        i % 2 === 0 ? textsOf(arg).map((key) => [key, args[i + 1] ?? NOTHING]) : [],
      );
      return object(new Map(pairs));
    }
    if (ENTRY.test(path)) return [{ kind: 'list', items: args }];
    if (/^Object\.(?:values|keys|entries)$/.test(path)) {
      const listed = stepInto(args[0] ?? NOTHING, path.replace('Object', ''), this.values);
      return listed.filter((atom) => atom.kind !== 'thunk');
    }
    if (!OF_PAIRS.test(path)) return undefined;
    const named = call.args.flatMap((arg, i): [string, Val][] =>
      arg.name ? [[arg.name, args[i] ?? NOTHING]] : [],
    );
    const lists = args.flatMap((arg) => arg.flatMap((atom) => (atom.kind === 'list' ? atom.items : [])));
    const pairs = [...lists, ...args].flatMap((item) =>
      item.flatMap((atom): [string, Val][] =>
        atom.kind === 'list' && atom.items.length === 2
          ? textsOf(atom.items[0] ?? NOTHING).map((key) => [key, atom.items[1] ?? NOTHING])
          : [],
      ),
    );
    return object(new Map([...named, ...pairs]));
  }

  private formatting(path: string, args: readonly Val[]): Val {
    // `strings.ReplaceAll(text, secret, "***")` takes the secret out.
    const kept = GO_TEXT.test(path) ? args.slice(0, 1) : args;
    const secrets = union(kept.map((arg) => secretsWithin(arg)));
    if (secrets.length > 0) return secrets;
    const template = textsOf(args[0] ?? NOTHING)[0];
    if (template !== undefined && /(?:Sprintf|[fF]ormat|format_args)$/.test(path))
      return this.format(template, args.slice(1));
    if (GO_TEXT.test(path) && args.length <= 2) return args[0] ?? NOTHING;
    return /(?:Concat|concat|strcat)$/.test(path) ? concat(args) : DYNAMIC;
  }

  /** A template with its arguments put in. */
  format(template: string, args: readonly Val[]): Val {
    const parts = fill(template, args.length);
    if (!parts) return DYNAMIC;
    return concat(parts.map((part) => (typeof part === 'string' ? str(part) : (args[part] ?? DYNAMIC))));
  }

  /** `names.map(n => …)`, `secret.ifPresent(v -> …)`, `map(ax.secrets.get, names)`. */
  private handOver(call: CallExpr, fn: Fn, args: readonly Val[]): Val | undefined {
    const { callee } = call;
    if (callee.kind === 'name' && /^(?:map|filter)$/.test(callee.name)) {
      const elements = stepInto(args[1] ?? NOTHING, 'each', this.values);
      return this.callEach(args[0] ?? NOTHING, elements, call, fn);
    }
    if (callee.kind !== 'member' || !EACH.test(callee.name)) return undefined;
    const on = this.values.eval(callee.object, fn);
    const elements = union([
      stepInto(
        on.filter((a) => a.kind === 'list' || a.kind === 'param'),
        'each',
        this.values,
      ),
      secretsIn(on),
    ]);
    const answered = union(
      args.map((arg) => this.callEach(arg, elements.length > 0 ? elements : DYNAMIC, call, fn)),
    );
    const secrets = secretsIn(answered);
    if (on.some((atom) => atom.kind === 'result')) return secrets.length > 0 ? asResults(secrets) : NOTHING;
    return on.some((atom) => atom.kind === 'list') ? [{ kind: 'list', items: [answered] }] : DYNAMIC;
  }

  private callEach(callee: Val, elements: Val, call: CallExpr, fn: Fn): Val {
    return union(callee.map((atom) => this.calls.callBack(atom, [elements], call, fn)));
  }

  /** A bound `get` that goes where the package does not see: it may read any name. */
  private escape(call: CallExpr, fn: Fn, args: readonly Val[], path: string): void {
    for (const arg of args) {
      for (const atom of arg) {
        if (atom.kind === 'getter' && !/^(?:callable|isinstance|print|type|repr|id)$/.test(path)) {
          this.calls.callBack(atom, [DYNAMIC], call, fn);
        }
      }
    }
  }

  /** `Reply(text=x)`, `new Reply(…)`: a message made elsewhere, holding what it was given. */
  private message(call: CallExpr, path: string, args: readonly Val[]): Val {
    const secrets = args.some((arg) => secretsWithin(arg).length > 0);
    const constructs =
      call.construct || (this.values.scope.language === 'python' && /(?:^|\.)[A-Z]\w*$/.test(path));
    if (!secrets || !constructs) return DYNAMIC;
    const fields = new Map(call.args.map((arg, i) => [arg.name ?? String(i), args[i] ?? NOTHING] as const));
    return [{ kind: 'object', cls: undefined, fields, args: undefined, rest: NOTHING }];
  }
}

const textsOf = (val: Val): string[] => val.flatMap((atom) => (atom.kind === 'str' ? atom.value : []));

const asResults = (secrets: Val): Val =>
  secrets.flatMap((atom): Val => (atom.kind === 'secret' ? [{ ...atom, kind: 'result' }] : []));

/** `a.b.c` for a chain of names; empty for anything else. */
export function pathOf(expr: Expr | undefined): string {
  if (!expr) return '';
  if (expr.kind === 'name') return expr.name;
  if (expr.kind !== 'member') return '';
  const object = pathOf(expr.object);
  return object === '' ? '' : `${object}${isRustPath(expr) ? '::' : '.'}${expr.name}`;
}

/** Rust paths are written with `::`; two characters stand between the parts. */
const isRustPath = (expr: Expr & { kind: 'member' }): boolean =>
  expr.end - expr.object.end - expr.name.length === 2;
