/** Parses sources of the six languages with tree-sitter; the grammars are WebAssembly, nothing is compiled. */

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Language as Grammar, Parser, type Tree } from 'web-tree-sitter';
import { eachTopLevel, type SyntaxNode } from './syntax';
import type { TreeFunctions } from './tree-steps';

/** As in the name of the grammar's file: `tree-sitter-rust.wasm`. */
export type GrammarName = string;

/** Longest time for one file, in milliseconds: real sources take a few, hostile ones are given up. */
const PARSE_BUDGET = 10_000;

let started: Promise<void> | undefined;
const grammars = new Map<GrammarName, Promise<Grammar>>();

/** Filled when the parser starts. */
const functions: Partial<TreeFunctions> = {};

const startParser = (): Promise<void> => Parser.init(functions);

function load(name: GrammarName): Promise<Grammar> {
  let grammar = grammars.get(name);
  if (!grammar) {
    const folder = join(dirname(require.resolve('@vscode/tree-sitter-wasm/package.json')), 'wasm');
    started ??= startParser();
    grammar = started.then(async () =>
      Grammar.load(await readFile(join(folder, `tree-sitter-${name}.wasm`))),
    );
    grammars.set(name, grammar);
  }
  return grammar;
}

/** A file that was parsed. */
export interface Parsed {
  /** Where the first thing is that the grammar does not know, as an offset; undefined where it knows all. */
  readonly brokenAt: number | undefined;
}

/** Parses a package's files; made once per run, released by `close`. */
export class SourceParser {
  private constructor(private readonly parser: Parser) {}

  static async start(): Promise<SourceParser> {
    started ??= startParser();
    await started;
    return new SourceParser(new Parser());
  }

  /** Visits the file's top-level nodes, whatever the text; undefined when it cannot be parsed in reasonable time. */
  async parse(
    text: string,
    name: GrammarName,
    visit: (node: SyntaxNode) => void,
  ): Promise<Parsed | undefined> {
    const grammar = await load(name);
    this.parser.setLanguage(grammar);
    const end = performance.now() + PARSE_BUDGET;
    // The declared type says void; the documentation and the code take true as "cancel".
    const progressCallback = (): void => (performance.now() > end) as unknown as void;
    const tree = this.parser.parse(text, null, { progressCallback });
    if (!tree) {
      this.parser.reset();
      return undefined;
    }
    try {
      eachTopLevel(functions as TreeFunctions, tree, text, visit);
      return { brokenAt: brokenAt(tree) };
    } finally {
      tree.delete();
    }
  }

  close(): void {
    this.parser.delete();
  }
}

/** Goes down from the root through what holds an error to the error itself. */
function brokenAt(tree: Tree): number | undefined {
  if (!tree.rootNode.hasError) return undefined;
  const cursor = tree.walk();
  try {
    while (cursor.gotoFirstChild()) {
      while (!cursor.currentNode.hasError && cursor.gotoNextSibling());
      if (cursor.currentNode.isError || cursor.currentNode.isMissing) break;
    }
    return cursor.startIndex;
  } finally {
    cursor.delete();
  }
}
