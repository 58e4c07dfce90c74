/** Reads all sources of a package into one program. */

import type { Language } from '../../manifest/manifest';
import { SourceParser } from './common/grammars';
import { PackageScope } from '../ir/scope';
import { Lowering, type Rule } from './common/lowering';
import type { SourceFile } from '../ir/program';
import { EXCEPTION_RULES } from './common/rules-exceptions';
import { EXPRESSION_RULES } from './common/rules-expressions';
import { FUNCTION_RULES } from './common/rules-functions';
import { IMPORT_RULES } from './common/rules-imports';
import { LITERAL_RULES } from './common/rules-literals';
import { STATEMENT_RULES } from './common/rules-statements';
import { SWITCH_RULES } from './common/rules-switch';
import { TYPE_RULES } from './common/rules-types';
import { LANGUAGE_OF } from './languages';
import type { SourceText } from './source-files';
import { child, type SyntaxNode } from './common/syntax';

const RULES: ReadonlyMap<string, Rule> = new Map([
  ...EXPRESSION_RULES,
  ...EXCEPTION_RULES,
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
  /** Files that are read with gaps: where the first thing is that the grammar does not know, as an offset. */
  readonly broken: ReadonlyMap<string, number>;
  /** The identifiers and qualified names in each file's code, where tests are read too. */
  readonly words: ReadonlyMap<SourceFile, ReadonlySet<string>>;
}

export interface Reading {
  /** Test modules inside of sources too, and the words of the code. */
  readonly tests: boolean;
}

/** Parses and lowers the sources. */
export async function readProgram(
  language: Language,
  sources: readonly SourceText[],
  { tests }: Reading = { tests: false },
): Promise<PackageProgram> {
  const reader = LANGUAGE_OF[language];
  const rules = new Map([...RULES, ...(reader.rules ?? [])]);
  const parser = await SourceParser.start();
  const scope = new PackageScope(reader);
  const files: SourceFile[] = [];
  const unparsed: string[] = [];
  const broken = new Map<string, number>();
  const words = new Map<SourceFile, Set<string>>();
  try {
    for (const source of sources) {
      const text = reader.prepare?.(source.text) ?? source.text;
      const file = scope.newFile(source, text.length);
      const lowering = new Lowering(reader.syntax, scope, file, rules, tests);
      const own = new Set<string>();
      const visit = (node: SyntaxNode): void => {
        if (reader.syntax.tuplesNameParts) noteTupleParts(node, text, scope);
        lowering.lower(node);
        if (tests) collectWords(node, text, own);
      };
      const parsed = await parser.parse(text, reader.grammarFor(source.path), visit);
      if (parsed === undefined) {
        unparsed.push(source.path);
        continue;
      }
      // What preparing made of a text may be what does not parse.
      const asWritten =
        parsed.brokenAt === undefined || text === source.text
          ? parsed
          : await parser.parse(source.text, reader.grammarFor(source.path), () => undefined);
      if (asWritten?.brokenAt !== undefined) broken.set(source.path, asWritten.brokenAt);
      files.push(file);
      words.set(file, own);
    }
  } finally {
    parser.close();
  }
  reader.complete?.(scope);
  return { scope, files, unparsed, broken, words };
}

/** C#'s `(string Name, string Value)` and `(Name: a, Value: b)`. */
function noteTupleParts(node: SyntaxNode, text: string, scope: PackageScope): void {
  if (/^tuple_(?:type|expression)$/.test(node.type))
    for (const [i, part] of node.children.entries()) {
      const name = child(part, 'name');
      if (!name) continue;
      const called = text.slice(name.start, name.end);
      scope.tupleParts.set(called, (scope.tupleParts.get(called) ?? new Set()).add(i));
    }
  for (const part of node.children) noteTupleParts(part, text, scope);
}

/** Names of a type that have two parts: `axiom.Agent`, `dyn Agent`, `axiom_context::Agent`. */
const QUALIFIED = /^(?:qualified_type|dynamic_type|scoped_type_identifier|scoped_identifier)$/;

function collectWords(node: SyntaxNode, text: string, into: Set<string>): void {
  if (node.children.length === 0 || QUALIFIED.test(node.type)) into.add(text.slice(node.start, node.end));
  for (const part of node.children) collectWords(part, text, into);
}
