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
  const types = [...scope.spreadClasses.values()]
    .filter(({ file }) => !file.suspect)
    .map((cls) => ({ cls, has: methodsOf(cls, scope) }));
  for (const one of scope.interfaces) {
    const asked = [...methodsAsked(one, named)];
    const having = asked.length > 0 ? types.filter(({ has }) => asked.every((name) => has.has(name))) : [];
    const [type] = having;
    if (!type || having.length > 1) continue;
    const cls = scope.newClass(one.name, one.file, one.outer, one);
    for (const name of asked) cls.abstracts.add(name);
    one.outer.classes.set(one.name, cls);
    type.cls.bases.push(one.name);
  }
}

const placeOf = (path: string, name: string): string => `${folderOf(path)}#${name}`;

function methodsAsked(
  one: Interface,
  named: ReadonlyMap<string, Interface>,
  depth = MAX_EMBEDDED,
): ReadonlySet<string> {
  const inner = one.embedded.flatMap((name) => named.get(placeOf(one.file.path, name)) ?? []);
  const more = depth > 0 ? inner.flatMap((other) => [...methodsAsked(other, named, depth - 1)]) : [];
  return new Set([...one.methods, ...more]);
}

/** A type's methods, with those of the structs that it embeds. */
function methodsOf(cls: Class, scope: PackageScope, depth = MAX_EMBEDDED): ReadonlySet<string> {
  const inner = cls.bases.flatMap((name) => scope.spreadClasses.get(placeOf(cls.file.path, name)) ?? []);
  const more = depth > 0 ? inner.flatMap((other) => [...methodsOf(other, scope, depth - 1)]) : [];
  return new Set([...cls.methods.keys(), ...more]);
}
