/** axiom.yaml, read with its places. */
import { describe, expect, it } from '@jest/globals';
import { parseManifest } from '../../src/manifest/parse';

const GOOD = `# A package
name: my-org/greeter
version: 0.1.0
language: python
nodes:
  - name: Greet
    input: GreetRequest
    output: GreetReply
    required_secrets:
      - GREETER_SIGNATURE
`;

const HEAD = 'name: a/b\nversion: 1.0.0\nlanguage: python\n';

const nodes = (count: number, field = '') =>
  Array.from({ length: count }, (_, i) => `  - {name: N${i}, input: A, output: B${field}}\n`).join('');

const names = (count: number) => Array.from({ length: count }, (_, i) => `KEY_${i}`).join(', ');

const manyNodes = (count: number) => `${HEAD}nodes:\n${nodes(count)}`;

const manyNames = (count: number) => `${HEAD}nodes:\n${nodes(1, `, required_secrets: [${names(count)}]`)}`;

const aliased = (count: number) =>
  `${HEAD}x: &s [${names(1_000)}]\nnodes:\n${nodes(count, ', required_secrets: *s')}`;

const aliasedText = () => `${HEAD}x: &t "${'x'.repeat(60_000)}"\nnodes:\n${nodes(50, ', description: *t')}`;

const errors = (text: string) =>
  parseManifest(text)
    .findings.filter((f) => f.severity === 'error')
    .map((f) => `${f.line}:${f.column} ${f.message}`);

