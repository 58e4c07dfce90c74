/** The test that `axiom generate` writes once for each node: a double of the context, and a first call. */

import type { DescMessage } from '@bufbuild/protobuf';
import type { NodeModel } from '../language';
import { pascalCase } from '../../validate/languages/common/naming';
import { indented, Stub } from '../stubs';
import { csharpClass } from './csharp-names';
import { text } from './render';

/** How the handler is called, as the author declared it. */
interface CallShape {
  /** It answers a Task. */
  readonly awaited: boolean;
  /** It takes a CancellationToken. */
  readonly token: boolean;
}

/**
 * `nodes/greet_test.cs`, class Nodes.GreetTest, whose nested TestContext takes test values.
 */
export async function nodeTestCs(node: NodeModel): Promise<string> {
  const { manifest } = node;
  const shape = shapeOf(node);
  const values = manifest.requiredSecrets.map((name) => `[${text(name)}] = "test-value"`);
  const secrets = values.length > 0 ? `new() { ${values.join(', ')} }` : '';
  return `using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Axiom;
using Xunit;

namespace Nodes;

/// <summary>Yours: axiom generate writes this file once and never again.</summary>
public class ${testClass(node)}
{
    /// <summary>The names that axiom.yaml declares for this node, with test values.</summary>
    private readonly IAxiomContext ax = new TestContext(${secrets});

${manifest.type === 'pipeline' ? pipelineCall(node, shape) : unaryCall(node, shape)}
    [Fact]
    public void TheContextGivesTestValues()
    {
        IAxiomContext given = new TestContext(new() { ["A_NAME"] = "a value" }, new() { "A_REVOKED_NAME" });
        Assert.Equal(("a value", true), given.Secrets().Get("A_NAME"));
        Assert.Equal(("", false), given.Secrets().Get("A_REVOKED_NAME"));
        Assert.Equal(IAxiomContext.SecretStatus.Revoked, given.Secrets().Status("A_REVOKED_NAME"));
        Assert.Equal(IAxiomContext.SecretStatus.Unset, given.Secrets().Status("ANOTHER_NAME"));
    }

${await nestedDouble()}}
`;
}

/** The class of a node's generated test: GreetTest; RunNodeTest for a node Run beside a node RunTest. */
export function testClass({ manifest, snakeName, testName }: NodeModel): string {
  return manifest.name + pascalCase(testName.slice(snakeName.length));
}

/** As the author declared the handler; plain where there is none yet. */
const shapeOf = ({ handler }: NodeModel): CallShape => ({
  awaited: handler?.isAsync === true,
  token: handler?.takesToken === true,
});

/** As a test writes it: nothing in namespace Nodes is before the messages' namespaces. */
function inputClass(input: DescMessage): string {
  return csharpClass(input).replace('global::', '');
}

function unaryCall({ manifest, input }: NodeModel, { awaited, token }: CallShape): string {
  const call = `${manifest.name}Node.${manifest.name}(ax, new ${inputClass(input)}()${token ? ', default' : ''})`;
  return `    [Fact]
    public ${awaited ? 'async Task' : 'void'} AnswersAnEmptyInput()
    {
        try
        {
            Assert.NotNull(${awaited ? 'await ' : ''}${call});
        }
        catch (Exception refusal) when (refusal is not Xunit.Sdk.XunitException)
        {
            // It refuses an empty input: give it a real one here.
        }
    }
`;
}

function pipelineCall({ manifest, input }: NodeModel, { token }: CallShape): string {
  const call = `${manifest.name}Node.${manifest.name}(ax, OneInput()${token ? ', default' : ''})`;
  return `    [Fact]
    public async Task AnswersOneEmptyInput()
    {
        try
        {
            await foreach (var output in ${call})
            {
                Assert.NotNull(output);
            }
        }
        catch (Exception refusal) when (refusal is not Xunit.Sdk.XunitException)
        {
            // It refuses an empty input: give it a real one here.
        }
    }

    private static async IAsyncEnumerable<${inputClass(input)}> OneInput()
    {
        await Task.CompletedTask;
        yield return new ${inputClass(input)}();
    }
`;
}

/** sdk-stubs' TestContext, which its own toolchain compiles and tests, as a nested class. */
async function nestedDouble(): Promise<string> {
  const stub = await Stub.read('csharp', 'tests/TestContext.cs');
  return indented(
    stub
      .from('/// <summary>')
      .replace('internal sealed class TestContext', 'private sealed class TestContext').text,
  );
}
