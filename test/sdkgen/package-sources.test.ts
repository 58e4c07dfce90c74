/** What generation reads of a package's sources: handlers, how they are called, and what doubles expect of the context. */

import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Language } from '../../src/manifest/manifest';
import { parseManifest } from '../../src/manifest/parse';
import { readPackageSources } from '../../src/validate/languages/package-sources';
import { validatePackage } from '../../src/validate/validate';
import { PackageFolder } from '../support/package-folder';

const manifestOf = (language: Language, ...nodes: readonly string[]) =>
  [
    `name: acme/pack\nversion: 1.0.0\nlanguage: ${language}\nnodes:`,
    ...nodes.map((name) => `  - name: ${name}\n    description: d\n    input: In\n    output: Out`),
    '',
  ].join('\n');

/** Of the nodes of a package in a language, with some sources. */
async function read(language: Language, nodes: readonly string[], sources: Readonly<Record<string, string>>) {
  const text = manifestOf(language, ...nodes);
  using folder = new PackageFolder({ 'axiom.yaml': text, ...sources });
  const { manifest } = parseManifest(text);
  if (!manifest) throw new Error('the manifest is not read');
  const { findings } = await validatePackage(folder.root);
  const warned = findings.filter(({ rule }) => rule.startsWith('handler-')).map(({ message }) => message);
  return { ...(await readPackageSources(folder.root, manifest)), warned };
}

const context = async (language: Language, sources: Readonly<Record<string, string>>) =>
  (await read(language, [], sources)).context;

const go = (code: string, path = 'nodes/a_test.go') => context('go', { [path]: `package nodes\n${code}\n` });
const rust = (code: string, path = 'nodes/a_test.rs') => context('rust', { [path]: `${code}\n` });

describe('what a Go package expects of its context', () => {
  it('is told by doubles first', async () => {
    const newer = 'func (m mut) AddNode(a, b, c string, p *axiom.CanvasPosition) uint32 { return 0 }';
    const older = 'func (*mut) AddNode(_, _ string, _ *axiom.CanvasPosition) uint32 { return 0 }';
    const overLines =
      'func (*mut) AddNode(\n\tpkg string,\n\tver string,\n\tat *axiom.CanvasPosition,\n) uint32 { return 0 }';
    expect(await go(newer)).toMatchObject({ addNode: 'new', addNodeFrom: 'nodes/a_test.go' });
    expect(await go(older)).toMatchObject({ addNode: 'old' });
    expect(await go(overLines)).toMatchObject({ addNode: 'old' });
    expect(await go(`${newer}\nfunc f(m axiom.FlowMutation) { m.AddNode(a, b, nil) }`)).toMatchObject({
      addNode: 'new',
    });
  });

  it('is told by calls where there are no doubles, and is the newest where nothing tells', async () => {
    const call = (args: string) =>
      go(`func grow(ax axiom.Context) { f := ax.Mutation().Flow()\nf.AddNode(${args}) }`, 'nodes/grow.go');
    expect(await call('"a,b", v, &axiom.CanvasPosition{GridCol: 1, GridRow: 2}')).toMatchObject({
      addNode: 'old',
    });
    expect(await call('p, v, name(1, 2), nil')).toMatchObject({ addNode: 'new' });
    const helper = 'func grow(f axiom.FlowMutation) { f.AddNode(p, v, nil) }';
    expect(await go(helper, 'nodes/grow.go')).toMatchObject({ addNode: 'old' });
    expect(await go('func g(g *graph) { g.AddNode(a, b, c) }')).toMatchObject({
      addNode: 'new',
      addNodeFrom: undefined,
    });
    expect(await go('// f.AddNode(a, b, nil) on ax.Mutation()')).toMatchObject({ addNodeFrom: undefined });
  });

  it('leaves out of Context what a double lacks and nothing calls', async () => {
    const members = ['Log', 'Secrets', 'ExecutionID', 'FlowID', 'TenantID'];
    const methods = (names: string[], more = '') =>
      go(`${names.map((name) => `func (c *fake) ${name}() T { return nil }`).join('\n')}\n${more}`);
    expect((await methods(members)).leftOut).toEqual(['Reflection', 'Mutation']);
    const call = 'func probe(ax axiom.Context) { ax.Reflection().Flow() }';
    expect((await methods(members, call)).leftOut).toEqual(['Mutation']);
    expect((await methods([...members, 'Reflection', 'Mutation'])).leftOut).toEqual([]);
    expect((await methods(['Secrets'])).leftOut).toEqual([]);
  });

  it('has the agent memory where a double names its types, and as a member where a handler calls it', async () => {
    expect((await go('func (f *fake) Agent() axiom.Agent { return nil }')).agent).toBe('types');
    expect((await go('func f(ax axiom.Context) { ax.Agent() }')).agent).toBe('member');
    expect((await go('func f(c axiom.Context) { c.Agent().Memory().Read() }')).agent).toBe('member');
    expect((await go('var note = "axiom.Agent and ax.Agent() are gone" // ax.Agent()')).agent).toBe(
      'nothing',
    );
  });
});

