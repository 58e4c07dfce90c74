/** How handlers are looked for in a source, for each language to say by which names. */

import type { Class, Fn, SourceFile } from '../../ir/program';

/** A language's way to find a node's handler. */
export interface Handlers {
  /** The handler of a node in one file. */
  in(file: SourceFile, node: string): Fn | undefined;
  /** A handler in the oldest shape, which does not carry the node's name. */
  oldest?(file: SourceFile): Fn | undefined;
}

/** Names without their separators: older packages write `s_q_l_query_node` where newer ones write `sql_query_node`. */
export const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();

export function functionLike(file: SourceFile, node: string): Fn | undefined {
  for (const [name, fn] of file.top.fns) if (plain(name) === plain(node)) return fn;
  return undefined;
}

/** A function by its name, or a name that a lambda was given. */
export function functionIn(file: SourceFile, name: string): Fn | undefined {
  const bound = file.top.bindings.get(name)?.find(({ value }) => value.kind === 'lambda')?.value;
  return file.top.fns.get(name) ?? (bound?.kind === 'lambda' ? bound.fn : undefined);
}

export const methodIn = (cls: Class | undefined, name: string): Fn | undefined =>
  cls?.methods.get(name) ??
  (cls ? [...cls.methods.values()].find((m) => m.name.toLowerCase() === name.toLowerCase()) : undefined);
