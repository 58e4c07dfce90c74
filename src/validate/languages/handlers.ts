/** Finds the nodes' handlers in a package's sources: what `axiom validate` and `axiom generate` both go by. */

import type { Manifest } from '../../manifest/manifest';
import type { Fn, SourceFile } from '../ir/program';
import { plain, type Handler, type Handlers } from './common/handlers';
import { snakeCase } from './common/naming';
import { LANGUAGE_OF } from './languages';
import { NAMES_OF } from './names';

/** A node's handler, and why the node host cannot call it where that is so. */
export interface FoundHandler extends Handler {
  readonly unserved: string | undefined;
}

/** The handler of each node that has one in the sources: in its own file first, then in any other. */
export function findHandlers(
  manifest: Manifest,
  files: readonly SourceFile[],
): ReadonlyMap<string, FoundHandler> {
  const { handlers: rules, modules } = LANGUAGE_OF[manifest.language];
  const index = modules(files);
  const ownOf = ownFiles(manifest, files);
  const functionOf = (node: string): string => NAMES_OF[manifest.language].handler(node).function;
  const handlers = new Map<string, FoundHandler>();
  for (const { name } of manifest.nodes) {
    const own = ownOf(name);
    const defined = (among: readonly SourceFile[]): readonly Handler[] =>
      among.flatMap((file) => named(file, rules.in(file, name), functionOf(name)) ?? []);
    const found =
      best(defined(own), name, rules) ??
      first(own, (file) => rules.offered?.(file, name, index)) ??
      best(defined(files.filter((file) => !file.suspect)), name, rules) ??
      first(own, (file) => named(file, rules.oldest?.(file), ''));
    if (found) handlers.set(name, { ...found, unserved: rules.unserved(found, name) });
  }
  return handlers;
}

/**
 * Why nobody can say that a node has no handler, where sources were not read to their end; undefined where all were.
 * @param unread their paths
 */
export function unseenHandler(node: string, unread: readonly string[]): string | undefined {
  const [first, ...others] = unread;
  if (first === undefined) return undefined;
  const more = others.length === 0 ? 'is' : `and ${others.length} more are`;
  return `no handler of ${node} was found, but ${first} ${more} not read to the end; mend that first`;
}

/** By node: the files that are called as it is, those of nodes/ first. */
export function ownFiles<F extends { readonly path: string }>(
  manifest: Manifest,
  files: readonly F[],
): (node: string) => readonly F[] {
  const byStem = new Map<string, F[]>();
  for (const file of files.toSorted((a, b) => inNodes(b.path) - inNodes(a.path))) {
    const stem = /([^/]+)\.\w+$/.exec(file.path)?.[1]?.toLowerCase() ?? '';
    for (const key of new Set([stem, plain(stem)])) byStem.set(key, [...(byStem.get(key) ?? []), file]);
  }
  const names = NAMES_OF[manifest.language];
  return (node) => {
    const stems = new Set([names.handler(node).file, snakeCase(node), plain(node)]);
    return [...new Set([...stems].flatMap((stem) => byStem.get(stem) ?? []))];
  };
}

const inNodes = (path: string): number => Number(/^nodes\/[^/]+$/.test(path));

/** A function has its own name, and a lambda the one that it is bound to. */
const named = (file: SourceFile, fn: Fn | undefined, bound: string): Handler | undefined =>
  fn && { file, name: fn.name === '' ? bound : fn.name, fn };

/** The first that the node host can call, or the first. */
const best = (found: readonly Handler[], node: string, rules: Handlers): Handler | undefined =>
  found.find((handler) => rules.unserved(handler, node) === undefined) ?? found[0];

function first<T>(files: readonly SourceFile[], find: (file: SourceFile) => T | undefined): T | undefined {
  for (const file of files) {
    const found = find(file);
    if (found !== undefined) return found;
  }
  return undefined;
}
