/** C# packages: what `axiom generate`, `axiom test` and `axiom run` do with them. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../../domain/errors';
import type { Command, GeneratedFile, LanguageSupport, PackageModel } from '../language';
import { stubsDir } from '../stubs';
import { DOTNET_ENV, missingDotnet, runDotnet } from './dotnet';
import { nodeTestCs, testClass } from './node-test';
import { serviceProject, testProject } from './projects';
import { csharpProtos, PROTO_FOLDER } from './protos';
import { MARK, secretNamesCs, serviceCs } from './render';

/** The compiled service, relative to root. */
const OUTPUT = '.axiom/csharp/out';

const TEST_PROJECT = 'tests/Tests.csproj';
const NODE_PROTO = 'axiom/node/v1/node.proto';

export const csharpSupport: LanguageSupport = {
  language: 'csharp',
  missingToolchain: missingDotnet,
  generate,
  build,
  hostCommand,
  testCommand,
};

async function generate(model: PackageModel): Promise<readonly GeneratedFile[]> {
  const always = (path: string, contents: string): GeneratedFile => ({ path, contents, write: 'always' });
  const stub = (path: string) => readFile(join(stubsDir('csharp'), path), 'utf8');
  const sources = await readSources(model.root);
  const testOnly = sources.filter(
    (s) => !s.path.endsWith('_test.cs') && /^\s*using\s+(?:static\s+)?Xunit\b/m.test(s.text),
  );
  const host = (await readdir(join(stubsDir('csharp'), 'host')))
    .filter((name) => name.endsWith('.cs'))
    .sort();
  return [
    always(
      'service.csproj',
      await serviceProject(
        model,
        testOnly.map((source) => source.path),
      ),
    ),
    always(TEST_PROJECT, await testProject(model)),
    always('Axiom/Context.cs', `${MARK}\n${await stub('Axiom/Context.cs')}`),
    always('Axiom/SecretNames.cs', secretNamesCs(model)),
    always(`${PROTO_FOLDER}/${NODE_PROTO}`, await stub(`proto/${NODE_PROTO}`)),
    ...(await csharpProtos(model)),
    always('.axiom/csharp/Service.cs', serviceCs(model)),
    ...(await Promise.all(
      host.map(async (name) => always(`.axiom/csharp/host/${name}`, await stub(`host/${name}`))),
    )),
    ...(await nodeTests(model, sources)),
  ];
}

/** One for each node, but for nodes whose test class the author keeps in a file of another name. */
async function nodeTests(model: PackageModel, sources: readonly Source[]): Promise<readonly GeneratedFile[]> {
  const tests: GeneratedFile[] = [];
  for (const node of model.nodes) {
    const path = `nodes/${node.snakeName}_test.cs`;
    const declaration = new RegExp(`\\bclass\\s+${testClass(node)}\\b`);
    const elsewhere = sources.some((source) => source.path !== path && declaration.test(source.text));
    if (!elsewhere) tests.push({ path, contents: await nodeTestCs(node), write: 'once' });
  }
  return tests;
}

async function build(model: PackageModel): Promise<void> {
  const missing = await missingDotnet();
  if (missing !== undefined) throw new DomainError('FAILED_PRECONDITION', missing, 'TOOLCHAIN_MISSING');
  await requireHandlers(model);
  const quiet = ['--configuration', 'Release', '--nologo', '--verbosity', 'quiet'];
  await runDotnet(['build', 'service.csproj', '--output', OUTPUT, ...quiet], model.root);
  await runDotnet(['build', TEST_PROJECT, ...quiet], model.root);
}

/** Throws FAILED_PRECONDITION naming each node whose handler's class or method is not there. */
async function requireHandlers(model: PackageModel): Promise<void> {
  const code = (await readSources(model.root)).map((source) => source.text).join('\n');
  const lacking = model.nodes.filter(({ manifest: { name } }) => {
    return (
      !new RegExp(`\\bclass\\s+${name}Node\\b`).test(code) || !new RegExp(`\\b${name}\\s*\\(`).test(code)
    );
  });
  if (lacking.length === 0) return;
  const wanted = lacking.map(
    ({ manifest: { name }, snakeName }) =>
      `public static ${name} in public class ${name}Node in nodes/${snakeName}.cs`,
  );
  throw new DomainError(
    'FAILED_PRECONDITION',
    `axiom.yaml lists nodes that have no handler; write ${wanted.join(', ')}`,
    'HANDLER_MISSING',
  );
}

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
