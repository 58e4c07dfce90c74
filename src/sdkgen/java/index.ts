/** Java packages: what `axiom generate`, `axiom test` and `axiom run` do with them. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tellHandlers } from '../handlers';
import type { Command, GeneratedFile, LanguageSupport, PackageModel, Report } from '../language';
import { Stub, stubNames } from '../stubs';
import { javaBindings } from './bindings';
import { buildJava, CLASSES, CLASSPATH } from './build';
import { nodeTestJava, testClass } from './node-test';
import { BUILD_FOLDER, pomXml } from './pom';
import { secretNamesJava, serviceJava } from './render';
import { readSources, type JavaSources } from './sources';
import { javaEnv, hostRelease, jdkProgram, missingJava } from './toolchain';

export const javaSupport: LanguageSupport = {
  language: 'java',
  missingToolchain: missingJava,
  generate,
  build: buildJava,
  hostCommand,
  testCommand,
};

async function generate(model: PackageModel, report: Report): Promise<readonly GeneratedFile[]> {
  const always = (path: string, contents: string | Uint8Array): GeneratedFile => ({
    path,
    contents,
    write: 'always',
  });
  const context = (await Stub.read('java', 'src/main/java/axiom/AxiomContext.java')).text;
  tellHandlers(model, report);
  const sources = await readSources(model);
  const code = [...sources.main, ...sources.test].map((source) => source.code);
  return [
    always('pom.xml', await pomXml(model.manifest, code, report)),
    always('src/main/java/axiom/AxiomContext.java', context),
    always('src/main/java/axiom/SecretNames.java', secretNamesJava(model)),
    always(`${BUILD_FOLDER}/bindings.binpb`, javaBindings(model)),
    always(`${BUILD_FOLDER}/main/Service.java`, serviceJava(model)),
    ...(await hostSources()).map(([name, text]) => always(`${BUILD_FOLDER}/main/axiom/host/${name}`, text)),
    ...(await nodeTests(model, sources)),
  ];
}

async function hostSources(): Promise<readonly (readonly [string, string])[]> {
  const folder = 'src/main/java/axiom/host';
  const names = (await stubNames('java', folder)).filter((name) => name.endsWith('.java'));
  return Promise.all(
    names.map(async (name) => [name, (await Stub.read('java', `${folder}/${name}`)).text] as const),
  );
}

/** One for each node, but for nodes whose test class the author keeps in a file of another name. */
async function nodeTests(
  model: PackageModel,
  { main, test }: JavaSources,
): Promise<readonly GeneratedFile[]> {
  const tests: GeneratedFile[] = [];
  for (const node of model.nodes) {
    const path = `nodes/${node.testName}.java`;
    const elsewhere = [...main, ...test].some(
      (source) => source.path !== path && source.types.includes(testClass(node)),
    );
    if (!elsewhere) tests.push({ path, contents: await nodeTestJava(node, model), write: 'once' });
  }
  return tests;
}

async function hostCommand({ root }: PackageModel): Promise<Command> {
  const dependencies = (await readFile(join(root, CLASSPATH), 'utf8')).trim();
  return {
    argv: [
      jdkProgram('java'),
      ...hostFlags(),
      '-cp',
      [join(root, CLASSES), dependencies].join(':'),
      'Service',
    ],
    cwd: root,
  };
}

/** gRPC's transport calls native code, which JDKs from 24 on warn of at each start unless they are told of it. */
function hostFlags(): readonly string[] {
  return hostRelease() >= 24 ? ['--enable-native-access=ALL-UNNAMED'] : [];
}

/** Surefire alone, on what build compiled; of Maven itself only warnings. */
async function testCommand({ root }: PackageModel, extra: readonly string[]): Promise<Command> {
  const quiet = ['maven=warn', 'maven.plugin.surefire=info', 'maven.surefire=info'];
  return {
    argv: [
      'mvn',
      '-B',
      '-ntp',
      ...quiet.map((level) => `-Dorg.slf4j.simpleLogger.log.org.apache.${level}`),
      ...extra,
      'org.apache.maven.plugins:maven-surefire-plugin:test',
    ],
    cwd: root,
    env: javaEnv(),
  };
}
