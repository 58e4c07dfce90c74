/** Go packages: what `axiom generate`, `axiom test` and `axiom run` do with them. */

import type { DescMessage } from '@bufbuild/protobuf';
import { join } from 'node:path';
import { DomainError } from '../../domain/errors';
import type { ContextUse } from '../../validate/languages/common/context-use';
import { withBuildLock } from '../build-lock';
import { withHandlerShapes, type HandlerShapes } from '../handler-shape';
import { requireHandlers, tellHandlers } from '../handlers';
import type { Command, GeneratedFile, LanguageSupport, PackageModel, Report } from '../language';
import { runTool } from '../run-tool';
import { staleFiles, writeFiles } from '../write-files';
import { goBindings } from './bindings';
import { hasGoMod, languageIsRaised, MODULE_FLAGS, modulePath, newGoMod, prepareBuildMod } from './module';
import { goPackageOfMessage } from './names';
import { renderContext, renderHost, renderMain } from './render';
import { renderTests } from './test-file';
import { GO_ENV, missingGo } from './toolchain';
import { goTypeName } from './type-names';

/** The node host's program, relative to root. */
const PROGRAM = '.axiom/bin/service';

export const goSupport: LanguageSupport = {
  language: 'go',
  missingToolchain: missingGo,
  generate,
  build,
  hostCommand,
  testCommand,
};

async function generate(model: PackageModel, report: Report): Promise<readonly GeneratedFile[]> {
  const module = await modulePath(model.root, model.manifest.name);
  const context = await renderContext(model);
  if ((await staleFiles(model.root, context)).length > 0) tellShape(model.context, report);
  tellHandlers(model, report);
  return [
    ...context,
    ...(await bindingsIfPossible(model, module, report)),
    ...(await renderHost(model, module)),
    renderMain(model, module),
    ...(await firstGoMod(model, module)),
    ...(await renderTests(model, module)),
  ];
}

/** A go.mod for a package that has none; an author's own is theirs. */
async function firstGoMod({ root }: PackageModel, module: string): Promise<readonly GeneratedFile[]> {
  if (await hasGoMod(root)) return [];
  return [{ path: 'go.mod', contents: newGoMod(module), write: 'once' }];
}

function tellShape(shape: ContextUse, report: Report): void {
  const form =
    shape.addNode === 'old' ? '(package, version, position)' : '(package, version, node name, position)';
  const why =
    shape.addNodeFrom === undefined ? 'the newest; nothing here uses it' : `as in ${shape.addNodeFrom}`;
  report(`axiom/context.go: AddNode takes ${form}, ${why}`);
  for (const member of shape.leftOut) {
    report(
      `axiom/context.go: Context has no ${member}(): a test double here lacks it and no handler calls it`,
    );
  }
}

/** Generation works without Go, but for the messages: their code comes from a plugin that Go builds. */
async function bindingsIfPossible(
  model: PackageModel,
  module: string,
  report: Report,
): Promise<readonly GeneratedFile[]> {
  const missing = await missingGo();
  if (missing === undefined) return goBindings(model, module, report);
  report(`gen/: the messages' code is not made: ${missing}`);
  return [];
}

async function build(model: PackageModel, report: Report): Promise<void> {
  const missing = await missingGo();
  if (missing !== undefined) throw new DomainError('FAILED_PRECONDITION', missing, 'TOOLCHAIN_MISSING');
  const module = await modulePath(model.root, model.manifest.name);
  requireHandlers(model);
  await writeFiles(model.root, await goBindings(model, module, report), report);
  // One build at a time: go rewrites build.mod, and two would write one program.
  const work = async (): Promise<void> => {
    await prepareBuildMod(model.root);
    const argv = ['go', 'build', ...MODULE_FLAGS, '-o', PROGRAM, './.axiom/service'] as const;
    await withHandlerShapes(model, handlerShapes(module), () =>
      runTool(
        { argv, cwd: model.root, env: GO_ENV },
        { tool: 'go', purpose: 'building the node host', report },
      ),
    );
  };
  await withBuildLock(join(model.root, '.axiom', 'building'), work, () =>
    report('waiting for another build of this package'),
  );
}

function handlerShapes(module: string): HandlerShapes {
  const type = (message: DescMessage) =>
    `*${goPackageOfMessage(message, module).name}.${goTypeName(message)}`;
  return {
    program: '.axiom/service/main.go',
    extension: 'go',
    declaration({ manifest, input, output }) {
      const first = `func ${manifest.name}(ctx context.Context, ax axiom.Context, `;
      return manifest.type === 'pipeline'
        ? `${first}inputs <-chan ${type(input)}, emit func(${type(output)}) error) error`
        : `${first}input ${type(input)}) (${type(output)}, error)`;
    },
  };
}

async function hostCommand(model: PackageModel): Promise<Command> {
  return { argv: [join(model.root, PROGRAM)], cwd: model.root };
}

async function testCommand(model: PackageModel, extra: readonly string[]): Promise<Command> {
  // go test runs vet, whose checks grow with the language version: what the author's version passes must pass.
  const vet = (await languageIsRaised(model.root)) ? ['-vet=off'] : [];
  return { argv: ['go', 'test', ...MODULE_FLAGS, ...vet, ...extra, './...'], cwd: model.root, env: GO_ENV };
}
