/** A handler answers its method's response message: a field that the message does not have does not compile. */

import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(__dirname, '../..');
const START = join(ROOT, 'src/execution/start.ts');

/** What the compiler says of src/execution/start.ts with one text in it replaced. */
function compile(from: string, to: string): readonly string[] {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const host = ts.createCompilerHost(options);
  const read = host.readFile.bind(host);
  host.readFile = (path) => {
    const text = read(path);
    if (path !== START || text === undefined) return text;
    expect(text).toContain(from);
    return text.replace(from, to);
  };
  const program = ts.createProgram([START], { ...options, noEmit: true }, host);
  return program
    .getSemanticDiagnostics(program.getSourceFile(START))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('The answer of StartExecution', () => {
  it('compiles as it is', () => {
    expect(compile('executionToken: token', 'executionToken: token')).toEqual([]);
  });

  it('does not compile with a field misspelt, or one too many', () => {
    expect(compile('executionToken: token', 'executonToken: token, nonsense: 7').join('\n')).toMatch(
      /'executonToken' does not exist in type/,
    );
  });
});
