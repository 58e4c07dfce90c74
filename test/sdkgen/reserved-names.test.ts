/** Packages that use a language's own words as names: each is generated, compiled and run. */

import { describe, expect, it } from '@jest/globals';
import type { JsonValue } from '@bufbuild/protobuf';
import type { Language } from '../../src/manifest/manifest';
import { goSupport } from '../../src/sdkgen/go';
import { languageSupport } from '../../src/sdkgen/languages';
import { loadPackage } from '../../src/sdkgen/load-package';
import { validatePackage } from '../../src/validate/validate';
import { itWith, missingFor } from '../support/needs';
import { BuiltPackage, RunningPackage } from './built-package';
import {
  manifestOf,
  ReservedPackage,
  stem,
  wordsOf,
  type EchoAuthor,
  type EchoNode,
} from './reserved-package';

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
const JAVA_KEYWORDS = wordsOf('java').filter((word) => !JAVA_FREE.includes(word));
/** The words of C# that no type can be called by: all but the contextual ones. */
const CSHARP_FREE =
  `add alias ascending async await by descending dynamic equals from get global group init into join let
  managed nameof nint not notnull nuint on or orderby partial record remove select set unmanaged value var when where with
  yield`.split(/\s+/);
const CSHARP_TYPES = wordsOf('csharp').filter((word) => !CSHARP_FREE.includes(word));
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

