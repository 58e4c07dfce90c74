/** Go's interfaces: which type of the package has the methods of one, where only one has. */

import type { Class } from '../../ir/program';
import type { Interface, PackageScope } from '../../ir/scope';
import { folderOf } from '../common/modules';

/** Types in types, interfaces in interfaces: further than this they are not looked into. */
const MAX_EMBEDDED = 4;

/**
 * Makes a class of each interface that one type has, above that. What is called through one that more types have is not
 * followed: each call of it would be one of each of them (docs/decisions/validate-analysis.md says what that costs).
 */
export function joinInterfaces(scope: PackageScope): void {
  const named = new Map(scope.interfaces.map((one) => [placeOf(one.file.path, one.name), one]));
  const types = [...scope.spreadClasses.values()].filter(({ file }) => !file.suspect);
  const byMethod = new Map<string, Set<Class>>();
  for (const cls of types)
    for (const name of methodsOf(cls, scope)) byMethod.set(name, (byMethod.get(name) ?? new Set()).add(cls));
  for (const one of scope.interfaces) {
    const asked = methodsAsked(one, named);
    const having = haveAll(asked, byMethod);
    const [type] = having;
    if (!type || having.length > 1) continue;
    const cls = scope.newClass(one.name, one.file, one.outer, one);
    for (const name of asked) cls.abstracts.add(name);
    one.outer.classes.set(one.name, cls);
    type.bases.push(one.name);
  }
}

const placeOf = (path: string, name: string): string => `${folderOf(path)}#${name}`;

/** The types that have all of the methods, looked for among those that have the rarest. */
function haveAll(asked: ReadonlySet<string>, byMethod: ReadonlyMap<string, ReadonlySet<Class>>): Class[] {
  const having = [...asked].map((name) => byMethod.get(name) ?? new Set<Class>());
  const [rarest = new Set<Class>(), ...others] = having.toSorted((a, b) => a.size - b.size);
  return [...rarest].filter((cls) => others.every((types) => types.has(cls)));
}

function methodsAsked(one: Interface, named: ReadonlyMap<string, Interface>): ReadonlySet<string> {
  const all = withEmbedded(one, ({ embedded, file }) =>
    embedded.flatMap((name) => named.get(placeOf(file.path, name)) ?? []),
  );
  return new Set(all.flatMap(({ methods }) => methods));
}

/** A type's methods, with those of the structs that it embeds. */
function methodsOf(cls: Class, scope: PackageScope): ReadonlySet<string> {
  const all = withEmbedded(cls, ({ bases, file }) =>
    bases.flatMap((name) => scope.spreadClasses.get(placeOf(file.path, name)) ?? []),
  );
  return new Set(all.flatMap(({ methods }) => [...methods.keys()]));
}

/** One, and what is embedded in it and in that, each once however often it is. */
function withEmbedded<T>(one: T, embeddedIn: (of: T) => readonly T[]): T[] {
  const found = new Set([one]);
  let level: readonly T[] = [one];
  for (let depth = 0; depth < MAX_EMBEDDED && level.length > 0; depth++) {
    level = level.flatMap(embeddedIn).filter((inner) => !found.has(inner) && found.add(inner));
  }
  return [...found];
}
