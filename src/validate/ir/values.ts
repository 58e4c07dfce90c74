/** What the analysis knows of a value: a few kinds of atom, several at once when code may give any of them. */

import type { Arg, Class, Fn, SourceFile } from './program';

export type Atom =
  /** The node's context, its secrets accessor, the bound `get`, `status`, and the log. */
  | { readonly kind: 'ctx' | 'secrets' | 'getter' | 'status' | 'logger' }
  /** What `get` answered, a pair or an Optional; the secret's value, or a text that holds it; a function that
   * answers with it, such as `.strip` or `.orElse`. `from` is the secret's name, or empty; `site` says which `get`. */
  | {
      readonly kind: 'result' | 'secret' | 'secretFn';
      readonly from: string;
      readonly site: string;
      /** The name, where callers know it. */
      readonly of?: Val;
    }
  /** A text; an enum's member is called `label`, and has the methods of `of`. */
  | { readonly kind: 'str'; readonly value: string; readonly label?: string; readonly of?: Class }
  /** A method of a known text, waiting to be called. */
  | { readonly kind: 'strFn'; readonly value: string; readonly name: string }
  /** Texts joined, some of them given by callers. */
  | { readonly kind: 'concat'; readonly parts: readonly Val[] }
  /** Made of a value that callers give, in a way that leaves its secrets readable and nothing else known. */
  | {
      readonly kind: 'derived';
      readonly of: Val;
      /** What was taken out of it: `text.replace(secret, '***')`. */
      readonly without?: Val;
    }
  /** The first characters of a value, as many as `end` says: none where callers make that 0. */
  | { readonly kind: 'cut'; readonly of: Val; readonly end: Val }
  /** The number 0, and any other: of a text, 0 characters are nothing. */
  | { readonly kind: 'zero' | 'number' }
  /** What is thrown, or answered as an error: its text is made of `of`; `thrown` are the package's own objects. */
  | { readonly kind: 'error'; readonly of: Val; readonly thrown?: Val }
  /** A value that a caller gives, or a text where that is empty. */
  | { readonly kind: 'orElse'; readonly of: Val; readonly other: Val }
  /** An entry of a dictionary, by a key that a caller gives. */
  | { readonly kind: 'pick'; readonly of: Atom & { kind: 'object' }; readonly key: Val }
  /** Not known before run time. */
  | { readonly kind: 'dynamic' }
  /** What a caller gives: parameter `index` of `fn` (-1 is the receiver), and the steps taken from it. */
  | { readonly kind: 'param'; readonly fn: Fn; readonly index: number; readonly path: readonly string[] }
  /** What a function that a caller gives answers, or throws, when it is called with `args`; and the steps taken from it. */
  | {
      readonly kind: 'answer' | 'thrown';
      readonly of: Atom & { kind: 'param' };
      readonly args: readonly Val[];
      readonly path: readonly string[];
    }
  | { readonly kind: 'fn'; readonly fn: Fn }
  | { readonly kind: 'method'; readonly fn: Fn; readonly self: Val }
  | { readonly kind: 'class'; readonly cls: Class }
  | { readonly kind: 'module'; readonly files: readonly SourceFile[] }
  | {
      readonly kind: 'object';
      readonly cls: Class | undefined;
      readonly fields: ReadonlyMap<string, Val>;
      /** The constructor that made it, and its arguments by parameter; undefined when it was not seen. */
      readonly maker?: Fn | undefined;
      readonly args: readonly (Val | undefined)[] | undefined;
      /** Values under keys that are not known, and these keys as far as callers know them. */
      readonly rest: Val;
      readonly restKeys?: Val;
      /** True when code outside of the package made it. */
      readonly made?: boolean;
      /** True for a dictionary that was parsed from a text. */
      readonly parsed?: boolean;
    }
  /** `exact` when the items are all there are, in their order. */
  | {
      readonly kind: 'list';
      readonly items: readonly Val[];
      readonly exact?: boolean;
      readonly channel?: boolean;
    }
  /** A function with its first arguments given: `partial(f, x)`, `f.bind(self, x)`. */
  | {
      readonly kind: 'bound';
      readonly of: Atom;
      readonly args: readonly Arg[];
      readonly vals: readonly Val[];
    }
  /** A function that answers this, whatever its arguments. */
  | { readonly kind: 'thunk'; readonly value: Val }
  /** Holds a value and prints nothing of it, until it is asked for it: pydantic's `SecretStr`. */
  | { readonly kind: 'sealed'; readonly value: Val }
  /** A function of a library that makes a text of what it is given: `strings.ToUpper`, `String::from`. */
  | { readonly kind: 'textFn' }
  /** A look-up in a dictionary, waiting for its key. */
  | { readonly kind: 'lookup'; readonly of: Atom & { kind: 'object' } };

