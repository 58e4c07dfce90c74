/** The test that a node starts with: nodes/<name>_test.ts, written once. */

import type { NodeModel } from '../language';
import { wordSet } from '../../validate/languages/common/word-set';
import { TYPESCRIPT_NAMES } from '../../validate/languages/typescript/names';
import { messageModule, moduleImports } from './message-module';
import { quoted } from './service-file';

const GEN = '../gen';

export function testFile(node: NodeModel): string {
  const input = messageModule(node.input, GEN);
  const output = messageModule(node.output, GEN);
  const { name, type } = node.manifest;
  const lines = [
    `// Tests of ${name}, for you to go on with: axiom generate writes this file once and leaves it alone after.`,
    ...moduleImports([input, output]),
    `import { createTestContext } from '${GEN}/axiomTestContext';`,
    `import { ${imported(node)} } from './${node.snakeName}';`,
    '',
    `describe(${quoted(name)}, () => {`,
    ...(type === 'pipeline'
      ? pipelineTest(node, input.className, output.className)
      : unaryTest(node, input.className, output.className)),
    '});',
  ];
  return `${lines.join('\n')}\n`;
}

/** Names that mean something else in the test: jest's, and the test's own. */
const TAKEN = wordSet('ax createTestContext describe expect input inputs it output');

/** The handler's name in the test. */
function handlerOf({ functionName }: NodeModel): string {
  return TAKEN.has(functionName) || TYPESCRIPT_NAMES.keywords.has(functionName)
    ? `${functionName}Node`
    : functionName;
}

function imported(node: NodeModel): string {
  const own = handlerOf(node);
  return own === node.functionName ? own : `${node.functionName} as ${own}`;
}

function unaryTest(node: NodeModel, input: string, output: string): string[] {
  return [
    `  it('answers with a ${node.output.name}', async () => {`,
    ...context(node),
    `    const input = new ${input}();`,
    `    const output = await ${handlerOf(node)}(ax, input);`,
    `    expect(output).toBeInstanceOf(${output});`,
    '  });',
  ];
}

function pipelineTest(node: NodeModel, input: string, output: string): string[] {
  return [
    `  it('answers with ${node.output.name} messages', async () => {`,
    ...context(node),
    '    async function* inputs() {',
    `      yield new ${input}();`,
    '    }',
    `    for await (const output of ${handlerOf(node)}(ax, inputs())) {`,
    `      expect(output).toBeInstanceOf(${output});`,
    '    }',
    '  });',
  ];
}

/**
 * The declared secrets get test values; a name in revokedNames is one that was deleted while the node runs.
 */
function context({ manifest }: NodeModel): string[] {
  const secrets = manifest.requiredSecrets.map((name) => `${quoted(name)}: 'test-value'`);
  return [
    `    const ax = createTestContext({ secretsMap: ${secrets.length > 0 ? `{ ${secrets.join(', ')} }` : '{}'}, revokedNames: [] });`,
  ];
}
