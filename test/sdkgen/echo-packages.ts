/** Authors of packages whose names are odd: how each language writes a handler that answers its input, and the proof that it runs. */

import { expect } from '@jest/globals';
import type { JsonValue } from '@bufbuild/protobuf';
import type { Language } from '../../src/manifest/manifest';
import { BuiltPackage, RunningPackage } from './built-package';
import { ReservedPackage, stem, wordsOf, type EchoAuthor, type EchoNode } from './reserved-package';

/** Written by hand: what a node's function is called where the language does not let it be called so. */
const PYTHON_FUNCTIONS = new Map(
  wordsOf('python')
    .filter((word) => !['case', 'match', 'type'].includes(word) && !/^[A-Z]/.test(word))
    .map((word) => [word, `${word}_`]),
);
const RUST_FUNCTIONS = new Map([
  ...wordsOf('rust').map((word) => [word, `r#${word}`] as const),
  ...['crate', 'self', 'super'].map((word) => [word, `${word}_`] as const),
  ...['macro_rules', 'raw', 'safe', 'union'].map((word) => [word, word] as const),
]);
/** Contextual words that a Java method may be called by. */
const JAVA_FREE =
  `exports opens requires uses module permits sealed var provides to when open record transitive with
  yield`.split(/\s+/);
const JAVA_FUNCTIONS = new Map(
  wordsOf('java')
    .filter((word) => !JAVA_FREE.includes(word))
    .map((word) => [word, `${word}_`]),
);
export const JAVA_KEYWORDS = wordsOf('java').filter((word) => !JAVA_FREE.includes(word));
/** The words of C# that no type can be called by: all but the contextual ones. */
const CSHARP_FREE =
  `add alias ascending async await by descending dynamic equals from get global group init into join let
  managed nameof nint not notnull nuint on or orderby partial record remove select set unmanaged value var when where with
  yield`.split(/\s+/);
export const CSHARP_TYPES = wordsOf('csharp').filter((word) => !CSHARP_FREE.includes(word));
const TYPESCRIPT_FREE =
  `abstract accessor any as asserts asserts assert async bigint boolean constructor declare defer get
  global infer intrinsic is keyof module namespace never number object of out override readonly satisfies set string
  symbol type unique unknown using from array uint8Array readonlyArray`.split(/\s+/);
const TYPESCRIPT_FUNCTIONS = new Map(
  wordsOf('typescript')
    .filter((word) => !TYPESCRIPT_FREE.includes(word) && !/^[A-Z]/.test(word))
    .map((word) => [word, `${word}_`]),
);

const camel = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const lowerFirst = (word: string) => word.charAt(0).toLowerCase() + word.slice(1);
/** prost's names of types. */
const rustType = (word: string) => (word === 'self' ? 'Self_' : word.split('_').map(camel).join(''));

const pythonFunction = (node: EchoNode) => PYTHON_FUNCTIONS.get(stem(node)) ?? stem(node);

