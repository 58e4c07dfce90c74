/** One step into a value: a member, an element, a loop's turn. */

import type { LanguageFacts } from '../ir/language';
import { AS, ENTERED, OF_OUTCOME, WITH_FIELDS, type Class, type Fn } from '../ir/program';
import { cutOf } from './cutting';
import { isPlain } from './plain-keys';
import {
  CONVERTED,
  DYNAMIC,
  GETTER,
  LABEL,
  LOGGER,
  NOTHING,
  SECRETS,
  STATUS,
  str,
  union,
  type Atom,
  type Val,
} from '../ir/values';

/** What members need of the rest of the analysis. */
export interface MemberSource {
  readonly facts: LanguageFacts;
  /** Counts one more step; true when the package has taken more than its size explains. */
  isTooLong(): boolean;
  /** A method by name, of the class or those it extends. */
  method(cls: Class, name: string): Val;
  /** The values of an enum's members. */
  members(cls: Class): Val;
  /** A static field, constant or nested class. */
  statics(cls: Class, name: string): Val;
  /** What a dictionary holds under a key. */
  pick(of: Atom & { kind: 'object' }, key: Val): Val;
  /** False when the value is an object of another class than the one named. */
  fits(atom: Atom, type: string): boolean;
  /** Whether a class, or one that it extends, has a member of this name. */
  declares(cls: Class, name: string): boolean;
  /** The places at which the package's tuples have a part of this name. */
  tuplePart(name: string): ReadonlySet<number> | undefined;
  /** What a value prints: an object of the package what its class says. */
  printed(val: Val): Val;
  /** What methods put into a field later on. */
  stored(cls: Class, name: string): Val;
  /** A field of an object, as far as its construction tells. */
  field(object: Atom & { kind: 'object' }, name: string): Val;
  /** A method that the package adds to the platform's own types. */
  extension(atom: Atom, name: string): Val;
  /** A top-level name of a module of the package. */
  exported(atom: Atom & { kind: 'module' }, name: string): Val;
  /** What a function or method answers when it is called without arguments. */
  bare(atom: Atom & { kind: 'fn' | 'method' }): Val;
  /** What a function hands to the function that it is given: its first, or its last, argument. */
  handedOut(fn: Fn, which: string): Val;
  /** What a function answers, or throws, when it is called with these arguments. */
  applied(atom: Atom, args: readonly Val[], what: 'answer' | 'thrown'): Val;
  /** A member of something that a caller gives, when its declared type tells. */
  typed(atom: Atom & { kind: 'param' }, name: string): Val;
}

/** Asks an optional text for its value, or for another one. */
export const OR_ELSE = /^(?:orElse(?:Get|Throw)?|or_else|unwrap_or(?:_else|_default)?|getOrElse)$/;
/** Methods of lists and queues that answer with one of what is in there. */
const ELEMENT =
  /^(?:get|Get|get_nowait|first|last|pop|popleft|pop_front|pop_back|poll|pollFirst|pollLast|take|peek|at|next|element|getFirst|getLast|findFirst|findAny|removeFirst|removeLast|shift|recv|try_recv|blocking_recv|Dequeue|Peek|Pop|Take|ReadAsync)$/;
/** Those that answer with the last of all. */
const LAST = /^(?:pop|last|Last|getLast|removeLast|pop_back|pollLast)$/;
/** Methods that add a listener. */
const LISTENS = /^(?:on|once|addListener|prependListener|addEventListener)$/;
/** The parts of a dictionary's entry. */
const PAIR = /^(?:get)?(?:Key|Value|key|value)$/;
/** What of an error does not tell its text. */
const SILENT =
  /^(?:code|status\w*|errno|name|kind|type|Type|HResult|returncode|signal|__class__|constructor|getClass|GetType|unwrap\w*|expect|ok|is_\w+)$/;
/** What a dictionary has beside its entries, where those are members, too. */
const OF_MAPS =
  /^(?:size|length|has|forEach|map|filter|set|delete|clear|append|toString|toJSON|constructor|hasOwnProperty)$/;
const PATH_LIMIT = 8;

export function stepInto(val: Val, name: string, source: MemberSource): Val {
  // What a property or a method gives is the property's where nothing calls it.
  const plain = val.some(isThunk) ? val.filter((atom) => !isThunk(atom)) : val;
  return union((plain.length > 0 ? plain : val).map((atom) => stepAtom(atom, name, source)));
}