const AUTHORS: Partial<Record<Language, EchoAuthor>> = {
  python: {
    file: (node) => `${pythonFunction(node)}.py`,
    source: (node) => `def ${pythonFunction(node)}(ax, input):\n    return input\n`,
  },
  go: {
    file: (node) => `${stem(node)}.go`,
    source: ({ name, message }) => {
      const type = `*gen.${camel(message)}`;
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

async function echoes(
  language: Language,
  refusedTypes: readonly string[] = [],
  refusedValues: readonly string[] = [],
) {
  const words = wordsOf(language);
  const typeWords = words.filter((word) => !refusedTypes.includes(word));
  const valueWords = words.filter((word) => !refusedValues.includes(word));
  using source = new ReservedPackage(language, AUTHORS[language] as EchoAuthor, typeWords, valueWords);
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
  const { code, output } = await built.test(...(TESTS[language] ?? []));
  expect(code === 0 ? '' : output).toBe('');
}

describe("a package that is called by its language's own words compiles, runs and passes its generated tests", () => {
  itWith('python', 'in Python', () => echoes('python'));
  itWith('go', 'in Go', () => echoes('go'));
  itWith('typescript', 'in TypeScript', () => echoes('typescript'));
  itWith('rust', 'in Rust', () => echoes('rust'));
  itWith('java', 'in Java', () =>
    echoes('java', [...JAVA_KEYWORDS, 'permits', 'record', 'sealed', 'var', 'yield'], JAVA_KEYWORDS),
  );
  itWith('csharp', 'in C#', () => echoes('csharp', CSHARP_TYPES));
});

/** A package without handlers, from a manifest and one .proto file. */
function packageWith(language: Language, nodes: readonly EchoNode[], proto: string): ReservedPackage {
  const source = new ReservedPackage(language, { file: () => 'unused.txt', source: () => '' });
  source.write('axiom.yaml', manifestOf(language, nodes));
  source.write('messages/messages.proto', proto);
  return source;
}

const REPLY = 'message Reply { string text = 1; }';
const proto = (...lines: string[]) => ['syntax = "proto3";', 'package acme;', ...lines].join('\n');
const findingsOf = async ({ root }: ReservedPackage) =>
  (await validatePackage(root)).findings
    .filter(({ rule }) => rule === 'name-refused' || rule === 'handler-not-called')
    .map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);

describe('where a name cannot be kept, generate refuses it and validate warns of it in the same words', () => {
  const cases: readonly (readonly [Language, string, string])[] = [
    [
      'java',
      proto('message class { string text = 1; }', REPLY),
      'messages/messages.proto:3:1: message class is called by a word that Java reserves; call it Class',
    ],
    [
      'java',
      proto(
        'message Reply { string text = 1;',
        '  enum Mode { MODE_UNSPECIFIED = 0;',
        '    default = 1; }',
        '}',
      ),
      'messages/messages.proto:5:5: value default of acme.Reply.Mode is called by a word that Java reserves; call it DEFAULT',
    ],
    [
      'csharp',
      proto('message Reply {', '  message string { string text = 1; } }'),
      'messages/messages.proto:4:3: message string is called by a word that C# reserves; call it String',
    ],
    [
      'typescript',
      proto('message Reply { repeated string tags = 1;', '  string tags_list = 2; }'),
      'messages/messages.proto:4:3: field tags_list of acme.Reply and field tags of acme.Reply are both getTagsList in TypeScript; rename one',
    ],
    [
      'typescript',
      proto('message Reply {', '  string kind_case = 1;', '  oneof kind { string text = 2; } }'),
      'messages/messages.proto:4:3: field kind_case of acme.Reply and oneof kind of acme.Reply are both getKindCase in TypeScript; rename one',
    ],
    [
      'go',
      proto('message Reply { message Part { string text = 1; } }', 'message Reply_Part { string text = 1; }'),
      'messages/messages.proto:4:1: message Reply_Part and message Part are both Reply_Part in Go; rename one',
    ],
  ];
  it.each(cases)('in %s', async (language, text, message) => {
    using source = packageWith(language, [{ name: 'Greet', message: 'Reply' }], text);
    await expect(loadPackage(source.root)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message });
    expect(await findingsOf(source)).toEqual([message]);
  });

  it('and nothing is said of names that compile', async () => {
    for (const language of ['python', 'rust', 'typescript', 'go'] as const) {
      using source = packageWith(language, [{ name: 'Greet', message: 'class' }], proto('message class {}'));
      expect(await findingsOf(source)).toEqual([]);
      expect((await loadPackage(source.root)).nodes).toHaveLength(1);
    }
  });
});

describe('a Go handler in a file that Go leaves out because of its name', () => {
  const handler = (node: string) => (AUTHORS.go as EchoAuthor).source({ name: node, message: 'Reply' });
  const cases = [
    ['RunTest', 'run_test', 'Go builds a file whose name ends in _test only for tests', 'run_test_node'],
    ['ParseJS', 'parse_js', 'Go builds a file whose name ends in _js only for js', 'parse_js_node'],
    ['ForPlan9', 'for_plan9', 'Go builds a file whose name ends in _plan9 only for plan9', 'for_plan9_node'],
    ['OnS390x', 'on_s390x', 'Go builds a file whose name ends in _s390x only for s390x', 'on_s390x_node'],
    [
      'RunJsWasm',
      'run_js_wasm',
      'Go builds a file whose name ends in _js_wasm only for js on wasm',
      'run_js_wasm_node',
    ],
  ] as const;

  it.each(cases)(
    '%s: generate, build and validate say what file name works',
    async (node, file, why, works) => {
      using source = packageWith('go', [{ name: node, message: 'Reply' }], proto(REPLY));
      source.write(`nodes/${file}.go`, handler(node));
      const message = `nodes/${file}.go holds func ${node}, and ${why}; rename the file, for instance to nodes/${works}.go`;
      const model = await loadPackage(source.root);
      const told: string[] = [];
      await goSupport.generate(model, (line) => void told.push(line));
      expect(told).toContain(message);
      if (missingFor('go') === undefined) {
        await expect(goSupport.build(model, () => undefined)).rejects.toMatchObject({ message });
      }
      expect(await findingsOf(source)).toEqual([`nodes/${file}.go:10:6: ${message}`]);
    },
  );

  it('or because of its build line, generate and validate say what to do', async () => {
    using source = packageWith('go', [{ name: 'Greet', message: 'Reply' }], proto(REPLY));
    for (const line of ['plan9', 'plan9 || (js && wasm)', '!unix && !plan9', 'ignore']) {
      source.write('nodes/greet.go', `//go:build ${line}\n\n${handler('Greet')}`);
      const message =
        'nodes/greet.go holds func Greet, and its line "//go:build" leaves it out; remove the line, or move the function';
      const told: string[] = [];
      await goSupport.generate(await loadPackage(source.root), (text) => void told.push(text));
      expect(told).toContain(message);
      expect(await findingsOf(source)).toEqual([`nodes/greet.go:12:6: ${message}`]);
    }
    for (const line of ['!plan9', 'plan9 || !js', '(plan9 || unix) && go1.21', 'cgo || !cgo']) {
      source.write('nodes/greet.go', `//go:build ${line}\n\n${handler('Greet')}`);
      expect(await findingsOf(source)).toEqual([]);
    }
  });

  it('a test of the name of a node is not its handler', async () => {
    using source = packageWith('go', [{ name: 'TestFlow', message: 'Reply' }], proto(REPLY));
    source.write('nodes/flow_test.go', 'package nodes\n\nfunc TestFlow(t *testing.T) {}\n');
    expect(await findingsOf(source)).toEqual([]);
  });

  itWith('go', 'under the name that was said, they are built and run, and so are their tests', async () => {
    const nodes = cases.map(([name]) => ({ name, message: 'Reply' }));
    using source = packageWith('go', [...nodes, { name: 'Run', message: 'Reply' }], proto(REPLY));
    source.write('nodes/run.go', handler('Run'));
    for (const [node, , , file] of cases) source.write(`nodes/${file}.go`, handler(node));
    using built = await BuiltPackage.of('go-file-names', source.root);
    const running = await RunningPackage.of(built);
    const answered = await Promise.all(nodes.map(({ name }) => running.invoke(name, { text: name })));
    await running.host.stop();
    expect(answered.map((events, i) => running.outputs(nodes[i]?.name ?? '', events))).toEqual(
      nodes.map(({ name }) => [{ text: name }]),
    );
    const { output } = await built.test('-v');
    for (const { name } of [...nodes, { name: 'Run' }]) {
      expect(output).toContain(`--- PASS: Test${name}AnswersAnEmptyInput`);
    }
  });
});

describe("a node's test has a name of its own", () => {
  it.each(['python', 'go', 'typescript', 'rust', 'java', 'csharp'] as const)(
    'in %s, where another node is called as the test would be',
    async (language) => {
      const nodes = ['Run', 'RunTest'].map((name) => ({ name, message: 'Reply' }));
      using source = packageWith(language, nodes, proto(REPLY));
      const author = AUTHORS[language] as EchoAuthor;
      for (const node of nodes) {
        const file = language === 'go' && node.name === 'RunTest' ? 'run_test_node.go' : author.file(node);
        source.write(`nodes/${file}`, author.source(node));
      }
      const model = await loadPackage(source.root);
      const files = await languageSupport(language).generate(model, () => undefined);
      const tests = files.map(({ path }) => path).filter((path) => /^nodes\/run.*_test\./.test(path));
      const stems = tests.map((path) => path.replace(/^nodes\/|\.\w+$/g, ''));
      expect(stems.sort()).toEqual(
        language === 'go' ? ['run_test', 'run_test_node_test'] : ['run_node_test', 'run_test_test'],
      );
    },
  );

  it('in Python, pytest takes neither a handler nor its file for a test', async () => {
    const nodes = [{ name: 'TestFlow', message: 'Reply' }];
    using source = packageWith('python', nodes, proto(REPLY));
    source.write('nodes/test_flow.py', 'def test_flow(ax, input):\n    return input\n');
    using built = await BuiltPackage.of('python-test-names', source.root);
    const { code, output } = await built.test();
    expect([code, output]).toEqual([0, expect.stringContaining('2 passed')]);
  });
});
