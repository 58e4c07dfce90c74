/** The test that generation writes once for a node: a double of the context, and a first test to start from. */

import type { GeneratedFile, NodeModel, PackageModel } from '../language';
import { constantOf } from '../secret-constants';
import { Stub } from '../stubs';
import { rustModule } from './modules';

/** Where the double begins in the stub's file. */
const DOUBLE_START = '    /// A context with values of your own.';

/** One nodes/<name>_test.rs per node that has a handler. */
export async function renderTests(model: PackageModel): Promise<readonly GeneratedFile[]> {
  const double = (await Stub.read('rust', 'nodes/double_test.rs')).from(DOUBLE_START).text;
  return model.nodes
    .filter((node) => node.handler)
    .map((node) => ({
      path: `nodes/${node.testName}.rs`,
      contents: testOf(node, model, node.handler?.isAsync ?? false) + double,
      write: 'once',
    }));
}

function testOf(
  { snakeName, functionName, manifest }: NodeModel,
  model: PackageModel,
  isAsync: boolean,
): string {
  const secrets = manifest.requiredSecrets.map(
    (name) => `(secret_names::${constantOf(name, model)}, "test-${name.toLowerCase()}")`,
  );
  const handler = `crate::${rustModule(snakeName)}::${functionName}`;
  const attribute = isAsync ? '#[tokio::test]' : '#[test]';
  return `// The tests of ${manifest.name}: a start. Give it an input of yours and say what the output must be.
#[cfg(test)]
mod tests {
    use crate::axiom_context::*;
    use std::collections::HashMap;
${isAsync ? '' : '    use std::panic::{catch_unwind, AssertUnwindSafe};\n'}
    ${attribute}
    ${isAsync ? 'async ' : ''}fn ${snakeName}_answers_an_empty_input() {
        let ax = TestContext::new(&[${secrets.join(', ')}], &[]);
${manifest.type === 'pipeline' ? pipelineCall(snakeName, handler, isAsync) : unaryCall(snakeName, handler, isAsync)}    }

`;
}

function unaryCall(name: string, handler: string, isAsync: boolean): string {
  return matchOn(name, `${handler}(&ax, Default::default())`, { bound: 'output', shown: 'output' }, isAsync);
}

function pipelineCall(name: string, handler: string, isAsync: boolean): string {
  const call = matchOn(
    name,
    `${handler}(&ax, &mut inputs, &mut emit)`,
    { bound: '()', shown: 'outputs' },
    isAsync,
  );
  return `        let mut outputs = Vec::new();
        let mut inputs = std::iter::once(Default::default());
        let mut emit = |output| {
            outputs.push(output);
            Ok(())
        };
${call}`;
}

/** A handler that cannot take an empty input may panic, which is not a failure of this test. */
function matchOn(
  name: string,
  call: string,
  { bound, shown }: { readonly bound: string; readonly shown: string },
  isAsync: boolean,
): string {
  const print = `println!("{${shown}:?}")`;
  const refuse = `println!("${name} refuses an empty input: {error:?}")`;
  if (isAsync) {
    return `        match ${call}.await {
            Ok(${bound}) => ${print},
            Err(error) => ${refuse},
        }
`;
  }
  return `        match catch_unwind(AssertUnwindSafe(|| ${call})) {
            Ok(Ok(${bound})) => ${print},
            Ok(Err(error)) => ${refuse},
            Err(_) => println!("${name} cannot take an empty input"),
        }
`;
}