const isThunk = ({ kind }: Atom): boolean => kind === 'thunk';

function stepAtom(atom: Atom, name: string, source: MemberSource): Val {
  if (atom.kind === 'pick') return stepInto(source.pick(atom.of, DYNAMIC), name, source);
  if (atom.kind === 'answer' || atom.kind === 'thrown') return extend(atom, name);
  if (atom.kind === 'orElse')
    return union([stepInto(atom.of, name, source), stepInto(atom.other, name, source)]);
  if (name.startsWith(OF_OUTCOME)) return outcomeOf(atom, name, source);
  if (name.startsWith(AS) && atom.kind === 'error' && atom.thrown) return stepInto(atom.thrown, name, source);
  if (name.startsWith(AS) && atom.kind !== 'param')
    return source.fits(atom, name.slice(AS.length)) ? [atom] : NOTHING;
  if (name.startsWith(WITH_FIELDS) && atom.kind !== 'param')
    return atom.kind === 'object' && [...atom.fields.keys()].sort().join() === name.slice(WITH_FIELDS.length)
      ? [atom]
      : NOTHING;
  if (name === ENTERED) return entered(atom, source);
  if (name === `.${CONVERTED}`) return converted(atom);
  if (name.startsWith('.')) return memberOf(atom, name.slice(1), source);
  if (name === 'ok') return atom.kind === 'error' ? NOTHING : [atom];
  if (atom.kind === 'param' && /^(?:failed|error)$/.test(name)) return extend(atom, name);
  if (name === 'failed') return atom.kind === 'error' ? [atom] : NOTHING;
  if (name === 'error') return atom.kind === 'error' ? [atom] : atom.kind === 'dynamic' ? DYNAMIC : NOTHING;
  switch (atom.kind) {
    case 'param':
      return extend(atom, name);
    case 'list':
      if (name === 'slice') return [{ ...atom, exact: false }];
      return elementOf(atom, name);
    case 'result':
      if (/^(?:each|iter)$/.test(name)) return [atom];
      return /^(?:\[0\]|slice)$/.test(name) ? [{ ...atom, kind: 'secret' }] : NOTHING;
    case 'object':
      return entryOf(atom, name, source);
    case 'class':
      if (name === 'keys')
        return source.members(atom.cls).flatMap((a) => (a.kind === 'str' && a.label ? str(a.label) : []));
      return /^(?:each|iter)$/.test(name) ? source.members(atom.cls) : DYNAMIC;
    case 'zero':
    case 'number':
      return NOTHING;
    case 'cut':
      return cutOf(atom, stepInto(atom.of, name, source));
    case 'secret': // A slice, or one character or part of it.
    case 'derived':
      return name === 'keys' ? NOTHING : [atom];
    case 'error':
      return NOTHING;
    case 'fn':
    case 'method': // Go's loops call a function, and are given what it hands to its own.
      return source.facts.loopsCall && /^(?:keys|each)$/.test(name)
        ? source.handedOut(atom.fn, name)
        : DYNAMIC;
    case 'logger': // One of what made it, beside an error.
      return [atom];
    default:
      return DYNAMIC;
  }
}

/** What a value of a named type was made of; any other is what it is. */
function converted(atom: Atom): Val {
  if (atom.kind === 'object') return atom.fields.get(CONVERTED) ?? [atom];
  return atom.kind === 'param' ? extend(atom, `.${CONVERTED}`) : [atom];
}

/** What a generator of one hands out, or the object's own method answers; else the object. */
function entered(atom: Atom, source: MemberSource): Val {
  if (atom.kind === 'list') return union(atom.items);
  if (atom.kind !== 'object' || !atom.cls) return [atom];
  const { cls } = atom;
  const own = ['__enter__', '__aenter__'].flatMap((name) => methodsOf(atom, cls, name, source));
  const given = known(union(own.map((m) => (m.kind === 'method' ? source.bare(m) : NOTHING))));
  return given.length > 0 ? given : [atom];
}

function outcomeOf(atom: Atom, name: string, source: MemberSource): Val {
  if (atom.kind === 'secret' || atom.kind === 'derived') return NOTHING;
  return atom.kind === 'param' ? extend(atom, name) : stepAtom(atom, name.slice(OF_OUTCOME.length), source);
}

