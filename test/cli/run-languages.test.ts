/** `axiom run` where a handler has the wrong shape, where one fails, and where one blocks, in each of the six languages. */

import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Language } from '../../src/manifest/manifest';
import { allEnded, childrenOf } from '../support/child-processes';
import { itWith } from '../support/needs';
import { PackageCopy } from '../support/package-copy';
import { ROOT, runUntil, Shell } from './axiom';

interface Case {
  readonly language: Language;
  readonly file: string;
  /** The handler's line as the example has it, and without its context. */
  readonly declared: string;
  readonly withoutContext: string;
  /** What is said of it. */
  readonly refusal: string;
  /** The body's first statement, which says so and blocks for long where the name is `wait`. */
  readonly blocking: string;
  /** The second one, which fails with a text of its own. */
  readonly failing: string;
  /** What the log says of that: its type and its place. */
  readonly logged: readonly (string | RegExp)[];
}

const CASES: readonly Case[] = [
  {
    language: 'python',
    file: 'greet.py',
    declared: 'def greet(ax: AxiomContext, input: GreetRequest) -> GreetReply:',
    withoutContext: 'def greet(input: GreetRequest) -> GreetReply:',
    refusal:
      'cannot be called with (ax, input): too many positional arguments; write it as `def greet(ax, input)`',
    blocking:
      '    if input.name == "wait":\n        import sys, time\n        print("blocked", file=sys.stderr, flush=True)\n        time.sleep(600)\n',
    failing: '    raise LookupError("no luck with " + ax.secrets.get("GREETER_SIGNATURE")[0])\n',
    logged: ['LookupError', /nodes\/greet\.py:\d+/],
  },
  {
    language: 'typescript',
    file: 'greet.ts',
    declared: 'export function greet(ax: AxiomContext, input: GreetRequest): GreetReply {',
    withoutContext: 'export function greet(input: GreetRequest): GreetReply { const ax = {} as AxiomContext;',
    refusal:
      'nodes/greet.ts: greet cannot be called as nodes are; write it as ' +
      '`export function greet(ax: AxiomContext, input: GreetRequest): GreetReply | Promise<GreetReply>`',
    blocking:
      "  if (input.getName() === 'wait') {\n    console.error('blocked');\n    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);\n  }\n",
    failing:
      "  if (input.getName()) throw new RangeError('no luck with ' + ax.secrets.get('GREETER_SIGNATURE')[0]);\n",
    logged: ['RangeError', /nodes\/greet\.ts:\d+/],
  },
  {
    language: 'go',
    file: 'greet.go',
    declared:
      'func Greet(ctx context.Context, ax axiom.Context, input *gen.GreetRequest) (*gen.GreetReply, error) {',
    withoutContext:
      'func Greet(ctx context.Context, input gen.GreetRequest) (*gen.GreetReply, error) {\n\tvar ax axiom.Context',
    refusal:
      'nodes/greet.go: Greet cannot be called as nodes are; write it as ' +
      '`func Greet(ctx context.Context, ax axiom.Context, input *gen.GreetRequest) (*gen.GreetReply, error)`',
    blocking: '\tif input.GetName() == "wait" {\n\t\tprintln("blocked")\n\t\tselect {}\n\t}\n',
    failing:
      '\tif own, _ := ax.Secrets().Get("GREETER_SIGNATURE"); own != "" {\n\t\treturn nil, fmt.Errorf("no luck with %s: %w", own, context.Canceled)\n\t}\n',
    logged: ['*fmt.wrapError, *errors.errorString', /nodes\/greet\.go:\d+/],
  },
  {
    language: 'rust',
    file: 'greet.rs',
    declared:
      'pub fn greet(ax: &dyn AxiomContext, input: GreetRequest) -> Result<GreetReply, Box<dyn std::error::Error>> {',
    withoutContext:
      'pub fn greet(input: GreetRequest) -> Result<GreetReply, Box<dyn std::error::Error>> {\n    let ax: &dyn AxiomContext = unimplemented!();',
    refusal:
      'nodes/greet.rs: greet cannot be called as nodes are; write it as ' +
      '`pub fn greet(ax: &dyn AxiomContext, input: GreetRequest) -> Result<GreetReply, Box<dyn std::error::Error>>`',
    blocking:
      '    if input.name == "wait" {\n        eprintln!("blocked");\n        std::thread::sleep(std::time::Duration::from_secs(600));\n    }\n',
    failing:
      '    let own = ax.secrets().get("GREETER_SIGNATURE").0;\n    if !own.is_empty() {\n        return Err(std::io::Error::other(format!("no luck with {own}")).into());\n    }\n',
    logged: ['std::io::Error of Other', 'greet in nodes/greet.rs'],
  },
  {
    language: 'java',
    file: 'greet.java',
    declared: 'public static GreetReply greet(AxiomContext ax, GreetRequest input) {',
    withoutContext: 'public static GreetReply greet(GreetRequest input) {\n        AxiomContext ax = null;',
    refusal:
      'nodes/greet.java: greet cannot be called as nodes are; write it as ' +
      '`public static GreetReply greet(AxiomContext ax, GreetRequest input)`',
    blocking:
      '        if (input.getName().equals("wait")) {\n            System.err.println("blocked");\n            try { Thread.sleep(600_000); } catch (InterruptedException e) { }\n        }\n',
    failing:
      '        if (ax != null) throw new IllegalStateException("no luck with " + ax.secrets().get("GREETER_SIGNATURE").orElse(""));\n',
    logged: ['java.lang.IllegalStateException', /nodes\.Greet\.greet:\d+/],
  },
  {
    language: 'csharp',
    file: 'greet.cs',
    declared: 'public static GreetReply Greet(IAxiomContext ax, GreetRequest input)\n    {',
    withoutContext:
      'public static GreetReply Greet(GreetRequest input)\n    {\n        IAxiomContext ax = null!;',
    refusal:
      'nodes/greet.cs: Greet cannot be called as nodes are; write it as ' +
      '`public static GreetReply Greet(IAxiomContext ax, GreetRequest input)`',
    blocking:
      '        if (input.Name == "wait") { System.Console.Error.WriteLine("blocked"); System.Threading.Thread.Sleep(600_000); }\n',
    failing:
      '        if (ax != null) throw new System.InvalidOperationException("no luck with " + ax.Secrets().Get("GREETER_SIGNATURE"));\n',
    logged: ['System.InvalidOperationException', /Nodes\.GreetNode\.Greet:\d+/],
  },
];

