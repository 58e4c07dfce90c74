/** C# packages: what `axiom generate`, `axiom test` and `axiom run` do with them. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../../domain/errors';
import { withHandlerShapes, type HandlerShapes } from '../handler-shape';
import { requireHandlers, tellHandlers } from '../handlers';
import type { Command, GeneratedFile, LanguageSupport, PackageModel, Report } from '../language';
import { Stub, stubNames } from '../stubs';
import { DOTNET_ENV, missingDotnet, runDotnet } from './dotnet';
import { nodeTestCs, testClass } from './node-test';
import { serviceProject, testProject } from './projects';
import { csharpProtos, NODE_PROTO, PROTO_FOLDER } from './protos';
import { MARK, secretNamesCs, serviceCs } from './render';

/** The compiled service, relative to root. */
const OUTPUT = '.axiom/csharp/out';

const TEST_PROJECT = 'tests/Tests.csproj';

export const csharpSupport: LanguageSupport = {
  language: 'csharp',
  missingToolchain: missingDotnet,
  generate,
  build,
  hostCommand,
  testCommand,
};

async function generate(model: PackageModel, report: Report): Promise<readonly GeneratedFile[]> {
  tellHandlers(model, report);
  const sources = await readSources(model.root);
  const protos = await csharpProtos(model);
  const host = [...(await nodeHost()), always('.axiom/csharp/Service.cs', serviceCs(model))];
  const compiled = {
    protos: protos.map(({ path }) => path),
    host: host.map(({ path }) => path),
    testOnly: sources.filter(isTestOnly).map(({ path }) => path),
  };
  return [
    always('service.csproj', await serviceProject(model, compiled)),
    always(TEST_PROJECT, await testProject(model, compiled)),
    always('Axiom/Context.cs', `${MARK}\n${await stub('Axiom/Context.cs')}`),
    always('Axiom/SecretNames.cs', secretNamesCs(model)),
    always(`${PROTO_FOLDER}/${NODE_PROTO}`, await stub(`proto/${NODE_PROTO}`)),
    ...protos,
    ...host,
    ...(await nodeTests(model, sources)),
  ];
}

function always(path: string, contents: string): GeneratedFile {
  return { path, contents, write: 'always' };
}

async function stub(path: string): Promise<string> {
  return (await Stub.read('csharp', path)).text;
}

async function nodeHost(): Promise<readonly GeneratedFile[]> {
  const sources = (await stubNames('csharp', 'host')).filter((name) => name.endsWith('.cs'));
  return Promise.all(
    sources.map(async (name) => always(`.axiom/csharp/host/${name}`, await stub(`host/${name}`))),
  );
}

/** What several tests assert, in a file that is none of a node's. */
function isTestOnly({ path, text }: Source): boolean {
  return !path.endsWith('_test.cs') && /^\s*(?:global\s+)?using\s+(?:static\s+)?Xunit\b/m.test(text);
}

/** One for each node, but for nodes whose test class the author keeps in a file of another name. */
async function nodeTests(model: PackageModel, sources: readonly Source[]): Promise<readonly GeneratedFile[]> {
  const tests: GeneratedFile[] = [];
  for (const node of model.nodes) {
    const path = `nodes/${node.testName}.cs`;
    const declaration = new RegExp(`\\bclass\\s+${testClass(node)}\\b`);
    const elsewhere = sources.some((source) => source.path !== path && declaration.test(source.text));
    if (!elsewhere) tests.push({ path, contents: await nodeTestCs(node), write: 'once' });
  }
  return tests;
}

async function build(model: PackageModel, report: Report): Promise<void> {
  const missing = await missingDotnet();
  if (missing !== undefined) throw new DomainError('FAILED_PRECONDITION', missing, 'TOOLCHAIN_MISSING');
  requireHandlers(model);
  const quiet = ['--configuration', 'Release', '--nologo', '--verbosity', 'quiet'];
  await withHandlerShapes(model, HANDLER_SHAPES, () =>
    runDotnet(['build', 'service.csproj', '--output', OUTPUT, ...quiet], model.root, report),
  );
  await runDotnet(['build', TEST_PROJECT, ...quiet], model.root, report);
}

const HANDLER_SHAPES: HandlerShapes = {
  program: '.axiom/csharp/Service.cs',
  extension: 'cs',
  declaration({ manifest, input, output }) {
    return manifest.type === 'pipeline'
      ? `public static async IAsyncEnumerable<${output.name}> ${manifest.name}(IAxiomContext ax, IAsyncEnumerable<${input.name}> inputs)`
      : `public static ${output.name} ${manifest.name}(IAxiomContext ax, ${input.name} input)`;
  },
};

interface Source {
  /** Relative to root. */
  readonly path: string;
  readonly text: string;
}

async function readSources(root: string): Promise<readonly Source[]> {
  const entries = await readdir(join(root, 'nodes'), { recursive: true }).catch(() => []);
  const paths = entries.filter((name) => name.endsWith('.cs')).sort();
  return Promise.all(
    paths.map(async (name) => ({
      path: `nodes/${name}`,
      text: await readFile(join(root, 'nodes', name), 'utf8'),
    })),
  );
}

async function hostCommand({ root }: PackageModel): Promise<Command> {
  return { argv: ['dotnet', join(root, OUTPUT, 'Service.dll')], cwd: root, env: DOTNET_ENV };
}

async function testCommand({ root }: PackageModel, extra: readonly string[]): Promise<Command> {
  return {
    argv: ['dotnet', 'test', TEST_PROJECT, '--no-build', '--configuration', 'Release', '--nologo', ...extra],
    cwd: root,
    env: DOTNET_ENV,
  };
}
