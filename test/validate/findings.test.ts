/** What `axiom validate` says besides the reads: of messages, of sources that do not parse, and of what the author ignores. */

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import childProcess from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SourceParser } from '../../src/validate/languages/common/grammars';
import { asText } from '../../src/validate/report/format';
import { namesToDeclare } from '../../src/validate/report/report';
import { validatePackage } from '../../src/validate/validate';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'validate-findings-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function manifest(language: string, input = 'GreetRequest', more = ''): void {
  write(
    'axiom.yaml',
    `name: acme/greeter\nversion: 1.0.0\nlanguage: ${language}\nnodes:\n  - name: Greet\n    input: ${input}\n    output: GreetReply\n${more}`,
  );
}

const MESSAGES =
  'syntax = "proto3";\npackage acme;\nmessage GreetRequest { string name = 1; }\nmessage GreetReply { string text = 1; }\n';
const HANDLER = 'def greet(ax, input):\n    return GreetReply()\n';

/** `file:line:column rule message` of every finding. */
const findings = async () =>
  (await validatePackage(folder)).findings.map(
    ({ file, line, column, rule, message }) => `${file}:${line}:${column} ${rule}: ${message}`,
  );

describe('Messages', () => {
  beforeEach(() => write('nodes/greet.py', HANDLER));

  it('that are there and compile are nothing to speak of', async () => {
    manifest('python');
    write('messages/messages.proto', MESSAGES);
    expect(await findings()).toEqual([]);
  });

  it('are compiled while the sources are read', async () => {
    manifest('python');
    write('messages/messages.proto', MESSAGES);
    const start = SourceParser.start.bind(SourceParser);
    const compiler = jest.spyOn(childProcess, 'execFile');
    const compilers: number[] = [];
    jest.spyOn(SourceParser, 'start').mockImplementation(() => {
      compilers.push(compiler.mock.calls.length);
      return start();
    });
    try {
      expect(await findings()).toEqual([]);
      expect(compilers).toEqual([1]);
      // By its own program: a script around it would be a Node that a limit on time ends, and not what it started.
      expect(compiler.mock.calls[0]?.[0]).toMatch(/@bufbuild.buf-[\w-]+.bin.buf$/);
    } finally {
      jest.restoreAllMocks();
    }
  });

  it('of a package without a messages/ folder are told once', async () => {
    manifest('python');
    expect(await findings()).toEqual([
      "axiom.yaml:5:11 messages-missing: the package has no .proto file in messages/, so its nodes' messages are not known; define them in messages/messages.proto",
    ]);
  });

  it('that a node names and no file defines are told at the node', async () => {
    manifest('python', 'GreetingRequest');
    write('messages/messages.proto', MESSAGES);
    expect(await findings()).toEqual([
      'axiom.yaml:5:11 message-unknown: the input "GreetingRequest" of Greet is in none of the package\'s .proto files; define it in messages/messages.proto',
    ]);
  });

  it('that do not compile are told where the compiler stumbles', async () => {
    manifest('python');
    write('messages/messages.proto', MESSAGES.replace('string name = 1', 'strin name = 1'));
    expect(await findings()).toEqual([
      expect.stringMatching(/^messages\/messages\.proto:3:\d+ messages-broken: .*strin/),
    ]);
  });
});

describe('A source that does not parse', () => {
  it.each([
    ['python', 'nodes/greet.py', HANDLER.replace('GreetReply()', 'GreetReply(')],
    ['typescript', 'nodes/greet.ts', 'export function greet(ax, input) {\n  return (;\n}\n'],
    ['go', 'nodes/greet.go', 'package nodes\n\nfunc Greet(ctx, ax, input) {\n\tx := := 1\n}\n'],
    ['rust', 'nodes/greet.rs', 'pub fn greet(ax: &dyn AxiomContext) {\n    let = = 1;\n}\n'],
    ['java', 'nodes/greet.java', 'public class Greet {\n  public static int greet( {\n  }\n}\n'],
    ['csharp', 'nodes/greet.cs', 'public static class GreetNode {\n  public static int Greet( {\n  }\n}\n'],
  ])('is told with its place: %s', async (language, path, text) => {
    manifest(language);
    write('messages/messages.proto', MESSAGES);
    write(path, text);
    const broken = (await findings()).filter((finding) => finding.includes('source-broken'));
    expect(broken).toEqual([
      expect.stringMatching(new RegExp(`^${path}:[234]:\\d+ source-broken: cannot be parsed from here on;`)),
    ]);
  });
});