describe.each(CASES)('axiom run of a $language handler', (one) => {
  let shell: Shell;
  let example: PackageCopy;
  let source: string;

  beforeAll(() => {
    shell = new Shell();
    example = new PackageCopy(join(ROOT, 'examples', `greeter-${one.language}`));
    source = readFileSync(example.path('nodes', one.file), 'utf8');
    writeFileSync(shell.path('values.env'), 'GREETER_SIGNATURE=sk-of-the-tenant\n');
  });

  afterAll(() => {
    example[Symbol.dispose]();
    shell.remove();
  });

  /** The example with its handler changed: replaced text must be there. */
  function write(from: string, to: string): void {
    expect(source).toContain(from);
    const path = example.path('nodes', one.file);
    const changed = source.replace(from, to);
    // What is built already is not built again.
    if (readFileSync(path, 'utf8') !== changed) writeFileSync(path, changed);
  }

  const writeStatements = () => write(one.declared, `${one.declared}\n${one.blocking}${one.failing}`);

  const greet = (...flags: string[]) =>
    shell.run(
      ['run', 'Greet', '--input', '{"name":"Ada"}', '--secrets-file', shell.path('values.env'), ...flags],
      { cwd: example.root },
    );

  itWith(
    one.language,
    'with the wrong shape says what is wrong with which handler, and how to write it',
    async () => {
      write(one.declared, one.withoutContext);
      const { code, stdout, stderr } = await greet();
      expect(stderr).toContain(one.refusal);
      expect([code === 0, stdout]).toEqual([false, '']);
    },
  );

  itWith(
    one.language,
    'that fails logs the type and the place, and its own text with --show-errors only',
    async () => {
      writeStatements();
      const plain = await greet();
      for (const part of one.logged)
        expect(plain.stderr).toEqual(
          typeof part === 'string' ? expect.stringContaining(part) : expect.stringMatching(part),
        );
      const shown = await greet('--show-errors');
      expect([plain, shown].map(({ stderr }) => stderr.includes('no luck with '))).toEqual([false, true]);
      for (const { code, stdout, stderr } of [plain, shown])
        expect([code === 0, stdout, stderr.includes('sk-of-the-tenant')]).toEqual([false, '', false]);
    },
  );

  itWith(one.language, 'that blocks ends at Ctrl-C, and leaves no folder and no process', async () => {
    writeStatements();
    const temporary = shell.path('temporary');
    mkdirSync(temporary);
    const args = ['Greet', '--input', '{"name":"wait"}', '--secrets-file', shell.path('values.env')];
    const env = { ...shell.env, TMPDIR: temporary };
    const child = await runUntil('blocked', args, example.root, env);
    const host = childrenOf(child.pid ?? 0);
    expect(host).not.toEqual([]);
    child.kill('SIGINT');
    const [code] = (await once(child, 'exit')) as [number];
    expect([code, readdirSync(temporary)]).toEqual([130, []]);
    await allEnded(host);
  });
});
