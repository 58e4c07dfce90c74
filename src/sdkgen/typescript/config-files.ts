/** package.json, tsconfig.json and jest.config.js, for packages that have none. */

import { readdir } from 'node:fs/promises';
import type { GeneratedFile, PackageModel } from '../language';
import { DEVELOPMENT_DEPENDENCIES, RUNTIME_DEPENDENCIES } from './host-dependencies';
import { JEST_OF_MODULES } from './es-modules';
import { readPackageJson } from './package-json';

/** Only what is missing: what is there is the author's. */
export async function configFiles(model: PackageModel): Promise<readonly GeneratedFile[]> {
  const present = await readdir(model.root);
  const packageJson = await readPackageJson(model.root);
  const files: GeneratedFile[] = [];
  if (!packageJson) files.push(once('package.json', newPackageJson(model)));
  if (!present.includes('tsconfig.json')) files.push(once('tsconfig.json', json(TSCONFIG)));
  const hasJestConfig =
    packageJson?.jest !== undefined || present.some((name) => name.startsWith('jest.config.'));
  const isModule = packageJson?.type === 'module';
  if (!hasJestConfig) files.push(once(`jest.config.${isModule ? 'cjs' : 'js'}`, jestConfig(model, isModule)));
  return files;
}

function once(path: string, contents: string): GeneratedFile {
  return { path, contents, write: 'once' };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function newPackageJson({ manifest }: PackageModel): string {
  return json({
    name: manifest.name.replaceAll('/', '-'),
    version: manifest.version,
    private: true,
    main: 'dist/service.js',
    dependencies: RUNTIME_DEPENDENCIES,
    devDependencies: DEVELOPMENT_DEPENDENCIES,
  });
}

/**
 * The platform's own settings: packages without a tsconfig.json were written under them. `moduleResolution`
 * is left to the compiler, since TypeScript 6 refuses the old value and 5 has no better one for commonjs.
 */
const TSCONFIG = {
  compilerOptions: {
    // A later target would change when class fields are set.
    target: 'ES2020',
    module: 'commonjs',
    lib: ['ES2023'],
    types: ['node', 'jest'],
    strict: false,
    esModuleInterop: true,
    allowJs: true,
    resolveJsonModule: true,
    skipLibCheck: true,
    rootDir: '.',
    outDir: 'dist',
  },
  include: ['service.ts', 'nodes/**/*.ts', 'gen/**/*.ts'],
};

/** A node may be called FlowTest: its file ends in _test.ts and is not a test. */
function jestConfig(model: PackageModel, isModule: boolean): string {
  const handlers = model.nodes
    .filter(({ snakeName }) => snakeName.endsWith('_test'))
    .map(({ snakeName }) => `, '/nodes/${snakeName}\\\\.ts$'`);
  return [
    "/** @type {import('ts-jest').JestConfigWithTsJest} */",
    'module.exports = {',
    ...(isModule ? JEST_OF_MODULES : ["  preset: 'ts-jest',"]),
    "  testEnvironment: 'node',",
    "  testMatch: ['<rootDir>/nodes/**/*_test.ts'],",
    `  testPathIgnorePatterns: ['/node_modules/'${handlers.join('')}],`,
    "  modulePathIgnorePatterns: ['<rootDir>/.axiom/', '<rootDir>/dist/'],",
    '};',
    '',
  ].join('\n');
}
