/** What a package's own Rust sources expect of the generated context. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeModel } from '../language';

/** One .rs file of nodes/, without comments. */
export interface RustSource {
  /** Relative to the package's root. */
  readonly path: string;
  readonly code: string;
}

/** `new`: add_node(package, version, node name, position), since 2026-08; `old`: without the node name. */
export type AddNodeForm = 'old' | 'new';

/** What the context must look like for the package's doubles and handlers to compile. */
export interface ContextShape {
  readonly addNode: AddNodeForm;
  /** The file that decided on addNode; undefined when nothing told. */
  readonly addNodeFrom: string | undefined;
  /** Whether sources name the agent memory, which left the platform in 2026-07. */
  readonly namesAgent: boolean;
}

const AGENT = /\b(?:dyn Agent|AgentMemory|NoopAgent|SessionMemory)\b|\.agent\(\)/;

/** The author's own files in nodes/, sorted by path. */
export async function readRustSources(root: string): Promise<readonly RustSource[]> {
  const names = await readdir(join(root, 'nodes')).catch(() => []);
  const sources = names
    .filter((name) => name.endsWith('.rs'))
    .sort()
    .map(async (name) => ({
      path: `nodes/${name}`,
      code: withoutComments(await readFile(join(root, 'nodes', name), 'utf8')),
    }));
  return Promise.all(sources);
}

/** Comments become spaces; text literals, which may hold what looks like one, stay. */
function withoutComments(code: string): string {
  const tokens = /r(#+)"[\s\S]*?"\1|r"[^"]*"|"(?:[^"\\]|\\[\s\S])*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return code.replaceAll(tokens, (token) => (token.startsWith('/') ? ' ' : token));
}

/** Looks at doubles first, then at calls; where nothing tells, the newest. */
export function contextShape(sources: readonly RustSource[]): ContextShape {
  const told = addNodeOf(sources, /\bfn\s+add_node\s*\(\s*&self\s*,([^)]*)\)/g) ?? addNodeOf(sources, CALL);
  return {
    addNode: told?.form ?? 'new',
    addNodeFrom: told?.path,
    namesAgent: sources.some(({ code }) => AGENT.test(code)),
  };
}

/** A call in a file that uses the mutation; its arguments hold at most one level of parentheses. */
const CALL = /\.add_node\s*\(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)/g;

function addNodeOf(
  sources: readonly RustSource[],
  pattern: RegExp,
): { readonly form: AddNodeForm; readonly path: string } | undefined {
  for (const { path, code } of sources) {
    if (!/CanvasPosition|\.mutation\(\)/.test(code)) continue;
    for (const match of code.matchAll(pattern)) {
      const count = countParts(match[1] ?? '');
      if (count === 3 || count === 4) return { form: count === 4 ? 'new' : 'old', path };
    }
  }
  return undefined;
}

/** How many parts a list has that commas part, outside brackets and text; a last comma counts for nothing. */
function countParts(list: string): number {
  let depth = 0;
  let parts = 1;
  const text = list.replaceAll(/"(?:[^"\\]|\\.)*"/g, '_').replace(/,\s*$/, '');
  for (const character of text) {
    if ('([{<'.includes(character)) depth += 1;
    if (')]}>'.includes(character)) depth -= 1;
    if (character === ',' && depth === 0) parts += 1;
  }
  return parts;
}

/** A node's handler. */
export interface Handler {
  readonly isAsync: boolean;
}

/** The node's function in its own file that service.rs can call; undefined when it is not there. */
export function findHandler(
  { snakeName, functionName }: Pick<NodeModel, 'snakeName' | 'functionName'>,
  sources: readonly RustSource[],
): Handler | undefined {
  const source = sources.find(({ path }) => path === `nodes/${snakeName}.rs`);
  // `gen` is a keyword since the edition of 2024 only.
  const name = functionName.replace(/^r#/, '(?:r#)?');
  const match = new RegExp(`\\bpub(?:\\(crate\\))?\\s+(async\\s+)?fn\\s+${name}\\b`).exec(source?.code ?? '');
  return match ? { isAsync: match[1] !== undefined } : undefined;
}
