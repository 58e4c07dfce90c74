/** Packages that use a language's own words as names: each is generated, compiled and run. */

import { describe, expect, it } from '@jest/globals';
import type { Language } from '../../src/manifest/manifest';
import { goSupport } from '../../src/sdkgen/go';
import { languageSupport } from '../../src/sdkgen/languages';
import { loadPackage } from '../../src/sdkgen/load-package';
import { validatePackage } from '../../src/validate/validate';
import { itWith, missingFor } from '../support/needs';
import { BuiltPackage, RunningPackage } from './built-package';
import { AUTHORS, CSHARP_TYPES, echoes, JAVA_KEYWORDS } from './echo-packages';
import { manifestOf, ReservedPackage, type EchoNode } from './reserved-package';

describe("a package that is called by its language's own words compiles, runs and passes its generated tests", () => {
  itWith('python', 'in Python', () => echoes('python'));
  itWith('go', 'in Go', () => echoes('go'));
  itWith('typescript', 'in TypeScript', () => echoes('typescript'));
  itWith('rust', 'in Rust', () => echoes('rust'));
  itWith('java', 'in Java', () =>
    echoes('java', {
      refusedTypes: [...JAVA_KEYWORDS, 'permits', 'record', 'sealed', 'var', 'yield'],
      refusedValues: JAVA_KEYWORDS,
    }),
  );
  itWith('csharp', 'in C#', () => echoes('csharp', { refusedTypes: CSHARP_TYPES }));
});

/** Written by hand, as prost writes the types and their modules: what service.rs has to call them by. */
const ODD_RUST = [
  ['HTTPRequest', 'HttpRequest'],
  ['KNN', 'Knn'],
  ['A1B', 'A1b'],
  ['b2C', 'B2C'],
  ['SHA256Hash', 'Sha256Hash'],
  ['ABTest', 'AbTest'],
  ['snake_case', 'SnakeCase'],
  ['_Under', 'Under'],
  ['X__Y', 'XY'],
  ['Outer.HTTPInner', 'outer::HttpInner'],
  ['typeOf.Self', 'type_of::Self_'],
] as const;

