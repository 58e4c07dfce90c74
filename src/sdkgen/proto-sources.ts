/** A package's .proto files as one tree: each message once, each import the path of a file in it. */

import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

/** One file of the tree. */
export interface ProtoSource {
  /** Relative to the package's root, with forward slashes. */
  readonly path: string;
  /** Its text, with import statements rewritten to paths of the tree. */
  readonly text: string;
}

interface Read {
  readonly path: string;
  readonly text: string;
  /** Full names of the top-level messages and enums. */
  readonly defines: readonly string[];
}

/** An import statement up to its path, its quote, and the path. */
const IMPORT = /^(\s*import\s+(?:public\s+|weak\s+)?)(["'])([^"']+)\2/gm;
const COMMENT_OR_STRING = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;

/**
 * Reads `paths`. An import is vendored message by message, each file holding all of its package: of files in
 * one folder that define the same messages, one is kept. Authors write import statements relative to different
 * folders; all of them become paths from the root.
 */
export async function readProtoSources(
  root: string,
  paths: readonly string[],
): Promise<readonly ProtoSource[]> {
  const all = await Promise.all(
    paths.map(async (path): Promise<Read> => {
      const text = await readFile(join(root, path), 'utf8');
      return { path, text, defines: definitions(text) };
    }),
  );
  const kept: Read[] = [];
  const keptFor = new Map<string, string>();
  for (const file of [...all].sort((a, b) => b.defines.length - a.defines.length)) {
    const original = kept.find((other) => isCopy(file, other));
    if (original) keptFor.set(file.path, original.path);
    else kept.push(file);
  }
  return all
    .filter((file) => !keptFor.has(file.path))
    .map(({ path, text }) => ({ path, text: withTreePaths(text, path, paths, keptFor) }));
}

function isCopy(file: Read, original: Read): boolean {
  return (
    file.path.startsWith('imports/') &&
    posix.dirname(file.path) === posix.dirname(original.path) &&
    file.defines.length > 0 &&
    file.defines.every((name) => original.defines.includes(name))
  );
}

function definitions(text: string): readonly string[] {
  const code = text.replaceAll(COMMENT_OR_STRING, ' ');
  const packageName = /\bpackage\s+([\w.]+)\s*;/.exec(code)?.[1] ?? '';
  const names: string[] = [];
  let depth = 0;
  for (const [token, name] of code.matchAll(/[{}]|\b(?:message|enum)\s+(\w+)\s*(?=\{)/g)) {
    if (token === '{') depth++;
    else if (token === '}') depth--;
    else if (depth === 0) names.push(`${packageName}.${name}`);
  }
  return names;
}

function withTreePaths(
  text: string,
  from: string,
  paths: readonly string[],
  keptFor: ReadonlyMap<string, string>,
): string {
  return text.replaceAll(IMPORT, (_, head: string, quote: string, path: string) => {
    const meant = resolve(path, from, paths).map((found) => keptFor.get(found) ?? found);
    return [...new Set(meant)].map((found) => head + quote + found + quote).join(';');
  });
}

/**
 * The files that an import means: beside the importing file, from the root, the only one that ends so, or all
 * of an imported package where it is named as its bindings are: `handle_package_messages.proto`.
 */
function resolve(path: string, from: string, paths: readonly string[]): readonly string[] {
  if (path.startsWith('google/protobuf/')) return [path];
  const beside = posix.join(posix.dirname(from), path);
  if (paths.includes(beside)) return [beside];
  if (paths.includes(path)) return [path];
  const endings = paths.filter((file) => file.endsWith(`/${path}`));
  if (endings.length === 1) return endings;
  const packaged = paths.filter((file) => file !== from && path === nameOfImport(file));
  return packaged.length > 0 ? packaged : [path];
}

/** `handle_package_messages.proto` for imports/handle-package/1.0.0/any.proto. */
function nameOfImport(file: string): string | undefined {
  const folder = /^imports\/([^/]+)\//.exec(file)?.[1];
  return folder && `${folder.replaceAll(/[^A-Za-z0-9_]/g, '_')}_messages.proto`;
}