export type Val = readonly Atom[];

export const NOTHING: Val = [];
export const DYNAMIC: Val = [{ kind: 'dynamic' }];
export const CTX: Val = [{ kind: 'ctx' }];
export const SECRETS: Val = [{ kind: 'secrets' }];
export const GETTER: Val = [{ kind: 'getter' }];
export const ZERO: Val = [{ kind: 'zero' }];
export const NUMBER: Val = [{ kind: 'number' }];
export const STATUS: Val = [{ kind: 'status' }];
export const LOGGER: Val = [{ kind: 'logger' }];

/** More alternatives than this are "anything". */
const MAX_ATOMS = 48;
/** So are more than this that callers decide: each of them multiplies at each call. */
const MAX_OPEN = 16;
const OPEN: ReadonlySet<Atom['kind']> = new Set(['param', 'answer', 'thrown', 'pick', 'concat', 'orElse']);

/** The field under which an enum's member keeps its own name. */
export const LABEL = '#name';

/** The field under which a value of a named type keeps what it was made of. */
export const CONVERTED = '#of';

export const str = (value: string): Val => [{ kind: 'str', value }];

export const has = (val: Val, kind: Atom['kind']): boolean => val.some((atom) => atom.kind === kind);

/** The keys that a value may be in a dictionary: texts, and the members of enums by their names. */
export const keysOf = (val: Val): readonly string[] =>
  val.flatMap((atom) => {
    if (atom.kind === 'str') return atom.value;
    const [label] = (atom.kind === 'object' && atom.fields.get(LABEL)) || NOTHING;
    return label?.kind === 'str' ? label.value : [];
  });

/** The secrets that a text or a pair holds, one atom each. */
export const secretsIn = (val: Val): Val =>
  val.flatMap((atom): Val => {
    if (atom.kind === 'secret' || atom.kind === 'result') return [{ ...atom, kind: 'secret' }];
    return atom.kind === 'error' || atom.kind === 'derived' ? secretsIn(atom.of) : [];
  });

/** The same, looking into lists and messages too. */
export function secretsWithin(val: Val, depth = 5): Val {
  if (depth === 0) return NOTHING;
  return union([
    secretsIn(val),
    ...val.map((atom) => {
      if (atom.kind === 'list') return union(atom.items.map((item) => secretsWithin(item, depth - 1)));
      if (atom.kind !== 'object') return NOTHING;
      return union([...atom.fields.values(), atom.rest].map((field) => secretsWithin(field, depth - 1)));
    }),
  ]);
}

/** All alternatives of several values, each once. */
export function union(vals: readonly Val[]): Val {
  // Most have one value, or the same one several times.
  let only = NOTHING;
  let isOne = true;
  for (const val of vals) {
    if (val.length === 0 || val === only) continue;
    isOne &&= only.length === 0;
    only = val;
  }
  if (isOne) return only;
  const atoms = new Map<string, Atom>();
  let open = 0;
  for (const val of vals) {
    for (const atom of val) {
      const key = keyOf(atom);
      if (atoms.has(key)) continue;
      if (OPEN.has(atom.kind) && ++open > MAX_OPEN) atoms.set('dynamic', DYNAMIC[0] as Atom);
      else atoms.set(key, atom);
      if (atoms.size >= MAX_ATOMS) return [...atoms.values(), ...DYNAMIC];
    }
  }
  return [...atoms.values()];
}

