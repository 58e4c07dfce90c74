/** How handlers are looked for in sources and what is told of them, for each language to say. */

import type { ModuleIndex } from '../../ir/language';
import type { Class, Fn, SourceFile } from '../../ir/program';
import type { HandlerNames } from './source-names';

/** What a handler's function takes before its input: the context, or in older shapes some of what it holds, or nothing. */
export type HandlerTakes = 'context' | 'nothing' | 'log' | 'logAndSecrets';

/** How a handler is called. */
export interface HandlerShape {
  readonly takes: HandlerTakes;
  /** It answers later: a coroutine, a Promise, a Task, a future. */
  readonly isAsync: boolean;
  /** It answers with messages one after the other: a generator, a stream, a function that is handed them. */
  readonly isStream: boolean;
  /** It takes a token that cancels it. */
  readonly takesToken: boolean;
  /** The types of its parameters as they are written, empty where there is none. */
  readonly parameters: readonly string[];
}

/** A node's handler in the sources. */
export interface Handler {
  readonly file: SourceFile;
  /** By what name the file has it. */
  readonly name: string;
  /** Undefined where the file has it from a library, or made by a call: nothing more is known of it then. */
  readonly fn: Fn | undefined;
}

/** A language's handlers. */
export interface Handlers {
  /** The handler of a node in one file. */
  in(file: SourceFile, node: string): Fn | undefined;
  /** One that a file has by another way than a definition. */
  offered?(file: SourceFile, node: string, modules: ModuleIndex): Handler | undefined;
  /** A handler in the oldest shape, which does not carry the node's name. */
  oldest?(file: SourceFile): Fn | undefined;
  /** Why the node host cannot call a handler that was found, and what to do; undefined where it can. */
  unserved(found: Handler, node: string): string | undefined;
  /** What to write for a node without a handler, given its file's and its function's name. */
  wanted(node: string, names: HandlerNames): string;
  shape(fn: Fn): HandlerShape;
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

/** What a file offers by importing it, passing it on, or binding it to what a call or another name gives. */
export function offeredBy(file: SourceFile, name: string, modules: ModuleIndex): Handler | undefined {
  const found = modules.exported(file, name);
  if (found && 'name' in found) {
    const renamed = found.file.top.bindings
      .get(found.name)
      ?.find(({ value }) => value.kind === 'name')?.value;
    const other = renamed?.kind === 'name' ? functionIn(found.file, renamed.name) : undefined;
    return { file, name, fn: found.fn ?? functionIn(found.file, found.name) ?? other };
  }
  const imported = file.imports.some(({ local }) => local === name || local === '*');
  return imported ? { file, name, fn: undefined } : undefined;
}

/** A handler's file, where it is one that the node host imports by its path: `nodes/greet.py`. */
export const isNodeFile = (path: string, node: string): boolean =>
  plain(/^nodes\/([^/]+)\.\w+$/.exec(path)?.[1] ?? '') === plain(node);

/** A handler in a file where no node host looks for it. */
export const elsewhere = (path: string, what: string, where: string): string =>
  `${path} holds ${what}, where no node host looks for it; move it to ${where}`;

/** What is written of a function before its name. */
export const beforeName = (fn: Fn): string => fn.file.text.slice(fn.start, fn.nameAt);

export const typesOf = (fn: Fn): readonly string[] => fn.params.map(({ type }) => type);
