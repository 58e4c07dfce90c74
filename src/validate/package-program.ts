/** Reads all sources of a package into one program, and finds its nodes' handlers. */

import type { Language, Manifest } from '../manifest/manifest';
import { lowerFirst, snakeCase } from '../sdkgen/naming';
import { SourceParser } from './grammars';
import { Lowering, PackageScope, type Rule } from './lowering';
import type { Class, Fn, SourceFile } from './program';
import { EXPRESSION_RULES } from './rules-expressions';
import { FUNCTION_RULES } from './rules-functions';
import { IMPORT_RULES } from './rules-imports';
import { LITERAL_RULES } from './rules-literals';
import { STATEMENT_RULES } from './rules-statements';
import { SWITCH_RULES } from './rules-switch';
import { TYPE_RULES } from './rules-types';
import { OLDEST_HANDLER } from './roles';
import { macrosAsCalls } from './rust-macros';
import type { SourceText } from './source-files';

const RULES: ReadonlyMap<string, Rule> = new Map([
  ...EXPRESSION_RULES,
  ...LITERAL_RULES,
  ...STATEMENT_RULES,
  ...SWITCH_RULES,
  ...FUNCTION_RULES,
  ...TYPE_RULES,
  ...IMPORT_RULES,
]);

export interface PackageProgram {
  readonly scope: PackageScope;
  readonly files: readonly SourceFile[];
  /** Files that could not be parsed in time. */
  readonly unparsed: readonly string[];
}

/** Parses and lowers the sources. */
export async function readProgram(
  language: Language,
  sources: readonly SourceText[],
): Promise<PackageProgram> {
  const parser = await SourceParser.for(language);
  const scope = new PackageScope(language);
  const files: SourceFile[] = [];
  const unparsed: string[] = [];
  try {
    for (const source of sources) {
      const text = language === 'rust' ? macrosAsCalls(source.text) : source.text;
      const file = scope.newFile(source, text.length);
      const lowering = new Lowering(scope, file, RULES);
      if (!parser.parse(text, source.path, (node) => lowering.lower(node))) {
        unparsed.push(source.path);
        continue;
      }
      files.push(file);
    }
  } finally {
    parser.close();
  }
  return { scope, files, unparsed };
}

/** The handler of each node that has one in the sources. */
export function findHandlers(manifest: Manifest, files: readonly SourceFile[]): ReadonlyMap<string, Fn> {
  const byStem = new Map<string, SourceFile[]>();
  for (const file of files) {
    const stem = /([^/]+)\.\w+$/.exec(file.path)?.[1]?.toLowerCase() ?? '';
    for (const key of new Set([stem, plain(stem)])) byStem.set(key, [...(byStem.get(key) ?? []), file]);
  }
  const handlers = new Map<string, Fn>();
  for (const node of manifest.nodes) {
    const own = [...(byStem.get(snakeCase(node.name)) ?? []), ...(byStem.get(plain(node.name)) ?? [])];
    const elsewhere = files.filter((file) => !file.suspect);
    const found =
      firstHandler(own, node.name, manifest.language) ??
      firstHandler(elsewhere, node.name, manifest.language) ??
      oldestHandler(own, manifest.language);
    if (found) handlers.set(node.name, found);
  }
  return handlers;
}

function firstHandler(files: readonly SourceFile[], node: string, language: Language): Fn | undefined {
  for (const file of files) {
    const found = handlerIn(file, node, language);
    if (found) return found;
  }
  return undefined;
}

function handlerIn(file: SourceFile, node: string, language: Language): Fn | undefined {
  switch (language) {
    case 'python':
    case 'rust':
      return functionIn(file, snakeCase(node)) ?? functionLike(file, node);
    case 'go':
      return functionIn(file, node);
    case 'typescript':
      return functionIn(file, lowerFirst(node)) ?? functionIn(file, node);
    case 'java':
      return methodIn(file.top.classes.get(node), lowerFirst(node));
    case 'csharp':
      return methodIn(file.top.classes.get(`${node}Node`) ?? file.top.classes.get(node), node);
  }
}

/** Names without their separators: older packages write `s_q_l_query_node` where newer ones write `sql_query_node`. */
const plain = (name: string): string => name.replaceAll('_', '').toLowerCase();

function functionLike(file: SourceFile, node: string): Fn | undefined {
  for (const [name, fn] of file.top.fns) if (plain(name) === plain(node)) return fn;
  return undefined;
}

/** Before nodes had functions of their own name, a Python node's file held `def handle(input, context)`. */
function oldestHandler(files: readonly SourceFile[], language: Language): Fn | undefined {
  if (language !== 'python') return undefined;
  return files.map((file) => file.top.fns.get(OLDEST_HANDLER)).find((fn) => fn?.params.length === 2);
}

/** A function by its name, or a name that a lambda was given. */
function functionIn(file: SourceFile, name: string): Fn | undefined {
  const bound = file.top.bindings.get(name)?.find(({ value }) => value.kind === 'lambda')?.value;
  return file.top.fns.get(name) ?? (bound?.kind === 'lambda' ? bound.fn : undefined);
}

const methodIn = (cls: Class | undefined, name: string): Fn | undefined =>
  cls?.methods.get(name) ??
  (cls ? [...cls.methods.values()].find((m) => m.name.toLowerCase() === name.toLowerCase()) : undefined);