describe('axiom.yaml', () => {
  it("reads the documentation's own example", () => {
    const { manifest, findings, declared } = parseManifest(GOOD);
    expect(findings).toEqual([]);
    expect(manifest).toMatchObject({
      name: 'my-org/greeter',
      version: '0.1.0',
      language: 'python',
      type: 'package',
      nodes: [
        { name: 'Greet', type: 'unary', input: 'GreetRequest', requiredSecrets: ['GREETER_SIGNATURE'] },
      ],
    });
    expect(declared).toEqual([
      { node: 'Greet', name: 'GREETER_SIGNATURE', line: 10, column: 9, endColumn: 26 },
    ]);
  });

  it('reads every field that the platform knows', () => {
    const { manifest, findings } = parseManifest(`name: a/b
version: 1.2.3-rc.1+build.5
language: csharp
type: proto-only
description: >
  Two lines
  of text
author: Ada
license: MIT
tags: [one, two]
nodes:
  - name: Any
    kind: generic
    generic_ports: [in, {name: out}]
    type: pipeline
    mutation_capable: true
imports:
  - package: x/y
    version: 1.0.0
    messages: [M]
env:
  - name: LEVEL
    description: how loud
    required: true
    secret: false
    default: 3
build:
  dockerfile: Dockerfile
  system_deps: [curl]
  nuget_deps: ["A:1"]
  maven_deps: ["a:b:1"]
  timeout: 10m
`);
    expect(findings).toEqual([]);
    expect(manifest).toMatchObject({
      type: 'proto-only',
      description: 'Two lines of text\n',
      author: 'Ada',
      license: 'MIT',
      tags: ['one', 'two'],
      nodes: [
        { kind: 'generic', genericPorts: ['in', '{name: out}'], type: 'pipeline', mutationCapable: true },
      ],
      imports: [{ package: 'x/y', version: '1.0.0', messages: ['M'] }],
      env: [{ name: 'LEVEL', description: 'how loud', required: true, secret: false, default: '3' }],
      build: {
        dockerfile: 'Dockerfile',
        systemDeps: ['curl'],
        nugetDeps: ['A:1'],
        mavenDeps: ['a:b:1'],
        timeout: '10m',
      },
    });
  });

  it('warns about unknown fields and still reads the rest', () => {
    const { manifest, findings } = parseManifest(`${GOOD}    requird_secrets: []\nhomepage: x\n`);
    expect(manifest).toBeDefined();
    expect(findings.map((f) => [f.severity, f.line, f.column, f.message])).toEqual([
      ['warning', 12, 1, 'unknown field "homepage" in axiom.yaml; it is ignored'],
      ['warning', 11, 5, 'unknown field "requird_secrets" in nodes[0]; did you mean "required_secrets"?'],
    ]);
  });

  it('reads a name without a handle, and says that a push needs one', () => {
    const { manifest, findings } = parseManifest(GOOD.replace('my-org/greeter', 'greeter'));
    expect(manifest?.name).toBe('greeter');
    expect(findings.map((f) => [f.rule, f.severity, f.line, f.column])).toEqual([
      ['manifest-handle', 'info', 2, 7],
    ]);
  });

  it('still offers what could be read when a field is wrong, but not as a manifest', () => {
    const { manifest, readable } = parseManifest(GOOD.replace('0.1.0', 'v1'));
    expect(manifest).toBeUndefined();
    expect(readable?.nodes.map((node) => node.name)).toEqual(['Greet']);
    expect(parseManifest(GOOD.replace(': python', ': cobol')).readable).toBeUndefined();
  });

  it.each([
    ['a missing field', GOOD.replace('language: python\n', ''), /^2:1 "language" is missing; add a line/],
    [
      'a name of three parts',
      GOOD.replace('my-org/greeter', 'my/org/greeter'),
      /^2:7 "name" is "my\/org\/greeter"; write handle\/package-name/,
    ],
    ['two numbers', GOOD.replace('0.1.0', '1.10'), /^3:10 "version" is "1.10"; write a semantic version/],
    ['a leading v', GOOD.replace('0.1.0', 'v1.0.0'), /^3:10 "version" is "v1.0.0"/],
    ['a nickname', GOOD.replace(': python', ': golang'), /^4:11 "language" is "golang"; write "go"/],
    [
      'an unknown language',
      GOOD.replace(': python', ': cobol'),
      /write one of python, go, typescript, rust, java, csharp/,
    ],
    [
      'a lower-case node',
      GOOD.replace('name: Greet', 'name: greet'),
      /^6:11 node name "greet" is not PascalCase/,
    ],
    [
      'a node listed twice',
      `${GOOD}  - {name: Greet, input: A, output: B}\n`,
      /^11:12 node Greet is listed twice/,
    ],
    [
      'nodes that share a file',
      `${GOOD}  - {name: GREET, input: A, output: B}\n`,
      /^11:12 nodes Greet and GREET differ/,
    ],
    ['a node without input', GOOD.replace('    input: GreetRequest\n', ''), /^6:5 node Greet has no "input"/],
    [
      'a bad secret name',
      GOOD.replace('GREETER_SIGNATURE', '"MY KEY"'),
      /^10:9 "MY KEY" in required_secrets of node Greet/,
    ],
    [
      'a map for a list',
      GOOD.replace('      - GREETER_SIGNATURE', '      A: b'),
      /"required_secrets" of node Greet must be a list/,
    ],
    [
      'a text for a list',
      GOOD.replace('\n      - GREETER_SIGNATURE', ' KEY'),
      /must be a list: each item on its own line/,
    ],
    ['a field given twice', `${GOOD}version: 1.0.0\n`, /^11:1 "version" is given twice/],
    [
      'a bad node type',
      GOOD.replace('    input:', '    type: stream\n    input:'),
      /^7:11 "type" of node Greet is "stream"/,
    ],
    ['an open quote', GOOD.replace('0.1.0', '"0.1.0'), /^\d+:\d+ is not valid YAML/],
    ['a list at the top', '- a\n', /^1:1 axiom.yaml must be a mapping/],
    ['nothing', '', /^1:1 is empty/],
    ['comments only', '# x\n', /^1:1 is empty/],
    ['two documents', `${GOOD}---\na: b\n`, /is more than one document; remove this line/],
  ])('refuses %s and says where and what to do', (_, text, message) => {
    const { manifest } = parseManifest(text);
    expect(manifest).toBeUndefined();
    expect(errors(text)[0]).toMatch(message);
  });

  it('takes empty fields for missing ones, anchors, merges, CRLF and a byte order mark', () => {
    const text = `\uFEFF${GOOD.replace('- name: Greet', '- &base\n    name: Greet')}  - <<: *base\n    name: Other\n    required_secrets:\n`;
    const { manifest, findings } = parseManifest(text.replaceAll('\n', '\r\n'));
    expect(findings).toEqual([]);
    expect(manifest?.nodes[1]).toMatchObject({ name: 'Other', input: 'GreetRequest', requiredSecrets: [] });
  });

  it.each([
    ['an oversized file', `name: ${'x'.repeat(300_000)}`, /larger than 256 KiB/],
    ['an alias bomb', bomb(), /aliases|must be a mapping/],
    ['brackets without end', '['.repeat(200_000), /nests deeper/],
    ['list marks without end', '- '.repeat(100_000), /nests deeper/],
    [
      'deep indentation',
      Array.from({ length: 300 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
      /nests deeper/,
    ],
    ['a list of names that aliases repeat', aliased(500), /more than 50000 values .* YAML aliases/],
    ['a text that aliases repeat', aliasedText(), /more than 50000 values or 1048576 characters/],
    ['commas without end', `${GOOD}tags: [${'a,'.repeat(100_000)}]`, /more than 60000 parts/],
    ['comments without end', '#\n'.repeat(100_000), /more than 60000 parts/],
    ['1,001 nodes', manyNodes(1_001), /lists 1001 nodes; a package has at most 1000/],
    ['1,001 names of secrets', manyNames(1_001), /more than 1000 names of secrets/],
  ])('refuses %s without effort', (_, text, message) => {
    expect(errors(text).join('\n')).toMatch(message);
  });

  it('reads the largest package: 1,000 nodes, 1,000 names, and a list of names that nodes share', () => {
    expect(parseManifest(manyNodes(1_000)).manifest?.nodes).toHaveLength(1_000);
    expect(parseManifest(manyNames(1_000)).manifest?.nodes[0]?.requiredSecrets).toHaveLength(1_000);
    expect(parseManifest(aliased(10)).manifest?.nodes[9]?.requiredSecrets).toHaveLength(1_000);
  });

  it('shows the first hundred mistakes of a kind, and says no more of the others', () => {
    const { manifest, findings } = parseManifest(`${GOOD}tags:\n${'  - [a]\n'.repeat(5_000)}`);
    expect(manifest).toBeUndefined();
    expect(findings).toHaveLength(100);
  });

  it('shows control characters of the file as question marks', () => {
    expect(errors(GOOD.replace('my-org/greeter', '"a\\e[31mb"')).join()).toContain('"a?[31mb"');
  });
});

function bomb(): string {
  const lines = ['a0: &a0 {name: a/b}'];
  for (let i = 1; i < 40; i++) lines.push(`a${i}: &a${i} {<<: [*a${i - 1}, *a${i - 1}]}`);
  return `${lines.join('\n')}\nnodes:\n  - <<: *a39\n`;
}