function elementOf({ items, exact, channel }: Atom & { kind: 'list' }, name: string): Val {
  if (name === 'each' || name === 'iter' || name === 'pairs') return union(items);
  if (name === 'keys') return channel === true ? union(items) : NOTHING;
  const index = /^\[(-?\d+)\]$/.exec(name);
  if (!index) return DYNAMIC;
  return exact === true ? (items.at(Number(index[1])) ?? NOTHING) : union(items);
}

function entryOf(atom: Atom & { kind: 'object' }, name: string, source: MemberSource): Val {
  if (name === 'each') return union([...atom.fields.values(), atom.rest]);
  if (name === 'pairs') return pairsOf(atom);
  if (name === 'iter' || name === 'keys') {
    return union([...[...atom.fields.keys()].map(str), atom.rest.length > 0 ? keysOfRest(atom) : NOTHING]);
  }
  const at = name.slice(1, -1);
  const component = atom.cls?.fieldParams[Number(at)]?.name;
  const field = component === undefined ? undefined : source.field(atom, component);
  const stored = atom.cls ? source.stored(atom.cls, at) : NOTHING;
  if (stored.length > 0) return union([atom.fields.get(at) ?? field ?? NOTHING, stored]);
  return atom.fields.get(at) ?? field ?? (isVariant(atom) ? NOTHING : DYNAMIC);
}

/** A recursion goes the same way again in each turn: `node.next.next.next`. Calls and elements may follow each other. */
function hasTwice(path: readonly string[], name: string): boolean {
  return name.startsWith('.') && path.indexOf(name) !== path.lastIndexOf(name);
}

export function extend(atom: Atom & { kind: 'param' | 'answer' | 'thrown' }, name: string): Val {
  if (name === 'slice' && atom.path.at(-1) === 'slice') return [atom];
  if (atom.path.length >= PATH_LIMIT || hasTwice(atom.path, name)) return DYNAMIC;
  return [{ ...atom, path: [...atom.path, name] }];
}

function memberOf(atom: Atom, name: string, source: MemberSource): Val {
  const own = /^(?:str|concat|secret|list|fn)$/.test(atom.kind) ? source.extension(atom, name) : NOTHING;
  if (own.length > 0) return own;
  switch (atom.kind) {
    case 'ctx':
      if (/^secrets$/i.test(name)) return SECRETS;
      if (/^log(?:ger)?$/i.test(name)) return LOGGER;
      return platform(atom, name, source);
    case 'secrets':
      if (/^get$/i.test(name)) return GETTER;
      if (/^status$/i.test(name)) return STATUS;
      return platform(atom, name, source);
    case 'getter':
    case 'fn':
    case 'method':
    case 'bound':
      if (/^(?:andThen|compose)$/.test(name)) return [{ kind: 'thunk', value: [atom] }];
      // Java's lambda is an object of an interface: its one method is the function.
      if (/^(?:fn|getter)$/.test(atom.kind) && source.facts.unboundMethods) return [atom];
      return /^(?:call|apply|bind|[iI]nvoke|get|accept|test|run)$/.test(name) ? [atom] : DYNAMIC;
    case 'logger':
      return LOGGER;
    case 'sealed':
      if (source.facts.library.unseals.test(name)) return [{ kind: 'thunk', value: atom.value }];
      return atom.value.some((of) => of.kind === 'object' && of.made === true)
        ? stepInto(atom.value, `.${name}`, source)
        : NOTHING;
    case 'result':
    case 'secret':
      return memberOfSecret(atom, name, source);
    case 'derived':
    case 'cut':
      if (source.facts.library.same.test(name) || source.facts.library.text.test(name))
        return [atom, { kind: 'thunk', value: [atom] }];
      return DYNAMIC;
    case 'error':
      // What a result is asked for while it may be an error: `.context("…")`.
      if (source.facts.library.same.test(name) && source.facts.catchesResults)
        return [{ kind: 'thunk', value: [atom] }];
      if (source.facts.library.catches.test(name)) return DYNAMIC;
      if (SILENT.test(name)) return NOTHING;
      if (
        atom.thrown?.some(
          (object) =>
            object.kind === 'object' &&
            object.cls &&
            (object.fields.has(name) || source.declares(object.cls, name)),
        )
      )
        return stepInto(atom.thrown, `.${name}`, source);
      return [...atom.of, { kind: 'thunk', value: atom.of }];
    case 'str':
      if (atom.of && source.method(atom.of, name).length > 0) return methodsOf(atom, atom.of, name, source);
      if (/^(?:name|Name)$/.test(name) && atom.label !== undefined) {
        return [...str(atom.label), { kind: 'thunk', value: str(atom.label) }];
      }
      if (source.facts.library.same.test(name) || OR_ELSE.test(name) || name === 'name')
        return [atom, { kind: 'thunk', value: [atom] }];
      return /^(?:length|len|Length|Count)$/.test(name)
        ? NOTHING
        : [{ kind: 'strFn', value: atom.value, name }];
    case 'param':
      return source.typed(atom, name);
    case 'class':
      return source.statics(atom.cls, name);
    case 'module':
      return source.exported(atom, name);
    case 'object':
      return memberOfObject(atom, name, source);
    case 'list':
      if (/^(?:Writer|Reader)$/.test(name)) return [atom];
      if (source.facts.library.same.test(name))
        return [...pairMember(atom, name), { kind: 'thunk', value: [atom] }];
      if (source.facts.library.listSame.test(name)) return [{ kind: 'thunk', value: [atom] }];
      if (PAIR.test(name) && pairMember(atom, name).length > 0) return pairMember(atom, name);
      if (source.tuplePart(name)) return partsNamed(atom, source.tuplePart(name) ?? new Set());
      if (PAIR.test(name)) return NOTHING;
      if (name === 'zip') return [{ kind: 'thunk', value: [zipped(union(atom.items))] }];
      if (/^(?:enumerate|entries)$/.test(name))
        return [{ kind: 'thunk', value: [indexed(union(atom.items))] }];
      if (atom.exact && LAST.test(name)) return [{ kind: 'thunk', value: atom.items.at(-1) ?? NOTHING }];
      if (ELEMENT.test(name)) return [{ kind: 'thunk', value: union(atom.items) }];
      // A list's own `join` makes a text of it.
      return name !== 'join' && source.facts.library.waits.test(name)
        ? [{ kind: 'thunk', value: [atom] }]
        : DYNAMIC;
    case 'zero':
    case 'number':
      return NOTHING;
    default:
      return DYNAMIC;
  }
}

