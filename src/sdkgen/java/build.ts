/** Makes a Java package ready to serve and to test: sources where javac wants them, then Maven. */

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { DomainError } from '../../domain/errors';
import { withHandlerShapes, type HandlerShapes } from '../handler-shape';
import { requireHandlers } from '../handlers';
import type { PackageModel, Report } from '../language';
import { explained } from '../run-tool';
import { BUILD_FOLDER, PUBLISHED_RELEASE } from './pom';
import { readSources, type JavaSource, type JavaSources } from './sources';
import { jdkRelease, missingJava, runMaven } from './toolchain';

/** What Maven leaves for the node host: classes, and the dependencies' paths. */
export const CLASSES = 'target/classes';
export const CLASSPATH = 'target/classpath.txt';

/** A digest of everything that the last good build was made of. */
const STAMP = 'target/axiom-build.sha256';

/** What Maven says after every error, and newer JDKs say of Maven's own libraries. */
const MAVEN_ADVICE =
  /^WARNING: |^\[ERROR\] (?:$|To see the full|Re-run Maven|For more information|\[Help 1\])/;

/** What Maven says where an artifact does not exist or its repository does not answer. */
const UNRESOLVED = /Could not resolve dependencies|Could not (?:find|transfer) artifact/;

export async function buildJava(model: PackageModel, report: Report): Promise<void> {
  const sources = await readSources(model);
  requireHandlers(model);
  const stamp = await digest(model, sources);
  if ((await builtStamp(model.root)) === stamp) return;
  const missing = await missingJava();
  if (missing !== undefined) throw new DomainError('FAILED_PRECONDITION', missing, 'TOOLCHAIN_MISSING');
  await rm(join(model.root, STAMP), { force: true });
  await placeSources(model.root, 'main/nodes', sources.main, 'main');
  await placeSources(model.root, 'test', sources.test, 'test');
  const release = Math.min((await jdkRelease()) ?? PUBLISHED_RELEASE, PUBLISHED_RELEASE);
  if (release < PUBLISHED_RELEASE) {
    report(
      `compiling for Java ${release}, this JDK's release; packages are published for ${PUBLISHED_RELEASE}`,
    );
  }
  await withHandlerShapes(model, HANDLER_SHAPES, () =>
    compile(model, [`-Dmaven.compiler.release=${release}`], sources, report),
  );
  await writeFile(join(model.root, STAMP), stamp);
}

const HANDLER_SHAPES: HandlerShapes = {
  program: `${BUILD_FOLDER}/main/Service.java`,
  extension: 'java',
  declaration({ manifest, functionName, input, output }) {
    return manifest.type === 'pipeline'
      ? `public static void ${functionName}(AxiomContext ax, Iterator<${input.name}> inputs, Consumer<${output.name}> emit)`
      : `public static ${output.name} ${functionName}(AxiomContext ax, ${input.name} input)`;
  },
};

/** Copies the sources to their places and removes copies whose source has gone. */
async function placeSources(
  root: string,
  owned: string,
  sources: readonly JavaSource[],
  folder: 'main' | 'test',
): Promise<void> {
  const wanted = new Map(sources.map((source) => [`${folder}/${source.place}`, source.contents]));
  for (const path of await filesUnder(join(root, BUILD_FOLDER, owned))) {
    if (!wanted.has(`${owned}/${path}`)) await rm(join(root, BUILD_FOLDER, owned, path));
  }
  for (const [path, contents] of wanted) {
    const place = join(root, BUILD_FOLDER, path);
    // Left alone when it is the same: Maven compiles again what is newer than its class.
    if (contents.equals(await readFile(place).catch(() => Buffer.alloc(0)))) continue;
    await mkdir(join(place, '..'), { recursive: true });
    await writeFile(place, contents);
  }
}

/** Everything is pinned, so Maven asks the network only for what its local repository lacks. */
async function compile(
  model: PackageModel,
  flags: readonly string[],
  sources: JavaSources,
  report: Report,
): Promise<void> {
  const args = ['-B', '-q', '-ntp', ...flags, 'test-compile'];
  await runMaven(args, model.root, report).catch(explained((printed) => whatMavenSays(printed, sources)));
}

function whatMavenSays(output: string, { main, test }: JavaSources): DomainError {
  const lines = stripVTControlCharacters(output)
    .split('\n')
    .filter((line) => !MAVEN_ADVICE.test(line));
  // Maven says every error again in its summary; where there is nothing else, the summary is the error.
  const summary = lines.findIndex((line) => line.startsWith('[ERROR] Failed to execute goal'));
  let said = lines
    .slice(0, summary > 0 ? summary : undefined)
    .join('\n')
    .trim();
  for (const source of [...main, ...test]) {
    said = said.replaceAll(
      new RegExp(`\\S*/${BUILD_FOLDER}/(?:main|test)/${source.place}`, 'g'),
      source.path,
    );
  }
  const what = UNRESOLVED.test(said)
    ? "a dependency of the Java package cannot be had; check build.maven_deps in axiom.yaml and the way to Maven's repository"
    : 'the Java package does not compile';
  return new DomainError('FAILED_PRECONDITION', `${what}:\n${said}`, 'BUILD_FAILED');
}

/** Of every source and every generated file: what Maven would read. */
async function digest(model: PackageModel, { main, test }: JavaSources): Promise<string> {
  const hash = createHash('sha256');
  const add = (name: string, contents: Uint8Array) =>
    hash.update(`${name}\0${contents.length}\0`).update(contents);
  for (const source of [...main, ...test]) add(source.path, source.contents);
  for (const folder of [BUILD_FOLDER, 'src/main', 'src/test/resources']) {
    for (const path of await filesUnder(join(model.root, folder))) {
      if (folder === BUILD_FOLDER && /^(?:main\/nodes|test)\//.test(path)) continue;
      add(`${folder}/${path}`, await readFile(join(model.root, folder, path)));
    }
  }
  add('pom.xml', await readFile(join(model.root, 'pom.xml')));
  return hash.digest('hex');
}

async function builtStamp(root: string): Promise<string | undefined> {
  try {
    const kept = await Promise.all([
      readFile(join(root, STAMP), 'utf8'),
      stat(join(root, CLASSES, 'Service.class')),
      stat(join(root, CLASSPATH)),
    ]);
    return kept[0];
  } catch {
    return undefined;
  }
}

async function filesUnder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
