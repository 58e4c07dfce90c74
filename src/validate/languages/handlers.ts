/** Finds the nodes' handlers in a package's sources: what `axiom validate` and `axiom generate` both go by. */

import type { Manifest } from '../../manifest/manifest';
import { snakeCase } from './common/naming';
import type { Fn, SourceFile } from '../ir/program';
import { plain, type Handlers } from './common/handlers';
import { LANGUAGE_OF } from './languages';

/** The handler of each node that has one in the sources. */
export function findHandlers(manifest: Manifest, files: readonly SourceFile[]): ReadonlyMap<string, Fn> {
  const { handlers: rules } = LANGUAGE_OF[manifest.language];
  const byStem = new Map<string, SourceFile[]>();
  for (const file of files) {
    const stem = /([^/]+)\.\w+$/.exec(file.path)?.[1]?.toLowerCase() ?? '';
    for (const key of new Set([stem, plain(stem)])) byStem.set(key, [...(byStem.get(key) ?? []), file]);
  }
  const elsewhere = files.filter((file) => !file.suspect);
  const handlers = new Map<string, Fn>();
  for (const { name } of manifest.nodes) {
    const own = [...(byStem.get(snakeCase(name)) ?? []), ...(byStem.get(plain(name)) ?? [])];
    const found = first(own, name, rules) ?? first(elsewhere, name, rules) ?? oldest(own, rules);
    if (found) handlers.set(name, found);
  }
  return handlers;
}

function first(files: readonly SourceFile[], node: string, rules: Handlers): Fn | undefined {
  for (const file of files) {
    const found = rules.in(file, node);
    if (found) return found;
  }
  return undefined;
}

const oldest = (files: readonly SourceFile[], rules: Handlers): Fn | undefined =>
  files.map((file) => rules.oldest?.(file)).find((fn) => fn !== undefined);