/** The methods of an object's class. */
const methodsOf = (atom: Atom, cls: Class, name: string, source: MemberSource): Val =>
  source.method(cls, name).map((m) => (m.kind === 'method' ? { ...m, self: [atom] } : m));

function platform(atom: Atom, name: string, source: MemberSource): Val {
  return source.facts.library.same.test(name)
    ? [{ kind: 'thunk', value: [atom] }]
    : source.extension(atom, name);
}

function memberOfSecret(
  atom: Atom & { kind: 'result' | 'secret' | 'secretFn' },
  name: string,
  source: MemberSource,
): Val {
  if (atom.kind === 'result') {
    if (/^(?:0|[vV]alue|Item1)$/.test(name)) return [{ ...atom, kind: 'secret' }];
    if (/^(?:1|[fF]ound|ok|Ok|Item2|isPresent|isEmpty)$/.test(name)) return NOTHING;
    if (/^(?:filter|or)$/.test(name)) return [{ kind: 'thunk', value: [atom] }];
  }
  if (/^(?:[vV]alue|Result|href|search)$/.test(name))
    return [
      { ...atom, kind: 'secret' },
      { ...atom, kind: 'secretFn' },
    ];
  return source.facts.library.same.test(name) || source.facts.library.text.test(name)
    ? [{ ...atom, kind: 'secretFn' }]
    : NOTHING;
}

