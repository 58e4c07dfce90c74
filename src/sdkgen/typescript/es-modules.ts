/**
 * Packages that call themselves ECMAScript modules (`"type": "module"`): built as CommonJS all the same, as
 * the bindings and the host are, which also lets their imports leave file extensions out. Node 20 and later
 * load ECMAScript modules from CommonJS, so dependencies of either kind work.
 */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPackageJson, type PackageJson } from './package-json';

/** Compiler options that turn such a package's sources into CommonJS, by TypeScript's major version. */
export function commonJsOptions(typescriptMajor: number): Readonly<Record<string, unknown>> {
  return {
    module: 'commonjs',
    // Only TypeScript 6 lets commonjs go with a resolution that knows `exports` and `imports`.
    moduleResolution: typescriptMajor >= 6 ? 'bundler' : 'node10',
    esModuleInterop: true,
    verbatimModuleSyntax: false,
  };
}

/** dist/package.json: what is in dist/ is CommonJS, and the package's # names lead to files in there. */
export function commonJsScope({ imports }: PackageJson): string {
  return json({ type: 'commonjs', ...(imports !== undefined && { imports: compiled(imports) }) });
}

/** gen/package.json: the bindings are CommonJS, whatever the package around them is. */
export const GEN_SCOPE = json({ type: 'commonjs' });

/** `./nodes/x.ts` and `./dist/nodes/x.js`, as seen from dist/. */
function compiled(target: unknown): unknown {
  if (typeof target === 'string')
    return target.replace(/^\.\/dist\//, './').replace(/(?<!\.d)\.([cm]?)tsx?$/, '.$1js');
  if (Array.isArray(target)) return target.map(compiled);
  if (typeof target !== 'object' || target === null) return target;
  return Object.fromEntries(Object.entries(target).map(([key, value]) => [key, compiled(value)]));
}

/** Lines of a Jest configuration that compiles the sources as the build does. */
export const JEST_OF_MODULES: readonly string[] = [
  "  transform: { '^.+\\\\.tsx?$': ['ts-jest', { tsconfig: '<rootDir>/.axiom/tsconfig.json' }] },",
  '  // Imports may name the file that a source is compiled to.',
  "  moduleNameMapper: { '^(\\\\.{1,2}/.*)\\\\.js$': '$1' },",
];

/** Flags for Node that the author's own Jest configuration needs, where it asks for ECMAScript modules. */
export async function jestFlags(root: string): Promise<readonly string[]> {
  const packageJson = await readPackageJson(root);
  const own = (await readdir(root)).find((name) => name.startsWith('jest.config.'));
  const text =
    own === undefined ? JSON.stringify(packageJson?.jest ?? '') : await readFile(join(root, own), 'utf8');
  const wantsModules = /extensionsToTreatAsEsm|useESM|EsmPreset|default-esm/.test(text);
  return wantsModules ? ['--experimental-vm-modules', '--no-warnings=ExperimentalWarning'] : [];
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