describe('what a Rust package expects of its context', () => {
  const double = (parameters: string) =>
    rust(
      `#[cfg(test)]\nmod tests {\n  impl FlowMutation for Fake {\n    fn add_node(&self, ${parameters}) -> u32 { 0 }\n  }\n}`,
    );

  it('is told by doubles first, in test modules too', async () => {
    expect(await double('_: &str, _: &str, _: &str, _: Option<CanvasPosition>')).toMatchObject({
      addNode: 'new',
      addNodeFrom: 'nodes/a_test.rs',
    });
    expect(await double('\n  _: &str,\n  _: &str,\n  _: Option<CanvasPosition>,\n')).toMatchObject({
      addNode: 'old',
    });
  });

  it('is told by calls where there are no doubles, and is the newest where nothing tells', async () => {
    const call = (args: string) =>
      rust(`fn grow(ax: &dyn AxiomContext) { let f = ax.mutation().flow(); f.add_node(${args}); }`);
    expect(await call('"a,b", &version(1, 2), Some(CanvasPosition { x: 1.0, y: 2.0 })')).toMatchObject({
      addNode: 'old',
    });
    expect(await call('p, v, n, None,')).toMatchObject({ addNode: 'new' });
    expect(await rust('fn f(graph: &Graph) { graph.add_node(a, b, c); }')).toMatchObject({
      addNodeFrom: undefined,
    });
  });

  it('has the agent memory where sources name it', async () => {
    expect((await rust('fn f(a: &dyn Agent) {}')).agent).toBe('types');
    expect((await rust('fn f(a: &dyn AxiomContext) { a.agent().memory(); }')).agent).toBe('member');
    expect((await rust('// NoopAgent\nfn f() {}')).agent).toBe('nothing');
  });
});