function memberOfObject(atom: Atom & { kind: 'object' }, name: string, source: MemberSource): Val {
  const own = atom.fields.get(name);
  if (!own && isVariant(atom) && !hasOwn(atom.cls, name, source)) return NOTHING;
  if (own && atom.cls) {
    const methods = source.facts.fieldsBesideMethods ? methodsOf(atom, atom.cls, name, source) : NOTHING;
    return union([own, source.stored(atom.cls, name), methods]);
  }
  if (own) return own;
  const label = atom.fields.get(LABEL);
  if (
    label &&
    /^(?:name|Name|toString|ToString)$/.test(name) &&
    !(atom.cls && hasOwn(atom.cls, name, source))
  ) {
    // A field may be called so too; the method is the platform's.
    const field = atom.cls?.types.has(name) ? source.field(atom, name) : label;
    return [...field, { kind: 'thunk', value: label }];
  }
  if (atom.cls) {
    const method = source.method(atom.cls, name);
    const extended = method.length === 0 ? source.extension(atom, name) : NOTHING;
    if (extended.length > 0) return extended;
    if (method.length === 0 && source.facts.library.same.test(name) && !source.declares(atom.cls, name))
      return [...known(source.field(atom, name)), { kind: 'thunk', value: [atom] }];
    if (method.length === 0 && source.facts.library.waits.test(name) && !source.declares(atom.cls, name))
      return [atom, { kind: 'thunk', value: [atom] }];
    // What a class outside of the package answers when a listener is added is the object.
    if (method.length === 0 && LISTENS.test(name) && !source.declares(atom.cls, name))
      return [{ kind: 'thunk', value: [atom] }];
    if (method.length === 0) return source.field(atom, name);
    const own = methodsOf(atom, atom.cls, name, source);
    // Java's fields and methods may share a name.
    const field = atom.cls.types.has(name) ? source.field(atom, name) : NOTHING;
    return union([own, known(field)]);
  }
  const all = (): Val => union([...atom.fields.values(), atom.rest]);
  if (source.facts.library.whole.test(name) && all().length > 0) {
    const told: Val = [{ kind: 'derived', of: all() }];
    return [...told, { kind: 'thunk', value: told }];
  }
  if (/^(?:get|Get|getProperty|getOrDefault|GetValueOrDefault|pop|setdefault)$/.test(name))
    return [{ kind: 'lookup', of: atom }];
  if (/^(?:values|Values)$/.test(name)) return thunkList(all());
  if (/^(?:keys|Keys|keySet)$/.test(name)) return thunkList(entryOf(atom, 'keys', source));
  if (/^(?:items|entries|entrySet|iter)$/.test(name)) return thunkList(pairsOf(atom));
  if (isPlain(atom, name)) return DYNAMIC;
  if (source.facts.entriesAreMembers && atom.rest.length > 0 && !OF_MAPS.test(name)) return atom.rest;
  // A literal that is known whole has no such field.
  return atom.fields.size > 0 && atom.rest.length === 0 ? NOTHING : DYNAMIC;
}

const known = (val: Val): Val => val.filter(({ kind }) => kind !== 'dynamic');

/** A Rust enum's variant has its own fields only. */
const isVariant = (atom: Atom & { kind: 'object' }): atom is Atom & { kind: 'object'; cls: Class } =>
  atom.cls?.hasVariants === true && atom.fields.size > 0;

const hasOwn = (cls: Class, name: string, source: MemberSource): boolean =>
  source.method(cls, name).length > 0;

const keysOfRest = ({ restKeys = NOTHING }: Atom & { kind: 'object' }): Val =>
  restKeys.length > 0 ? restKeys : DYNAMIC;

const pairsOf = (atom: Atom & { kind: 'object' }): Val => [
  ...[...atom.fields].map(([key, value]): Atom => ({ kind: 'list', items: [str(key), value], exact: true })),
  ...(atom.rest.length > 0
    ? [{ kind: 'list', items: [keysOfRest(atom), atom.rest], exact: true } as const]
    : []),
];

/** The elements of something with their numbers, whose texts are not needed. */
export const indexed = (each: Val): Atom => ({
  kind: 'list',
  items: [[{ kind: 'list', items: [NOTHING, each], exact: true }]],
});

/** The elements of something, each with one of something else. */
const zipped = (each: Val): Atom => ({
  kind: 'list',
  items: [[{ kind: 'list', items: [each, DYNAMIC], exact: true }]],
});

/** An entry's key or value, as a property or a method. */
function pairMember(atom: Atom & { kind: 'list' }, name: string): Val {
  if (!PAIR.test(name) || !atom.exact || atom.items.length !== 2) return NOTHING;
  const part = atom.items[/key$/i.test(name) ? 0 : 1] ?? NOTHING;
  return [...part, { kind: 'thunk', value: part }];
}

const partsNamed = ({ items, exact }: Atom & { kind: 'list' }, places: ReadonlySet<number>): Val =>
  union(exact === true ? [...places].map((at) => items[at] ?? NOTHING) : items);

/** A list, whether it is a property or a method that gives it. */
function thunkList(item: Val): Val {
  const list: Atom = { kind: 'list', items: item.map((a) => [a]) };
  return [list, { kind: 'thunk', value: [list] }];
}