describe('A comment `axiom: ignore RULE`', () => {
  const read = (comment: string) =>
    `def greet(ax, input):\n    key, ok = ax.secrets.get("NOT_DECLARED")${comment}\n    return GreetReply()\n`;

  beforeEach(() => {
    manifest('python');
    write('messages/messages.proto', MESSAGES);
  });

  it('takes the finding of that rule off its line, and --fix leaves the name alone', async () => {
    write('nodes/greet.py', read(''));
    expect(await findings()).toEqual([expect.stringContaining(' undeclared-secret: NOT_DECLARED ')]);
    expect([...namesToDeclare(await validatePackage(folder))]).toEqual([['Greet', ['NOT_DECLARED']]]);
    write('nodes/greet.py', read('  # axiom: ignore undeclared-secret'));
    expect(await findings()).toEqual([]);
    expect([...namesToDeclare(await validatePackage(folder))]).toEqual([]);
  });

  it('leaves other rules, other lines, and texts that look like it', async () => {
    write('nodes/greet.py', read('  # axiom: ignore near-miss'));
    expect(await findings()).toEqual([
      expect.stringContaining(' undeclared-secret: '),
      expect.stringContaining(' ignore-unused: there is no finding of near-miss on this line; remove this'),
    ]);
    write('nodes/greet.py', `# axiom: ignored for now\n${read('  # axiom: ignore-undeclared-secret')}`);
    expect(await findings()).toEqual([expect.stringContaining(' undeclared-secret: ')]);
  });

  it('takes several rules, and says so where it names none', async () => {
    write('nodes/greet.py', read('  # axiom: ignore undeclared-secret, near-miss'));
    expect(await findings()).toEqual([expect.stringContaining('no finding of near-miss')]);
    write('nodes/greet.py', read('  # axiom: ignore'));
    expect(await findings()).toEqual([
      expect.stringContaining(' undeclared-secret: '),
      expect.stringContaining(' ignore-unused: says not which rule to ignore'),
    ]);
  });

  it('is written with `//` in the other languages, and with `#` in axiom.yaml', async () => {
    manifest('go', 'GreetRequest', '    required_secrets:\n      - UNREAD # axiom: ignore unread-secret\n');
    write(
      'nodes/greet.go',
      'package nodes\n\nfunc Greet(ctx context.Context, ax axiom.Context, input *gen.GreetRequest) (*gen.GreetReply, error) {\n\tkey, _ := ax.Secrets().Get("NOT_DECLARED") // axiom: ignore undeclared-secret\n\treturn &gen.GreetReply{}, use(len(key))\n}\n',
    );
    expect(await findings()).toEqual([]);
  });

  it('takes no error off: what cannot be read is not ignored', async () => {
    write(
      'axiom.yaml',
      'name: acme/greeter\nversion: one # axiom: ignore manifest-field\nlanguage: python\nnodes: []\n',
    );
    expect(await findings()).toEqual(expect.arrayContaining([expect.stringContaining(' manifest-field: ')]));
  });
});

describe('The summary', () => {
  it('counts reads by name apart from names known only at run time', async () => {
    manifest('python', 'GreetRequest', '    required_secrets: [A]\n');
    write('messages/messages.proto', MESSAGES);
    write(
      'nodes/greet.py',
      'def greet(ax, input):\n    ax.secrets.get("A")\n    ax.secrets.get("A")\n    ax.secrets.get(input.name)\n    return GreetReply()\n',
    );
    expect(
      asText(await validatePackage(folder), false)
        .trimEnd()
        .split('\n')
        .at(-1),
    ).toBe('2 reads of 1 secret: 0 errors, 0 warnings, 1 name known only at run time');
  });

  it('does not call a place such a name where the accessor leaves the package', async () => {
    manifest('python', 'GreetRequest', '    required_secrets: [A]\n');
    write('messages/messages.proto', MESSAGES);
    write(
      'nodes/greet.py',
      'import outside\n\ndef greet(ax, input):\n    outside.use(ax.secrets)\n    return GreetReply()\n',
    );
    const report = await validatePackage(folder);
    expect(report.findings.map(({ rule }) => rule)).toEqual(['dynamic-name']);
    expect(asText(report, false).trimEnd().split('\n').at(-1)).toBe(
      '0 reads of 0 secrets: 0 errors, 0 warnings',
    );
  });
});