describe('how a handler is called', () => {
  const goSignature = (parameters: string) =>
    `package nodes\n\nfunc F(${parameters}) (*gen.Out, error) {\n}\n`;
  const cases: readonly (readonly [string, Language, string, string, object])[] = [
    [
      'Go',
      'go',
      'nodes/f.go',
      goSignature('ctx context.Context, ax axiom.Context, in *gen.In'),
      { takes: 'context' },
    ],
    [
      'Go, before there was a context',
      'go',
      'nodes/f.go',
      goSignature('\n\tctx context.Context,\n\tin *gen.In,\n'),
      { takes: 'nothing' },
    ],
    [
      'Go, with a logger',
      'go',
      'nodes/f.go',
      goSignature('ctx context.Context, log axiom.Logger, in *gen.In'),
      { takes: 'log' },
    ],
    [
      'Go, with a logger and secrets',
      'go',
      'nodes/f.go',
      goSignature(
        'ctx context.Context, log axiom.Logger, s axiom.Secrets, in <-chan *gen.In, emit func(*gen.Out) error',
      ),
      { takes: 'logAndSecrets', isStream: true },
    ],
    [
      'Python',
      'python',
      'nodes/f.py',
      'def f(ax, input):\n    return 1\n',
      { takes: 'context', isAsync: false, isStream: false },
    ],
    [
      'Python, later',
      'python',
      'nodes/f.py',
      '@traced\nasync def f(ax, input):\n    return 1\n',
      { isAsync: true },
    ],
    [
      'Python, with separate parameters',
      'python',
      'nodes/f.py',
      'def f(log, secrets, inputs):\n    yield 1\n',
      { takes: 'logAndSecrets', isStream: true },
    ],
    [
      'TypeScript',
      'typescript',
      'nodes/f.ts',
      'export async function f(ax: AxiomContext, input: In): Promise<Out> { return x; }\n',
      { isAsync: true, parameters: ['AxiomContext', 'In'] },
    ],
    [
      'TypeScript, as a constant',
      'typescript',
      'nodes/f.ts',
      'export const f = async (ax: AxiomContext, input: In) => x;\n',
      { isAsync: true, name: 'f' },
    ],
    [
      'TypeScript, streaming',
      'typescript',
      'nodes/f.ts',
      'export async function* f(ax: AxiomContext, inputs: AsyncIterable<In>) { yield x; }\n',
      { isStream: true },
    ],
    [
      'Rust',
      'rust',
      'nodes/f.rs',
      'pub fn f(ax: &dyn AxiomContext, input: In) -> R { x }\n',
      { isAsync: false, isStream: false },
    ],
    [
      'Rust, later',
      'rust',
      'nodes/f.rs',
      'pub async fn f(ax: &dyn AxiomContext, input: In) -> R { x }\n',
      { isAsync: true },
    ],
    [
      'Rust, in the crate',
      'rust',
      'nodes/f.rs',
      'pub(crate) fn f(ax: &dyn AxiomContext, i: I, e: E) -> R { x }\n',
      { isStream: true },
    ],
    [
      'Java',
      'java',
      'nodes/f.java',
      'package nodes;\npublic class F { public static Out f(AxiomContext ax, In input) { return x; } }\n',
      { isStream: false },
    ],
    [
      'C#',
      'csharp',
      'nodes/f.cs',
      'namespace Nodes;\npublic class FNode { public static async Task<Gen.Out> F(IAxiomContext ax, In input, CancellationToken token) => x; }\n',
      { isAsync: true, takesToken: true },
    ],
    [
      'C#, streaming',
      'csharp',
      'nodes/f.cs',
      'namespace Nodes {\n public class FNode { public static IAsyncEnumerable<Out> F(IAxiomContext ax, IAsyncEnumerable<In> inputs) { yield break; } } }\n',
      { isAsync: false, isStream: true, takesToken: false },
    ],
  ];

  it.each(cases)('in %s', async (_, language, path, source, shape) => {
    const { handlers, warned } = await read(language, ['F'], { [path]: source });
    expect(handlers.get('F')).toMatchObject({ ...shape, path, unserved: undefined });
    expect(warned).toEqual([]);
  });

  it('is found where a file passes on what another file, or a library, has', async () => {
    const passed: readonly (readonly [Language, Readonly<Record<string, string>>, string])[] = [
      [
        'python',
        { 'nodes/f.py': 'from nodes.shared import f\n', 'nodes/shared.py': 'async def f(ax, input): ...\n' },
        'f',
      ],
      ['python', { 'nodes/f.py': 'from lib.nodes import f\n' }, 'f'],
      ['python', { 'nodes/f.py': 'f = make_handler("f")\n' }, 'f'],
      [
        'typescript',
        { 'nodes/f.ts': "export { f } from './shared';\n", 'nodes/shared.ts': 'export function f() {}\n' },
        'f',
      ],
      ['typescript', { 'nodes/f.ts': 'export const f = traced(inner);\n' }, 'f'],
      ['rust', { 'nodes/f.rs': 'pub use super::shared::f;\n', 'nodes/shared.rs': 'pub fn f() {}\n' }, 'f'],
    ];
    for (const [language, sources, name] of passed) {
      const { handlers, warned } = await read(language, ['F'], sources);
      expect([language, handlers.get('F')]).toMatchObject([language, { name, unserved: undefined }]);
      expect(warned).toEqual([]);
    }
  });
});

