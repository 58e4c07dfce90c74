/** Which messages and values protoc cannot make Java of, and the names that it makes of different ones. */

import { ScalarType, type DescFile, type DescMessage } from '@bufbuild/protobuf';
import { JAVA_NAMES } from '../../validate/languages/java/names';
import { typesOf, type MadeName, type ReservedNames } from '../reserved-words';

/** Words that no class can be called, beside the keywords. */
const CONTEXTUAL_TYPES = ['permits', 'record', 'sealed', 'var', 'yield'];

/** The first words of the packages that protoc's code names in full: a class of such a name hides them. */
const PACKAGES = ['com', 'gen', 'java'];

/** Variables of the classes that protoc makes: of a file's one, and of each enum's. */
const VARIABLES = { file: 'descriptor', enum: 'value' };

/** Classes: none may be called as one that it is in. Beside message Foo there is FooOrBuilder, and in it a Builder. */
function* madeNames(file: DescFile): Generator<MadeName> {
  for (const type of typesOf(file)) {
    for (let outer = type.parent; outer; outer = outer.parent)
      yield { scope: type.typeName, name: outer.name, of: outer };
    yield { scope: type.typeName, name: type.name, of: type };
    const scope = `${type.parent?.typeName ?? file.name} {}`;
    yield { scope, name: type.name, of: type };
    if (type.kind !== 'message') continue;
    yield { scope, name: `${type.name}OrBuilder`, of: type };
    yield { scope: `${type.typeName} {}`, name: 'Builder', of: type };
    yield* accessorsOf(type);
  }
}

/**
 * Methods without parameters: beside getText of a string also getTextBytes, of a message getPartOrBuilder, of a oneof
 * getKindCase. protoc itself renames fields whose own getters are the same.
 */
function* accessorsOf(message: DescMessage): Generator<MadeName> {
  const scope = `${message.typeName} ()`;
  yield { scope, name: 'getDescriptor', of: message };
  for (const oneof of message.oneofs) yield { scope, name: `get${camelCase(oneof.name)}Case`, of: oneof };
  const getters = new Map(message.fields.map((field) => [`get${camelCase(field.name)}`, field]));
  for (const [name, of] of getters) {
    if (of.fieldKind !== 'list' && of.fieldKind !== 'map') yield { scope, name, of };
    if (of.scalar === ScalarType.STRING && of.fieldKind === 'scalar')
      yield { scope, name: `${name}Bytes`, of };
    if (of.fieldKind === 'message') yield { scope, name: `${name}OrBuilder`, of };
    if (of.fieldKind === 'list' && of.message) yield { scope, name: `${name}OrBuilderList`, of };
  }
}

/** protoc's rule: a capital after each underscore and each digit. */
const camelCase = (name: string): string =>
  name.replaceAll(
    /(^|_|\d)_*([A-Za-z]?)/g,
    (_, before: string, letter: string) => (before === '_' ? '' : before) + letter.toUpperCase(),
  );

export const JAVA_RESERVED: ReservedNames = {
  refusedTypes: new Set([
    ...JAVA_NAMES.keywords,
    ...CONTEXTUAL_TYPES,
    ...PACKAGES,
    ...Object.values(VARIABLES),
  ]),
  refusedValues: new Set([...JAVA_NAMES.keywords, ...PACKAGES, VARIABLES.enum]),
  madeNames,
};
