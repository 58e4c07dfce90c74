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
}

/** Parses and lowers the sources. */
export async function readProgram(
  language: Language,
  sources: readonly SourceText[],
): Promise<PackageProgram> {
  const reader = LANGUAGE_OF[language];
  const parser = await SourceParser.start();
  const scope = new PackageScope(reader);
  const files: SourceFile[] = [];
  const unparsed: string[] = [];
  const broken = new Map<string, number>();
  try {
    for (const source of sources) {
      const text = reader.prepare?.(source.text) ?? source.text;
      const file = scope.newFile(source, text.length);
      const lowering = new Lowering(language, scope, file, RULES);
      const parsed = await parser.parse(text, reader.grammarFor(source.path), (node) => lowering.lower(node));
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
    }
  } finally {
    parser.close();
  }
  return { scope, files, unparsed, broken };
}
