/** Rust packages: what `axiom generate`, `axiom test` and `axiom run` do with them. */

import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../../domain/errors';
import { withHandlerShapes, type HandlerShapes } from '../handler-shape';
import type { ContextUse } from '../../validate/languages/common/context-use';
import { requireHandlers, tellHandlers } from '../handlers';
import type { Command, GeneratedFile, LanguageSupport, PackageModel, Report } from '../language';
import { withBuildLock } from '../build-lock';
import { runTool } from '../run-tool';
import { staleFiles, writeFiles } from '../write-files';
import { rustBindings, usesWellKnown } from './bindings';
import { mergeCargoToml, newCargoToml } from './manifest';
import { renderContext, renderHost, renderService } from './render';
import { renderTests } from './test-file';
import {
  cargoEnv,
  packageTarget,
  preparePackageTarget,
  shareCompiled,
  type CompiledUnit,
} from './target-folder';
import { missingRust, place } from './toolchain';
import { rustTypeName } from './type-names';

/** The node host's program, relative to root. */
const PROGRAM = '.axiom/bin/service';

export const rustSupport: LanguageSupport = {
  language: 'rust',
  missingToolchain: missingRust,
  generate,
  build,
  hostCommand,
  testCommand,
};

async function generate(model: PackageModel, report: Report): Promise<readonly GeneratedFile[]> {
  const context = await renderContext(model);
  if ((await staleFiles(model.root, context)).length > 0) tellShape(model.context, report);
  tellHandlers(model, report);
  const tests = await renderTests(model);
  return [
    ...context,
    ...(await bindingsIfPossible(model, report)),
    ...(await renderHost()),
    renderService(
      model,
      tests.map((test) => test.path),
    ),
    await cargoToml(model, report),
    ...tests,
  ];
}

function tellShape(shape: ContextUse, report: Report): void {
  const form =
    shape.addNode === 'old' ? '(package, version, position)' : '(package, version, node name, position)';
  const why =
    shape.addNodeFrom === undefined ? 'the newest; nothing here uses it' : `as in ${shape.addNodeFrom}`;
  report(`src/axiom_context.rs: add_node takes ${form}, ${why}`);
}

/** Generation works without Rust, but for the messages: their code comes from prost-build. */
async function bindingsIfPossible(model: PackageModel, report: Report): Promise<readonly GeneratedFile[]> {
  const missing = await missingRust();
  if (missing === undefined) return rustBindings(model, report);
  report(`gen/: the messages' code is not made: ${missing}`);
  return [];
}

/** The author's Cargo.toml with what is missing, or a first one. */
async function cargoToml(model: PackageModel, report: Report): Promise<GeneratedFile> {
  const path = 'Cargo.toml';
  const wellKnown = usesWellKnown(model);
  let own: string;
  try {
    own = await readFile(join(model.root, path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { path, contents: newCargoToml(model.manifest.version, wellKnown), write: 'once' };
  }
  const { text, added } = mergeCargoToml(own, wellKnown);
  if (text !== own) report(`Cargo.toml: added what the node host needs: ${added.join(', ')}`);
  return { path, contents: text, write: 'always' };
}

async function build(model: PackageModel, report: Report): Promise<void> {
  const missing = await missingRust();
  if (missing !== undefined) throw new DomainError('FAILED_PRECONDITION', missing, 'TOOLCHAIN_MISSING');
  requireHandlers(model);
  await writeFiles(model.root, await rustBindings(model, report), report);
  await mkdir(join(model.root, '.axiom', 'bin'), { recursive: true });
  await withBuildLock(
    join(model.root, '.axiom', 'building'),
    async () => {
      await preparePackageTarget(model.root, report);
      const argv = ['cargo', 'build', '--quiet', '--message-format=json-render-diagnostics'] as const;
      const command = { argv, cwd: model.root, env: cargoEnv(packageTarget(model.root)) };
      const messages = await withHandlerShapes(model, HANDLER_SHAPES, () =>
        runTool(command, {
          ...{ tool: 'cargo', purpose: 'building the node host', report },
          forPeople: (line) => !isMessage(line),
        }),
      );
      const artifacts = artifactsOf(messages);
      await place(programOf(artifacts), join(model.root, PROGRAM));
      await shareCompiled(model.root, artifacts);
    },
    () => report('waiting for another build of this package'),
  );
}

const HANDLER_SHAPES: HandlerShapes = {
  program: 'service.rs',
  extension: 'rs',
  declaration({ manifest, functionName, input, output }) {
    const first = `pub fn ${functionName}(ax: &dyn AxiomContext, `;
    const error = 'Box<dyn std::error::Error>';
    const [taken, given] = [rustTypeName(input.name), rustTypeName(output.name)];
    return manifest.type === 'pipeline'
      ? `${first}inputs: &mut dyn Iterator<Item = ${taken}>, emit: &mut dyn FnMut(${given}) -> Result<(), ${error}>) -> Result<(), ${error}>`
      : `${first}input: ${taken}) -> Result<${given}, ${error}>`;
  },
};

/** https://doc.rust-lang.org/cargo/reference/external-tools.html#artifact-messages */
interface CargoMessage {
  readonly reason: string;
  readonly package_id: string;
  readonly fresh: boolean;
  readonly executable: string | null;
  readonly target: { readonly name: string; readonly src_path: string };
}

interface Artifact extends CompiledUnit {
  readonly sourcePath: string;
  readonly executable: string | null;
}

function isMessage(line: string): boolean {
  return line.startsWith('{"reason":');
}

function artifactsOf(messages: string): readonly Artifact[] {
  return messages
    .split('\n')
    .filter(isMessage)
    .map((line) => JSON.parse(line) as CargoMessage)
    .filter(({ reason }) => reason === 'compiler-artifact')
    .map(({ package_id: packageId, fresh, executable, target }) => ({
      ...{ packageId, executable, isFresh: fresh },
      ...{ targetName: target.name, sourcePath: target.src_path },
    }));
}

/** The program that cargo made of service.rs. */
function programOf(artifacts: readonly Artifact[]): string {
  for (const { executable, sourcePath } of artifacts)
    if (executable !== null && sourcePath.endsWith('service.rs')) return executable;
  throw new DomainError(
    'FAILED_PRECONDITION',
    'Cargo.toml builds no program from service.rs; run `axiom generate`',
    'PROGRAM_MISSING',
  );
}

async function hostCommand(model: PackageModel): Promise<Command> {
  return { argv: [join(model.root, PROGRAM)], cwd: model.root };
}

async function testCommand(model: PackageModel, extra: readonly string[]): Promise<Command> {
  const env = cargoEnv(packageTarget(model.root));
  return { argv: ['cargo', 'test', ...extra], cwd: model.root, env };
}
