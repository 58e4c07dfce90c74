/** `axiom run` where a handler has the wrong shape, and where one fails, in each of the six languages. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Language } from '../../src/manifest/manifest';
import { itWith } from '../support/needs';
import { PackageCopy } from '../support/package-copy';
import { ROOT, Shell } from './axiom';

interface Case {
  readonly language: Language;
  readonly file: string;
  /** The handler's line as the example has it, and without its context. */
  readonly declared: string;
  readonly withoutContext: string;
  /** What is said of it. */
  readonly refusal: string;
  /** The body's first statement, which fails with a text of its own. */
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
    writeFileSync(example.path('nodes', one.file), source.replace(from, to));
  }

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
      write(one.declared, `${one.declared}\n${one.failing}`);
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
});
