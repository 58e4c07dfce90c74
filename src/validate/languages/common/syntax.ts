/** Syntax trees as plain objects: one pass over a parser's tree, then no more calls across the wasm border. */

import type { Language, Tree } from 'web-tree-sitter';
import { TreeSteps, type TreeFunctions } from './tree-steps';

/** A node of a syntax tree. Offsets are in UTF-16 code units of the source's text. */
export interface SyntaxNode {
  readonly type: string;
  /** The role in its parent, such as `left` or `body`; empty when the grammar gives none. */
  readonly field: string;
  readonly start: number;
  readonly end: number;
  readonly children: readonly SyntaxNode[];
}

/** Deeper nodes are left out, so that everything which walks a tree may recurse. */
const MAX_DEPTH = 400;

/** Tokens without a name of their own that carry meaning. */
const KEPT_TOKENS = new Set(['this', 'base', 'super']);

interface Building {
  readonly type: string;
  readonly field: string;
  readonly start: number;
  readonly end: number;
  children: readonly Building[];
}

/** Shared by all leaves: most nodes are. */
const NO_CHILDREN: readonly Building[] = [];

/** Nodes whose inside is plain text: read from the source when needed. */
const LEAVES = new Set([
  'identifier',
  'string_literal',
  'interpreted_string_literal',
  'raw_string_literal',
  'verbatim_string_literal',
  'predefined_type',
  'type_identifier',
  'field_identifier',
  'property_identifier',
  'modifiers',
  'string',
]);

/**
 * Hands over each top-level node of a tree, comments left out; `text` is what was parsed. One after the other: a large
 * file's nodes are never all in memory.
 */
export function eachTopLevel(
  functions: TreeFunctions,
  tree: Tree,
  text: string,
  visit: (node: SyntaxNode) => void,
): void {
  const steps = new TreeSteps(functions, tree);
  try {
    if (steps.toFirstChild()) walk(steps, tree.language, text, visit);
  } finally {
    steps.delete();
  }
}

/** From the first of the top-level nodes to the last. */
function walk(steps: TreeSteps, language: Language, text: string, visit: (node: SyntaxNode) => void): void {
  const kinds = kindsOf(language);
  const open: Building[] = [];
  // The children of all that is open; `begins` says where each one's begin. A list that grows takes room for 17.
  const found: Building[] = [];
  const begins: number[] = [];
  const close = (): void => {
    const done = open.pop();
    const from = begins.pop() ?? 0;
    if (!done) return;
    if (found.length > from) {
      done.children = found.slice(from);
      found.length = from;
    }
    if (open.length === 0) visit(done);
    else found.push(done);
  };
  for (;;) {
    const kind = kinds[steps.type] ?? 'ERROR';
    if (kind !== SKIPPED) {
      const made = node(steps, language, kind);
      open.push(made);
      begins.push(found.length);
      if (open.length < MAX_DEPTH && hasInside(made, text) && steps.toFirstChild()) continue;
      close();
    }
    while (!steps.toNextSibling()) {
      if (open.length === 0 || !steps.toParent()) return;
      close();
    }
  }
}

/** False for nodes whose text is all there is to know. */
const hasInside = ({ type, start }: Building, text: string): boolean =>
  !LEAVES.has(type) || (type === 'string' && /^\w*[fF]/.test(text.slice(start, start + 3)));

const SKIPPED = '';

function node(steps: TreeSteps, language: Language, type: string): Building {
  const field = steps.field;
  return {
    type,
    field: field === 0 ? '' : (language.fields[field] ?? ''),
    start: steps.start,
    end: steps.end,
    children: NO_CHILDREN,
  };
}

const kindTables = new WeakMap<Language, string[]>();

/** Node type by id; empty for tokens and comments, which nothing looks at. */
function kindsOf(language: Language): readonly string[] {
  let kinds = kindTables.get(language);
  if (!kinds) {
    kinds = language.types.map((type, id) => {
      if (type === null || /comment/.test(type)) return SKIPPED;
      return language.nodeTypeIsNamed(id) || KEPT_TOKENS.has(type) ? type : SKIPPED;
    });
    kindTables.set(language, kinds);
  }
  return kinds;
}

/** The first child in a role. */
export function child(parent: SyntaxNode, field: string): SyntaxNode | undefined {
  for (const part of parent.children) if (part.field === field) return part;
  return undefined;
}

/** All children in a role. */
export function childrenIn(parent: SyntaxNode, field: string): readonly SyntaxNode[] {
  return parent.children.filter((c) => c.field === field);
}

/** The first child of one of these types. */
export function childOf(parent: SyntaxNode, ...types: readonly string[]): SyntaxNode | undefined {
  for (const part of parent.children) if (types.includes(part.type)) return part;
  return undefined;
}
