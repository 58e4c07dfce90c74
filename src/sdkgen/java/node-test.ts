/** The test that `axiom generate` writes once for each node: a double of the context, and a first call. */

import type { FileRegistry } from '@bufbuild/protobuf';
import type { NodeModel, PackageModel } from '../language';
import { pascalCase } from '../../validate/languages/common/naming';
import { indented, Stub } from '../stubs';
import { javaClass } from './java-names';

/** `nodes/greet_test.java`, class nodes.GreetTest, whose nested TestContext takes test values. */
export async function nodeTestJava(node: NodeModel, { nodes, registry }: PackageModel): Promise<string> {
  const double = await nestedDouble();
  const { manifest } = node;
  return `package nodes;

${imports(manifest.type === 'pipeline', nodes)}

/** Yours: axiom generate writes this file once and never again. */
class ${testClass(node)} {
${contextOf(manifest.requiredSecrets)}
${manifest.type === 'pipeline' ? pipelineCall(node, registry) : unaryCall(node, registry)}
    @Test
    void theContextGivesTestValues() {
        AxiomContext ax = new TestContext(Map.of("A_NAME", "a value"), Set.of("A_REVOKED_NAME"));
        assertEquals(Optional.of("a value"), ax.secrets().get("A_NAME"));
        assertEquals(Optional.empty(), ax.secrets().get("A_REVOKED_NAME"));
        assertEquals(AxiomContext.SecretStatus.REVOKED, ax.secrets().status("A_REVOKED_NAME"));
        assertEquals(AxiomContext.SecretStatus.UNSET, ax.secrets().status("ANOTHER_NAME"));
    }

${double}}
`;
}

/** The class of a node's generated test: GreetTest; RunNodeTest for a node Run beside a node RunTest. */
export function testClass({ manifest, snakeName, testName }: NodeModel): string {
  return manifest.name + pascalCase(testName.slice(snakeName.length));
}

/** Types of java.lang that the test names: a node of such a name would hide them in package nodes. */
const JAVA_LANG = ['Exception', 'Override', 'String'];

function importedNames(pipeline: boolean): readonly string[] {
  return ['List', 'Map', 'Optional', 'Set', ...(pipeline ? ['ArrayList'] : [])].sort();
}

/** `Greet.greet`; with its package where the test imports another class of that name. */
function handlerOf({ manifest, functionName }: NodeModel): string {
  const imported = [...importedNames(manifest.type === 'pipeline'), 'Test', 'AxiomContext', ...JAVA_LANG];
  const hidden = [...imported, 'TestContext'].includes(manifest.name);
  return `${hidden ? 'nodes.' : ''}${manifest.name}.${functionName}`;
}

function imports(pipeline: boolean, nodes: readonly NodeModel[]): string {
  const hidden = JAVA_LANG.filter((type) => nodes.some(({ manifest }) => manifest.name === type));
  return [
    'import static org.junit.jupiter.api.Assertions.assertEquals;',
    'import static org.junit.jupiter.api.Assertions.assertNotNull;',
    'import static org.junit.jupiter.api.Assumptions.abort;',
    '',
    'import axiom.AxiomContext;',
    ...hidden.map((type) => `import java.lang.${type};`),
    ...importedNames(pipeline).map((name) => `import java.util.${name};`),
    'import org.junit.jupiter.api.Test;',
  ].join('\n');
}

function contextOf(secrets: readonly string[]): string {
  const entries = secrets.map((name) => `Map.entry(${JSON.stringify(name)}, "test-value")`);
  return `    /** The names that axiom.yaml declares for this node, with test values. */
    private final AxiomContext ax = new TestContext(Map.ofEntries(${entries.join(', ')}), Set.of());
`;
}

function unaryCall(node: NodeModel, registry: FileRegistry): string {
  const { manifest, input, output } = node;
  return `    @Test
    void answersAnEmptyInput() {
        ${javaClass(input, registry)} input = ${javaClass(input, registry)}.getDefaultInstance();
        ${javaClass(output, registry)} reply;
        try {
            reply = ${handlerOf(node)}(ax, input);
        } catch (Exception refusal) {
            abort("${manifest.name} refuses an empty input: give it a real one here");
            return;
        }
        assertNotNull(reply);
    }
`;
}

function pipelineCall(node: NodeModel, registry: FileRegistry): string {
  const { manifest, input, output } = node;
  return `    @Test
    void answersOneEmptyInput() {
        List<${javaClass(input, registry)}> inputs = List.of(${javaClass(input, registry)}.getDefaultInstance());
        List<${javaClass(output, registry)}> outputs = new ArrayList<>();
        try {
            ${handlerOf(node)}(ax, inputs.iterator(), outputs::add);
        } catch (Exception refusal) {
            abort("${manifest.name} refuses an empty input: give it a real one here");
            return;
        }
        assertNotNull(outputs);
    }
`;
}

/** sdk-stubs' TestContext, which its own toolchain lints and tests, as a nested class. */
async function nestedDouble(): Promise<string> {
  const stub = await Stub.read('java', 'src/test/java/nodes/TestContext.java');
  return indented(
    stub
      .from('/** A context with test values')
      .replace('final class TestContext', 'static final class TestContext').text,
  );
}
