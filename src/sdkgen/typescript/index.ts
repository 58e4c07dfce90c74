/** TypeScript: messages on google-protobuf, handlers in nodes/, served by Node. */

import { join } from 'node:path';
import { withBuildLock } from '../build-lock';
import { withHandlerShapes, type HandlerShapes } from '../handler-shape';
import { requireHandlers, tellHandlers } from '../handlers';
import type { Command, GeneratedFile, LanguageSupport, PackageModel, Report } from '../language';
import { bindings } from './bindings';
import { compile } from './compile';
import { configFiles } from './config-files';
import { GEN_SCOPE, jestFlags } from './es-modules';
import { hostFiles } from './host-files';
import { installDependencies } from './install';
import { readPackageJson } from './package-json';
import { resolveTool } from './resolve-tool';
import { secretNamesFile } from './secret-names';
import { serviceFile } from './service-file';
import { testFile } from './test-file';

const HANDLER_SHAPES: HandlerShapes = {
  program: 'service.ts',
  extension: 'ts',
  declaration({ manifest, functionName, input, output }) {
    return manifest.type === 'pipeline'
      ? `export async function* ${functionName}(ax: AxiomContext, inputs: AsyncIterable<${input.name}>): AsyncGenerator<${output.name}>`
      : `export function ${functionName}(ax: AxiomContext, input: ${input.name}): ${output.name} | Promise<${output.name}>`;
  },
};

export const typescriptSupport: LanguageSupport = {
  language: 'typescript',

  /** The Node that runs axiom is the toolchain. */
  missingToolchain: () => Promise.resolve(undefined),

  async generate(model: PackageModel, report: Report): Promise<readonly GeneratedFile[]> {
    tellHandlers(model, report);
    const always = (path: string, contents: string): GeneratedFile => ({ path, contents, write: 'always' });
    return [
      ...(await hostFiles()),
      ...bindings(model.registry.files).map(({ path, contents }) => always(`gen/${path}`, contents)),
      always('gen/axiomSecretNames.ts', secretNamesFile(model.declaredSecrets)),
      always('service.ts', serviceFile(model)),
      ...(await configFiles(model)),
      ...((await readPackageJson(model.root))?.type === 'module'
        ? [always('gen/package.json', GEN_SCOPE)]
        : []),
      ...model.nodes.map((node) => ({
        path: `nodes/${node.testName}.ts`,
        contents: testFile(node),
        write: 'once' as const,
      })),
    ];
  },

  async build(model: PackageModel, report: Report): Promise<void> {
    requireHandlers(model);
    const work = async (): Promise<void> => {
      await installDependencies(model.root, report);
      await withHandlerShapes(model, HANDLER_SHAPES, () => compile(model.root, report));
    };
    await withBuildLock(join(model.root, '.axiom', 'build.lock'), work, () =>
      report('waiting for another build of this package'),
    );
  },

  hostCommand(model: PackageModel): Promise<Command> {
    // With source maps the log names places in the author's own files.
    return Promise.resolve({
      argv: [process.execPath, '--enable-source-maps', 'dist/service.js'],
      cwd: model.root,
    });
  },

  async testCommand(model: PackageModel, extra: readonly string[]): Promise<Command> {
    const jest = resolveTool(model.root, 'jest', 'bin/jest.js');
    const flags = await jestFlags(model.root);
    return { argv: [process.execPath, ...flags, jest.path, ...extra], cwd: model.root };
  },
};