/** Small numbers for long descriptions, so that the description of a nested value stays short. */
let numbers = new Map<string, number>();
let keys = new Map<Atom, string>();

/** Forgets the descriptions of another package's values. */
export function forgetKeys(): void {
  numbers = new Map();
  keys = new Map();
}

function numberOf(text: string): number {
  let number = numbers.get(text);
  if (number === undefined) numbers.set(text, (number = numbers.size));
  return number;
}

/** Equal for atoms that mean the same, however deep they are. */
export function keyOf(atom: Atom): string {
  switch (atom.kind) {
    case 'str':
      return `s:${atom.value}${atom.label === undefined ? '' : `:${atom.label}:${atom.of?.id ?? ''}`}`;
    case 'fn':
      return `f:${atom.fn.id}`;
    case 'class':
      return `c:${atom.cls.id}`;
    case 'ctx':
    case 'secrets':
    case 'getter':
    case 'status':
    case 'logger':
    case 'dynamic':
    case 'zero':
    case 'number':
    case 'textFn':
      return atom.kind;
    default: {
      let key = keys.get(atom);
      if (key === undefined) keys.set(atom, (key = `${atom.kind}${numberOf(describe(atom))}`));
      return key;
    }
  }
}

/** An atom in terms of its parts' keys. */
function describe(atom: Atom): string {
  const val = (part: Val | undefined): string => (part ? `[${keyOfVal(part)}]` : '-');
  switch (atom.kind) {
    case 'param':
      return `${atom.fn.id}:${atom.index}:${atom.path.join('/')}`;
    case 'answer':
    case 'thrown':
      return `${keyOf(atom.of)}(${atom.args.map(val).join()})${atom.path.join('/')}`;
    case 'result':
    case 'secret':
    case 'secretFn':
      return `${atom.kind}:${atom.site}:${atom.from}:${val(atom.of)}`;
    case 'strFn':
      return `${atom.value}.${atom.name}`;
    case 'concat':
      return `+${atom.parts.map(val).join()}`;
    case 'derived':
      return `${atom.kind}${val(atom.of)}${val(atom.without)}`;
    case 'cut':
      return `${val(atom.of)}${val(atom.end)}`;
    case 'error':
      return `${atom.kind}${val(atom.of)}${val(atom.thrown)}`;
    case 'orElse':
      return `?${val(atom.of)}${val(atom.other)}`;
    case 'pick':
      return `@${keyOf(atom.of)}${val(atom.key)}`;
    case 'method':
      return `m${atom.fn.id}${val(atom.self)}`;
    case 'module':
      return atom.files.map((file) => file.path).join();
    case 'object':
      return [
        `o${atom.cls?.id ?? ''}:${atom.maker?.id ?? ''}:${atom.made ?? ''}:${atom.parsed ?? ''}`,
        ...[...atom.fields].map(([name, field]) => `${name}=${val(field)}`),
        `(${atom.args?.map(val).join() ?? ''})`,
        val(atom.rest),
        val(atom.restKeys),
      ].join(';');
    case 'list':
      return `${atom.exact ?? false}${atom.channel ?? ''}${atom.items.map(val).join()}`;
    case 'bound':
      return `${keyOf(atom.of)}(${atom.args.map((arg) => `${arg.value.start}${arg.name ?? ''}`).join()})${atom.vals.map(val).join()}`;
    case 'thunk':
    case 'sealed':
      return val(atom.value);
    case 'lookup':
      return keyOf(atom.of);
    default:
      return keyOf(atom);
  }
}

export const keyOfVal = (val: Val): string => val.map(keyOf).sort().join('|');