export const AUTHORS: Readonly<Record<Language, EchoAuthor>> = {
  python: {
    file: (node) => `${pythonFunction(node)}.py`,
    source: (node) => `def ${pythonFunction(node)}(ax, input):\n    return input\n`,
  },
  go: {
    file: (node) => `${stem(node)}.go`,
    source: ({ name, message }) => {
      const type = `*gen.${message.split('_').map(camel).join('')}`;
      const imports = 'import (\n\t"context"\n\n\t"acme/words/axiom"\n\t"acme/words/gen"\n)\n';
      return `package nodes\n\n${imports}\nfunc ${name}(ctx context.Context, ax axiom.Context, input ${type}) (${type}, error) {\n\treturn input, nil\n}\n`;
    },
  },
  typescript: {
    file: (node) => `${stem(node)}.ts`,
    source: (node) => {
      const name = lowerFirst(node.name);
      const type = `messages_pb.${node.message}`;
      return `import type { AxiomContext } from '../gen/axiomContext';\nimport * as messages_pb from '../gen/messages_pb';\nexport function ${TYPESCRIPT_FUNCTIONS.get(name) ?? name}(ax: AxiomContext, input: ${type}): ${type} {\n  return input;\n}\n`;
    },
  },
  rust: {
    file: (node) => `${stem(node)}.rs`,
    source: (node) => {
      const type = `crate::r#gen::messages::${rustType(node.message)}`;
      const name = RUST_FUNCTIONS.get(stem(node)) ?? stem(node);
      return `use crate::axiom_context::AxiomContext;\npub fn ${name}(_ax: &dyn AxiomContext, input: ${type}) -> Result<${type}, Box<dyn std::error::Error>> {\n    Ok(input)\n}\n`;
    },
  },
  java: {
    file: (node) => `${stem(node)}.java`,
    source: (node) => {
      const name = lowerFirst(node.name);
      const type = `gen.Messages.${node.message}`;
      return `package nodes;\npublic class ${node.name} {\n    public static ${type} ${JAVA_FUNCTIONS.get(name) ?? name}(axiom.AxiomContext ax, ${type} input) {\n        return input;\n    }\n}\n`;
    },
  },
  csharp: {
    file: (node) => `${stem(node)}.cs`,
    source: ({ name, message }) =>
      `namespace Nodes;\npublic static class ${name}Node\n{\n    public static Gen.${message} ${name}(Axiom.IAxiomContext ax, Gen.${message} input) => input;\n}\n`,
  },
};

/** Of the tests that were generated, those that are run: jest compiles each on its own, which takes seconds. */
const TESTS: Partial<Record<Language, readonly string[]>> = {
  typescript: ['nodes/(delete|function|echo_nested)_test.ts$'],
};

/** An input that fills every field. */
function inputOf(node: EchoNode, words: readonly string[], typeWords: readonly string[]): JsonValue {
  const jsonName = (word: string) =>
    word.replaceAll(/_([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const filled = (list: readonly string[], prefix: string, value: (word: string) => JsonValue) =>
    Object.fromEntries(list.map((word) => [jsonName(`${prefix}${word}`), value(word)]));
  switch (node.message) {
    case 'Fields':
      return filled(words, '', (word) => word);
    case 'Lists':
      return filled(words, '', (word) => [word, word]);
    case 'Oneofs':
      return filled(words, 'the_', (word) => word);
    case 'Nested':
      return filled(typeWords, 'of_', (word) => ({ text: word }));
    case 'Values':
      return { values: ['VALUE_UNSPECIFIED'] };
    case 'Enums':
      return {};
    default:
      return { text: node.message, inner: { text: 'inner' } };
  }
}

/** What is called by which words. */
export interface Echoes {
  /** Of nodes, fields and oneofs. */
  readonly words?: readonly string[];
  /** Of these, the ones that messages and enums cannot be called by, and values of enums. */
  readonly refusedTypes?: readonly string[];
  readonly refusedValues?: readonly string[];
  /** Of the generated tests, those that are run, where all take long. */
  readonly tests?: readonly string[];
}

/** Builds the package, calls every node of it and runs its generated tests. */
export async function echoes(
  language: Language,
  {
    words = wordsOf(language),
    refusedTypes = [],
    refusedValues = [],
    tests = TESTS[language] ?? [],
  }: Echoes = {},
): Promise<void> {
  const typeWords = words.filter((word) => !refusedTypes.includes(word));
  const valueWords = words.filter((word) => !refusedValues.includes(word));
  using source = new ReservedPackage(language, AUTHORS[language], { words, typeWords, valueWords });
  using built = await BuiltPackage.of(`reserved-${language}`, source.root);
  const running = await RunningPackage.of(built);
  try {
    for (const node of source.nodes) {
      const input = inputOf(node, words, typeWords);
      const events = await running.invoke(node.name, input);
      expect([node.name, running.outputs(node.name, events)]).toEqual([node.name, [input]]);
    }
  } finally {
    await running.host.stop();
  }
  const { code, output } = await built.test(...tests);
  expect(code === 0 ? '' : output).toBe('');
}
