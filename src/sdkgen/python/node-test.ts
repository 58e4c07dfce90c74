/** nodes/<name>_test.py: written once for each node, with a mock context that takes test values. */

import type { DescMessage } from '@bufbuild/protobuf';
import type { NodeModel } from '../language';
import type { Stub } from '../stubs';
import { wordSet } from '../../validate/languages/common/word-set';
import { classIn, moduleOf, nameInModule } from './modules';
import { PYTHON_NAMES } from '../../validate/languages/python/names';

const MOCK_MARK = '# axiom:mock\n';

/** How a test calls the handler; as the current convention has it where there is none yet. */
interface CallShape {
  readonly isAsync: boolean;
  /** `def f(log, secrets, input)`. */
  readonly separateParameters: boolean;
}

const shapeOf = ({ handler }: NodeModel): CallShape => ({
  isAsync: handler?.isAsync === true,
  separateParameters: handler?.takes === 'logAndSecrets',
});

/** What the test itself calls, imports and names: a node called List or Output must not shadow it. */
const TAKEN = wordSet(`
  all asyncio ax bool dict error gen isinstance iter itertools len list next nodes output outputs pytest set str type`);
/** The like of messages, whose names may have capitals; type hints, which nothing evaluates, may be shadowed. */
const TAKEN_BY_TEST = wordSet(`
  Exception NoFlow NoMutation NoTelemetry SECRETS SecretStatus StopAsyncIteration _Inputs _TestContext _TestLogger
  _TestSecrets _outputs self`);

/** The handler's name in the test; pytest would take a function test_x for a test. */
function handlerName({ functionName }: NodeModel): string {
  if (functionName.startsWith('test')) return `node_${functionName}`;
  return TAKEN.has(functionName) ? `${functionName}_node` : functionName;
}

/** Whether the test can import a message's module-level name as it is. */
function isImportable(message: DescMessage, node: NodeModel): boolean {
  const names = nameInModule(message).split('.');
  const [first = ''] = names;
  const free = !TAKEN.has(first) && !TAKEN_BY_TEST.has(first) && first !== handlerName(node);
  return free && !names.some((name) => PYTHON_NAMES.keywords.has(name));
}

/** A message's class in the test. */
function classOf(message: DescMessage, node: NodeModel): string {
  return isImportable(message, node) ? nameInModule(message) : classIn(moduleOf(message.file), message);
}

/** The test file's text. `mock` is sdk-stubs/python/nodes/mock_context.py. */
export function nodeTest(node: NodeModel, mock: Stub): string {
  const shape = shapeOf(node);
  const secrets = node.manifest.requiredSecrets;
  const sample = secrets[0] ?? 'EXAMPLE_SECRET';
  const values = (secrets.length > 0 ? secrets : [sample]).map(
    (name) => `${JSON.stringify(name)}: "test-value"`,
  );
  return [
    `"""Tests of ${node.manifest.name}. Written once by axiom; it is yours and never overwritten."""`,
    '',
    // A message may be called List or Any.
    'from __future__ import annotations',
    '',
    ...imports(node, shape),
    '',
    ...mock
      .after(MOCK_MARK)
      .text.trim()
      .split('\n')
      .map((line, i) => (i === 0 ? `\n${line}` : line)),
    '',
    '',
    `SECRETS = {${values.join(', ')}}`,
    '',
    '',
    `def test_${node.snakeName}_reads_test_values() -> None:`,
    '    ax = _TestContext(secrets_map=SECRETS, revoked_names={"REVOKED_SECRET"})',
    `    assert ax.secrets.get(${JSON.stringify(sample)}) == ("test-value", True)`,
    '    assert ax.secrets.get("MISSING_SECRET") == ("", False)',
    '    assert ax.secrets.status("REVOKED_SECRET") is SecretStatus.REVOKED',
    '',
    '',
    ...answerTest(node, shape),
    '',
  ].join('\n');
}

function imports(node: NodeModel, shape: CallShape): readonly string[] {
  const standard = [...(shape.isAsync ? ['import asyncio'] : [])];
  if (node.manifest.type === 'pipeline' && !shape.isAsync) standard.push('import itertools');
  const messages = new Map<string, Set<string>>();
  const whole = new Set<string>();
  for (const message of [node.input, node.output]) {
    if (!isImportable(message, node)) {
      whole.add(`import ${moduleOf(message.file)}`);
      continue;
    }
    const [name = ''] = nameInModule(message).split('.');
    messages.set(moduleOf(message.file), (messages.get(moduleOf(message.file)) ?? new Set()).add(name));
  }
  return [
    ...standard,
    'from typing import Any, Dict, Iterable, List, Optional, Tuple',
    '',
    'import pytest',
    '',
    'from gen.axiom_context import NoFlow, NoMutation, NoTelemetry, SecretStatus',
    ...[...messages].sort().map(([module, names]) => `from ${module} import ${[...names].sort().join(', ')}`),
    ...[...whole].sort(),
    `from nodes.${node.snakeName} import ${node.functionName}${handlerName(node) === node.functionName ? '' : ` as ${handlerName(node)}`}`,
  ];
}

/** Calls the handler with an empty input; one that wants more says so, and the test waits for its author. */
function answerTest(node: NodeModel, shape: CallShape): readonly string[] {
  const context = shape.separateParameters ? 'ax.log, ax.secrets' : 'ax';
  const input = `${classOf(node.input, node)}()`;
  const output = classOf(node.output, node);
  const pipeline = node.manifest.type === 'pipeline';
  const call = (argument: string) => `${handlerName(node)}(${context}, ${argument})`;
  const check = pipeline
    ? `    assert all(isinstance(output, ${output}) for output in outputs)`
    : `    assert isinstance(output, ${output})`;
  const result = pipeline
    ? shape.isAsync
      ? 'outputs = asyncio.run(_outputs(ax))'
      : `outputs = list(itertools.islice(${call(`iter([${input}])`)} or (), 10))`
    : `output = ${shape.isAsync ? `asyncio.run(${call(input)})` : call(input)}`;
  return [
    ...(pipeline && shape.isAsync ? asyncOutputs(call('_Inputs()'), input) : []),
    `def test_${node.snakeName}_answers_an_empty_input() -> None:`,
    '    ax = _TestContext(secrets_map=SECRETS)',
    '    try:',
    `        ${result}`,
    '    except Exception as error:',
    `        pytest.skip(f"an empty input raises {type(error).__name__}: write the input that ${node.manifest.name} needs")`,
    check,
  ];
}

/** Inputs for `for` and for `async for`, as the host gives them. */
function asyncOutputs(call: string, input: string): readonly string[] {
  return [
    'class _Inputs:',
    '    def __init__(self) -> None:',
    `        self._inputs = iter([${input}])`,
    '',
    '    def __iter__(self) -> Any:',
    '        return self._inputs',
    '',
    '    def __next__(self) -> Any:',
    '        return next(self._inputs)',
    '',
    '    def __aiter__(self) -> Any:',
    '        return self',
    '',
    '    async def __anext__(self) -> Any:',
    '        for message in self._inputs:',
    '            return message',
    '        raise StopAsyncIteration',
    '',
    '',
    'async def _outputs(ax: Any) -> List[Any]:',
    '    outputs: List[Any] = []',
    `    async for output in ${call}:`,
    '        outputs.append(output)',
    '        if len(outputs) == 10:',
    '            break',
    '    return outputs',
    '',
    '',
  ];
}
