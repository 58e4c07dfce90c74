/** Parses sources of the six languages with tree-sitter; the grammars are WebAssembly, nothing is compiled. */

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Language as Grammar, Parser } from 'web-tree-sitter';
import type { Language } from '../manifest/manifest';
import { eachTopLevel, type SyntaxNode } from './syntax';

type GrammarName = 'python' | 'go' | 'typescript' | 'tsx' | 'rust' | 'java' | 'c-sharp';

const GRAMMARS: Readonly<Record<Language, GrammarName>> = {
  python: 'python',
  go: 'go',
  typescript: 'typescript',
  rust: 'rust',
  java: 'java',
  csharp: 'c-sharp',
};

/** Longest time for one file, in milliseconds: real sources take a few, hostile ones are given up. */
const PARSE_BUDGET = 10_000;

let started: Promise<void> | undefined;
const grammars = new Map<GrammarName, Promise<Grammar>>();

function load(name: GrammarName): Promise<Grammar> {
  let grammar = grammars.get(name);
  if (!grammar) {
    const folder = join(dirname(require.resolve('@vscode/tree-sitter-wasm/package.json')), 'wasm');
    started ??= Parser.init();
    grammar = started.then(async () =>
      Grammar.load(await readFile(join(folder, `tree-sitter-${name}.wasm`))),
    );
    grammars.set(name, grammar);
  }
  return grammar;
}

/** Parses one language's files; made once per run, released by `close`. */
export class SourceParser {
  private constructor(
    private readonly parser: Parser,
    private readonly grammar: Grammar,
    private readonly tsx: Grammar | undefined,
  ) {}

  static async for(language: Language): Promise<SourceParser> {
    const grammar = await load(GRAMMARS[language]);
    const tsx = language === 'typescript' ? await load('tsx') : undefined;
    return new SourceParser(new Parser(), grammar, tsx);
  }

  /** Visits the file's top-level nodes, whatever the text; false when it cannot be parsed in reasonable time. */
  parse(text: string, path: string, visit: (node: SyntaxNode) => void): boolean {
    const grammar = this.tsx && /\.[jt]sx$/.test(path) ? this.tsx : this.grammar;
    this.parser.setLanguage(grammar);
    const end = performance.now() + PARSE_BUDGET;
    // The declared type says void; the documentation and the code take true as "cancel".
    const progressCallback = (): void => (performance.now() > end) as unknown as void;
    const tree = this.parser.parse(text, null, { progressCallback });
    if (!tree) {
      this.parser.reset();
      return false;
    }
    const cursor = tree.walk();
    try {
      eachTopLevel(cursor, grammar, text, visit);
      return true;
    } finally {
      cursor.delete();
      tree.delete();
    }
  }

  close(): void {
    this.parser.delete();
  }
}