describe('in Rust, messages are called as prost calls them', () => {
  itWith('rust', 'whatever capitals, digits and underscores their names and packages have', async () => {
    const own = 'acme.HTTPApi.type.v1Beta';
    const nodes = ODD_RUST.map(([name], index) => ({ name: `Echo${index}`, message: `${own}.${name}` }));
    const simple = ODD_RUST.map(([name]) => name).filter((name) => !name.includes('.'));
    using source = packageWith(
      'rust',
      nodes,
      [
        'syntax = "proto3";',
        `package ${own};`,
        ...simple.map((name) => `message ${name} { string text = 1; }`),
        'message Outer { message HTTPInner { string text = 1; } }',
        'message typeOf { message Self { string text = 1; } }',
      ].join('\n'),
    );
    ODD_RUST.forEach(([, path], index) => {
      const type = `crate::r#gen::acme::http_api::r#type::v1_beta::${path}`;
      source.write(
        `nodes/echo${index}.rs`,
        `pub fn echo${index}(_ax: &dyn crate::axiom_context::AxiomContext, input: ${type}) -> Result<${type}, Box<dyn std::error::Error>> {\n    Ok(input)\n}\n`,
      );
    });
    using built = await BuiltPackage.of('rust-odd-names', source.root);
    const running = await RunningPackage.of(built);
    const events = await running.invoke('Echo0', { text: 'here' });
    await running.host.stop();
    expect(running.outputs('Echo0', events)).toEqual([{ text: 'here' }]);
  });
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
    [
      'java',
      proto(REPLY, 'message gen { string text = 1; }'),
      'messages/messages.proto:4:1: message gen is called by a word that Java reserves; call it Gen',
    ],
    [
      'java',
      proto(REPLY, 'enum Mode { MODE_UNSPECIFIED = 0;', '  value = 1; }'),
      'messages/messages.proto:5:3: value value of acme.Mode is called by a word that Java reserves; call it VALUE',
    ],
    [
      'java',
      proto('message Reply {', '  string descriptor = 1; }'),
      'messages/messages.proto:4:3: field descriptor of acme.Reply and message Reply are both getDescriptor in Java; rename one',
    ],
    [
      'java',
      proto(REPLY, 'message Part { message Box {', '  message Part { string text = 1; } } }'),
      'messages/messages.proto:5:3: message Part and message Part are both Part in Java; rename one',
    ],
    [
      'java',
      proto(REPLY, 'message Part {', '  message Builder { string text = 1; } }'),
      'messages/messages.proto:5:3: message Builder and message Part are both Builder in Java; rename one',
    ],
    [
      'java',
      proto(REPLY, 'message ReplyOrBuilder { string text = 1; }'),
      'messages/messages.proto:4:1: message ReplyOrBuilder and message Reply are both ReplyOrBuilder in Java; rename one',
    ],
    [
      'java',
      proto('message Reply { string text = 1;', '  bytes text_bytes = 2; }'),
      'messages/messages.proto:4:3: field text_bytes of acme.Reply and field text of acme.Reply are both getTextBytes in Java; rename one',
    ],
    [
      'java',
      proto('message Reply { Reply part = 1;', '  Reply part_or_builder = 2; }'),
      'messages/messages.proto:4:3: field part_or_builder of acme.Reply and field part of acme.Reply are both getPartOrBuilder in Java; rename one',
    ],
    [
      'java',
      proto('message Reply { oneof kind { string text = 1; }', '  string kind_case = 2; }'),
      'messages/messages.proto:4:3: field kind_case of acme.Reply and oneof kind of acme.Reply are both getKindCase in Java; rename one',
    ],
    [
      'rust',
      proto('message Reply { message Kind { string text = 1; }', '  oneof kind { string text = 2; } }'),
      'messages/messages.proto:3:17: message Kind and oneof kind of acme.Reply are both Kind in Rust; rename one',
    ],
    [
      'rust',
      proto('message Reply { string HTTPUrl = 1;', '  string http_url = 2; }'),
      'messages/messages.proto:4:3: field http_url of acme.Reply and field HTTPUrl of acme.Reply are both http_url in Rust; rename one',
    ],
    [
      'rust',
      proto('message Reply { oneof kind { string HTTPUrl = 1;', '  string http_url = 2; } }'),
      'messages/messages.proto:4:3: field http_url of acme.Reply and field HTTPUrl of acme.Reply are both HttpUrl in Rust; rename one',
    ],
    [
      'rust',
      proto(REPLY, 'message HTTPReply { string text = 1; }', 'message Http_Reply { string text = 1; }'),
      'messages/messages.proto:5:1: message Http_Reply and message HTTPReply are both HttpReply in Rust; rename one',
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

describe('names that only look as if they were made one', () => {
  /** protoc renames the fields of the first five itself. */
  const accepted = proto(
    'enum Mode { MODE_UNSPECIFIED = 0; }',
    'message A { repeated string data = 1; bytes data_bytes = 2; }',
    'message B { Mode mode = 1; int32 mode_value = 2; }',
    'message C { repeated string foo = 1; int32 foo_count = 2; string foo_list = 3; }',
    'message D { map<string, string> foo = 1; int32 foo_count = 2; string foo_map = 3; }',
    'message E { string foo_1bar = 1; string foo1_bar = 2; }',
    'message F { optional string foo = 1; bool has_foo = 2; }',
    'message G { message A { string text = 1; } A a = 1; oneof kind { string text = 2; } }',
    REPLY,
  );
  for (const language of ['java', 'rust'] as const)
    itWith(language, `are built in ${language}`, async () => {
      using source = packageWith(language, [], accepted);
      using built = await BuiltPackage.of('accepted-names', source.root);
      expect(built.model.nodes).toEqual([]);
    });
});

describe('a Go handler in a file that Go leaves out because of its name', () => {
  const handler = (node: string) => AUTHORS.go.source({ name: node, message: 'Reply' });
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
      const author = AUTHORS[language];
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