describe('a handler that no node host calls where it is', () => {
  const cases: readonly (readonly [Language, string, string, string])[] = [
    [
      'go',
      'internal/greet.go',
      'package internal\n\nfunc Greet(ctx context.Context, ax axiom.Context, in *gen.In) (*gen.Out, error) {\n}\n',
      'internal/greet.go holds func Greet, where no node host looks for it; move it to nodes/greet.go, in package nodes',
    ],
    [
      'python',
      'lib/greet.py',
      'def greet(ax, input): ...\n',
      'lib/greet.py holds def greet, where no node host looks for it; move it to nodes/greet.py',
    ],
    [
      'python',
      'nodes/greet.py',
      'def handle(input, context): ...\n',
      'nodes/greet.py holds handle(input, context), which node hosts do not call any more; write def greet(ax, input)',
    ],
    [
      'typescript',
      'src/greet.ts',
      'export function greet() {}\n',
      'src/greet.ts holds function greet, where no node host looks for it; move it to nodes/greet.ts',
    ],
    [
      'typescript',
      'nodes/greet.ts',
      'export function Greet() {}\n',
      'nodes/greet.ts holds function Greet, which no node host calls; rename it to greet',
    ],
    [
      'rust',
      'nodes/greet.rs',
      'fn greet() {}\n',
      'nodes/greet.rs holds fn greet, which is private; write pub fn greet',
    ],
    [
      'rust',
      'nodes/all.rs',
      'pub fn greet() {}\n',
      'nodes/all.rs holds fn greet, where no node host looks for it; move it to nodes/greet.rs',
    ],
    [
      'java',
      'nodes/greet.java',
      'package acme;\npublic class Greet { public static Out greet() { return x; } }\n',
      'nodes/greet.java holds class Greet outside of package nodes, where no node host looks for it; begin the file with package nodes;',
    ],
    [
      'java',
      'nodes/greet.java',
      'package nodes;\npublic class Greet { public Out greet() { return x; } }\n',
      'nodes/greet.java holds class Greet with a method greet that is not static; write public static',
    ],
    [
      'csharp',
      'nodes/greet.cs',
      'namespace Nodes;\npublic class Greet { public static Out Greet() => x; }\n',
      'nodes/greet.cs holds Nodes.Greet.Greet, which no node host calls; write public static Greet in public class GreetNode in namespace Nodes',
    ],
  ];

  it.each(cases)(
    'in %s (%s) is told of in the same words by generate and validate',
    async (language, path, source, message) => {
      const { handlers, warned } = await read(language, ['Greet'], { [path]: source });
      expect(handlers.get('Greet')).toMatchObject({ path, unserved: message });
      expect(warned).toEqual([message]);
    },
  );
});

describe('A node whose handler is not found while a source is not read to its end', () => {
  it('is not told to have none, in the same words by generate and validate', async () => {
    const sources = { 'nodes/greet.py': 'def greet(ax, input:\n    return Out(\n' };
    const told = 'no handler of Greet was found, but nodes/greet.py is not read to the end; mend that first';
    const { unseen, warned } = await read('python', ['Greet'], sources);
    expect([...unseen]).toEqual([['Greet', told]]);
    expect(warned).toEqual([told]);
  });

  it('has none where all are read', async () => {
    const { unseen, warned } = await read('python', ['Greet'], { 'nodes/greet.py': 'x = 1\n' });
    expect(unseen.size).toBe(0);
    expect(warned).toEqual([
      'Greet has no handler in the sources; create its file under nodes/ or remove the node',
    ]);
  });
});

describe('reading a package of one language', () => {
  it('loads the grammar of that language only', () => {
    const root = join(__dirname, '..', '..');
    const script = `
      const promises = require('node:fs/promises');
      const { readFile } = promises;
      const loaded = [];
      promises.readFile = (path, ...rest) => {
        if (String(path).endsWith('.wasm')) loaded.push(require('node:path').basename(String(path)));
        return readFile(path, ...rest);
      };
      const { loadPackage } = require('./dist/sdkgen/load-package.js');
      loadPackage('examples/greeter-java').then(() => console.log(JSON.stringify(loaded)));`;
    const { stdout } = spawnSync(process.execPath, ['-e', script], { cwd: root, encoding: 'utf8' });
    expect(JSON.parse(stdout)).toEqual(['tree-sitter-java.wasm']);
  });
});
