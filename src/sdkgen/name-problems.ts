/** Names in a package's messages that its language cannot have: what is wrong, where, and what to write instead. */

import type {
  DescEnum,
  DescEnumValue,
  DescField,
  DescFile,
  DescMessage,
  DescOneof,
  FileRegistry,
} from '@bufbuild/protobuf';
import { DomainError } from '../domain/errors';
import { LANGUAGE_TITLES } from '../domain/language-titles';
import type { Language } from '../manifest/manifest';
import { pascalCase } from '../validate/languages/common/naming';
import { reservedNames } from './reserved-names';
import { typesOf, type MadeName } from './reserved-words';

/** One name that cannot be kept. */
export interface NameProblem {
  /** The .proto file, relative to the package's root. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

type Named = DescMessage | DescEnum | DescEnumValue | DescField | DescOneof;

/** Throws INVALID_ARGUMENT with every name that the package's language refuses. */
export function requireNames(language: Language, registry: FileRegistry): void {
  const problems = nameProblems(language, registry);
  if (problems.length === 0) return;
  throw new DomainError(
    'INVALID_ARGUMENT',
    problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'),
    'NAME_REFUSED',
  );
}

/** In the order of the files. */
export function nameProblems(language: Language, registry: FileRegistry): readonly NameProblem[] {
  const files = [...registry.files].filter((file) => !file.name.startsWith('google/protobuf/'));
  return [...files.flatMap((file) => refusals(language, file)), ...clashes(language, files)];
}

/** Names whose code Protobuf's own generator for the language makes, and the language's compiler refuses. */
function refusals(language: Language, file: DescFile): readonly NameProblem[] {
  const { refusedTypes, refusedValues } = reservedNames(language);
  const title = LANGUAGE_TITLES[language];
  const problem = (desc: Named, refused: ReadonlySet<string>, instead: string): NameProblem[] =>
    refused.has(desc.name)
      ? [
          {
            ...placeOf(desc, file),
            message: `${titleOf(desc)} is called by a word that ${title} reserves; call it ${instead}`,
          },
        ]
      : [];
  return [...typesOf(file)].flatMap((type) => [
    ...problem(type, refusedTypes, pascalCase(type.name)),
    ...(type.kind === 'enum'
      ? type.values.flatMap((value) => problem(value, refusedValues, value.name.toUpperCase()))
      : []),
  ]);
}

/** Different names that the language's Protobuf generator makes one of. */
function clashes(language: Language, files: readonly DescFile[]): readonly NameProblem[] {
  const seen = new Map<string, MadeName>();
  return files.flatMap((file) =>
    [...reservedNames(language).madeNames(file)].flatMap((made): NameProblem[] => {
      const key = `${made.scope}\0${made.name}`;
      const other = seen.get(key);
      seen.set(key, other ?? made);
      if (!other) return [];
      const title = LANGUAGE_TITLES[language];
      const message = `${titleOf(made.of)} and ${titleOf(other.of)} are both ${made.name} in ${title}; rename one`;
      return [{ ...placeOf(made.of, file), message }];
    }),
  );
}

const KINDS = {
  message: 'message',
  enum: 'enum',
  enum_value: 'value',
  field: 'field',
  oneof: 'oneof',
} as const;

/** `field tags of acme.Post`. */
function titleOf(desc: Named): string {
  const own = `${KINDS[desc.kind]} ${desc.name}`;
  return desc.kind === 'message' || desc.kind === 'enum' ? own : `${own} of ${desc.parent.typeName}`;
}

/** descriptor.proto, SourceCodeInfo: a path is the field numbers and indexes that lead to a declaration. */
function placeOf(desc: Named, file: DescFile): Omit<NameProblem, 'message'> {
  const path = pathOf(desc).join();
  const location = file.proto.sourceCodeInfo?.location.find((each) => each.path.join() === path);
  const [line = 0, column = 0] = location?.span ?? [];
  return { file: file.proto.name, line: line + 1, column: column + 1 };
}

function pathOf(desc: Named): readonly number[] {
  if (desc.kind === 'message' || desc.kind === 'enum') {
    const { parent, file } = desc;
    const isMessage = desc.kind === 'message';
    if (!parent) {
      const protos: readonly unknown[] = isMessage ? file.proto.messageType : file.proto.enumType;
      return [isMessage ? 4 : 5, protos.indexOf(desc.proto)];
    }
    const protos: readonly unknown[] = isMessage ? parent.proto.nestedType : parent.proto.enumType;
    return [...pathOf(parent), isMessage ? 3 : 4, protos.indexOf(desc.proto)];
  }
  if (desc.kind === 'enum_value') return [...pathOf(desc.parent), 2, desc.parent.values.indexOf(desc)];
  if (desc.kind === 'field') return [...pathOf(desc.parent), 2, desc.parent.proto.field.indexOf(desc.proto)];
  return [...pathOf(desc.parent), 8, desc.parent.proto.oneofDecl.indexOf(desc.proto)];
}
