/** The test that generation writes once for a node: a double of the context, and a first test to start from. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneratedFile, NodeModel, PackageModel } from '../language';
import { constantOf } from '../secret-constants';
import { Stub } from '../stubs';
import { goPackageOfMessage } from './names';
import { goTypeName } from './type-names';
import { withAddNode } from './render';
import type { ContextUse, UsedSource } from '../../validate/languages/common/context-use';
import type { HandlerTakes } from '../../validate/languages/common/handlers';

/** The types of the double, which are one package with the author's own tests. */
const DOUBLE_TYPES = /\btest(Context|Logger|Secrets|Reflection|FlowReflection|Mutation|FlowMutation)\b/g;

/** What a test hands to a handler between its context.Context and its input. */
const ARGUMENTS: Readonly<Record<HandlerTakes, readonly string[]>> = {
  context: ['ax'],
  nothing: [],
  log: ['ax.Log()'],
  logAndSecrets: ['ax.Log()', 'ax.Secrets()'],
};

/** For packages that still call the agent memory: an author who tests it writes one. */
const AGENT_OF_DOUBLE = 'func (c *testContext) Agent() axiom.Agent { return nil }\n';

/** Where the double begins in the stub's file. */
const DOUBLE_START = '// testContext is';

/** One nodes/<name>_test.go per node that has a handler. The first that is not there yet holds the double. */
export async function renderTests(
  model: PackageModel,
  modulePath: string,
): Promise<readonly GeneratedFile[]> {
  const nodes = model.nodes.filter((node) => node.handler !== undefined);
  const first = nodes.find((node) => !existsSync(join(model.root, testPath(node)))) ?? nodes[0];
  if (!first) return [];
  const { context, needed } = chooseDouble(model.sources, first);
  const double = needed
    ? (await doubleSource(model.context)).replaceAll(DOUBLE_TYPES, renameTo(context))
    : '';
  return nodes.map((node) => {
    const test = testOf(node, model, modulePath, context, node.handler?.takes ?? 'context');
    return {
      path: testPath(node),
      contents: node === first && double ? `${test}\n${double}` : test,
      write: 'once',
    };
  });
}

function testPath(node: NodeModel): string {
  return `nodes/${node.testName}.go`;
}

/**
 * The author's testContext where it takes what ours takes; else ours, under another name when one of its
 * types would be declared twice.
 */
function chooseDouble(
  sources: readonly UsedSource[],
  first: NodeModel,
): { context: string; needed: boolean } {
  const tests = sources.filter(({ path }) => /^nodes\/[^/]+_test\.go$/.test(path));
  const fields = tests.flatMap(({ top }) => top.classes.get('testContext') ?? []).map(({ types }) => types);
  if (fields.some((of) => of.get('t') === '*testing.T' && of.get('secretsMap') === 'map[string]string')) {
    return { context: 'testContext', needed: false };
  }
  const declared = tests.flatMap(({ top }) => [...top.classes.keys(), ...top.fns.keys()]);
  const own = first.manifest.name.charAt(0).toLowerCase() + first.manifest.name.slice(1);
  const taken = declared.some((name) => name.search(DOUBLE_TYPES) === 0);
  return { context: taken ? `${own}TestContext` : 'testContext', needed: true };
}

function renameTo(context: string): (match: string, part: string) => string {
  const prefix = context.slice(0, -'Context'.length);
  return (_, part) => `${prefix}${part}`;
}

async function doubleSource(shape: ContextUse): Promise<string> {
  const stub = await Stub.read('go', 'nodes/context_test.go');
  const double = withAddNode(stub.from(DOUBLE_START), shape).text;
  return shape.agent === 'member' ? `${double}\n${AGENT_OF_DOUBLE}` : double;
}

function testOf(
  node: NodeModel,
  model: PackageModel,
  modulePath: string,
  context: string,
  takes: HandlerTakes,
): string {
  const name = node.manifest.name;
  const input = goPackageOfMessage(node.input, modulePath);
  const output = goPackageOfMessage(node.output, modulePath);
  const pipeline = node.manifest.type === 'pipeline';
  const messages = pipeline && output.importPath !== input.importPath ? [input, output] : [input];
  const imports = [
    `"${modulePath}/axiom"`,
    ...messages.map((each) => `${each.name} "${each.importPath}"`),
    `"${modulePath}/nodes"`,
  ];
  const secrets = node.manifest.requiredSecrets;
  const inputType = `${input.name}.${goTypeName(node.input)}`;
  const arguments_ = ['context.Background()', ...ARGUMENTS[takes]].join(', ');
  const call = pipeline
    ? pipelineCall(name, arguments_, inputType, `${output.name}.${goTypeName(node.output)}`)
    : unaryCall(name, arguments_, inputType);
  const unused = takes === 'nothing' ? '\t_ = ax\n' : '';
  return `package nodes_test

import (
	"context"
	"testing"

${imports.map((line) => `\t${line}\n`).join('')})

// A start: give it an input of yours and say what the output must be.
func Test${name}AnswersAnEmptyInput(t *testing.T) {
	var ax axiom.Context = &${context}{
		t:          t,
		secretsMap: ${secretsLiteral(secrets, model)},
	}
${unused}	defer func() {
		if cause := recover(); cause != nil {
			t.Skipf("${name} cannot take an empty input: %v", cause)
		}
	}()
${call}}
`;
}

function secretsLiteral(names: readonly string[], model: PackageModel): string {
  if (names.length === 0) return 'map[string]string{}';
  const entries = names.map((name) => `axiom.${constantOf(name, model)}: "test-${name.toLowerCase()}"`);
  return `map[string]string{${entries.join(', ')}}`;
}

function unaryCall(name: string, leading: string, inputType: string): string {
  return `
	output, err := nodes.${name}(${leading}, &${inputType}{})
	if err != nil {
		t.Skipf("${name} refuses an empty input: %v", err)
	}
	if output == nil {
		t.Fatal("${name} returned neither an output nor an error")
	}
`;
}

function pipelineCall(name: string, leading: string, inputType: string, outputType: string): string {
  return `
	inputs := make(chan *${inputType}, 1)
	inputs <- &${inputType}{}
	close(inputs)
	var outputs []*${outputType}
	err := nodes.${name}(${leading}, inputs, func(output *${outputType}) error {
		outputs = append(outputs, output)
		return nil
	})
	if err != nil {
		t.Skipf("${name} refuses an empty input: %v", err)
	}
	t.Logf("${name} made %d outputs of an empty input", len(outputs))
`;
}
