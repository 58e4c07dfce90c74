/** Syntax trees: the walk finds what the parser's own library finds, and what is made of a tree lets its nodes go. */
import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Language as Grammar, Parser, type Node } from 'web-tree-sitter';
import type { Language } from '../../src/manifest/manifest';
import { SourceParser } from '../../src/validate/languages/common/grammars';
import type { SyntaxNode } from '../../src/validate/languages/common/syntax';
import { LANGUAGE_OF } from '../../src/validate/languages/languages';
import { readProgram } from '../../src/validate/languages/package-program';
import { macrosAsCalls } from '../../src/validate/languages/rust/macros';

const FOLDER = join(__dirname, '..', 'testdata', 'validate-unseen');
const GRAMMARS = join(dirname(require.resolve('@vscode/tree-sitter-wasm/package.json')), 'wasm');

const PACKAGES: readonly (readonly [string, Language])[] = [
  ['csharp-mailer', 'csharp'],
  ['go-geocode', 'go'],
  ['java-ledger', 'java'],
  ['python-tickets', 'python'],
  ['rust-notify', 'rust'],
  ['typescript-storage', 'typescript'],
];

const sourcesOf = (pack: string): { path: string; text: string; suspect: boolean }[] =>
  readdirSync(join(FOLDER, pack, 'nodes'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => ({ path, text: readFileSync(path, 'utf8'), suspect: false }));

async function walked(text: string, grammar: string): Promise<readonly SyntaxNode[]> {
  const parser = await SourceParser.start();
  const found: SyntaxNode[] = [];
  await parser.parse(text, grammar, (node) => found.push(node));
  parser.close();
  return found;
}

/** The children that tell something, with their roles, as the library's nodes have them. */
const telling = (node: Node): readonly { readonly node: Node; readonly field: string }[] =>
  node.children
    .map((child, i) => ({ node: child, field: node.fieldNameForChild(i) ?? '' }))
    .filter(({ node: { type, isNamed } }) =>
      isNamed ? !type.includes('comment') : /^(?:this|base|super)$/.test(type),
    );

/** How many nodes are the same in both. A leaf of ours is one whose text is all there is to know. */
function compared(ours: readonly SyntaxNode[], theirs: Node): number {
  const expected = telling(theirs);
  expect(ours.map(({ type, field, start, end }) => ({ type, field, start, end }))).toEqual(
    expected.map(({ node, field }) => ({
      type: node.type,
      field,
      start: node.startIndex,
      end: node.endIndex,
    })),
  );
  return ours.reduce(
    (sum, node, i) =>
      sum +
      1 +
      (node.children.length > 0 ? compared(node.children, (expected[i] as { node: Node }).node) : 0),
    0,
  );
}

async function comparedWithLibrary(text: string, grammar: string): Promise<number> {
  const ours = await walked(text, grammar);
  const parser = new Parser();
  parser.setLanguage(await Grammar.load(readFileSync(join(GRAMMARS, `tree-sitter-${grammar}.wasm`))));
  const tree = parser.parse(text);
  if (!tree) throw new Error('not parsed');
  const count = compared(ours, tree.rootNode);
  tree.delete();
  parser.delete();
  return count;
}

describe('a walk over a tree', () => {
  it.each(PACKAGES)(
    '%s: finds the nodes, roles and places that the library finds',
    async (pack, language) => {
      for (const { path, text } of sourcesOf(pack))
        expect(await comparedWithLibrary(text, LANGUAGE_OF[language].grammarFor(path))).toBeGreaterThan(50);
    },
  );

  it('counts places in UTF-16 units, and finds what is in a source that does not parse', async () => {
    expect(
      await comparedWithLibrary('s = "é😀"\ndef f(:\n  x = [1\ny = (s, "😀", s)\n', 'python'),
    ).toBeGreaterThan(10);
  });
});

describe("Rust's macros", () => {
  it('read as calls to the bracket that closes them, whatever characters are written in them', () => {
    const written = String.raw`if b == b'\\' || b == b'"' { write!(f, "{}", b); v = vec!['\x20'..'}', ']'] }`;
    const calls = String.raw`if b == b'\\' || b == b'"' { write (f, "{}", b); v = vec ('\x20'..'}', ']') }`;
    expect(macrosAsCalls(written)).toBe(calls);
  });
});

describe('a program', () => {
  it.each(PACKAGES)('%s: holds no node of the trees that it was made of', async (pack, language) => {
    const program = await readProgram(language, sourcesOf(pack));
    const seen = new Set<unknown>();
    const nodes: unknown[] = [];
    const waiting: unknown[] = [program];
    while (waiting.length > 0) {
      const next = waiting.pop();
      if (typeof next !== 'object' || next === null || seen.has(next)) continue;
      seen.add(next);
      if ('children' in next) nodes.push(next);
      else if (next instanceof Map) waiting.push(...next.keys(), ...next.values());
      else if (next instanceof Set) waiting.push(...next);
      else waiting.push(...(Object.values(next) as unknown[]));
    }
    expect(seen.size).toBeGreaterThan(200);
    expect(nodes).toEqual([]);
  });
});
