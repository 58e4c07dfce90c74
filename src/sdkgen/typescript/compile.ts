/** Compiles a package into dist/, with its own TypeScript and its own compiler options. */

import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Report } from '../language';
import { runTool } from '../run-tool';
import { commonJsOptions, commonJsScope } from './es-modules';
import { readPackageJson, type PackageJson } from './package-json';
import { resolveTool } from './resolve-tool';

/** Says which sources dist/ was made from. */
const STAMP = 'dist/.axiom-build';

/** Folders that hold no sources: what was installed, and what builds made. */
const NO_SOURCES = new Set(['node_modules', 'dist', '.axiom', '.git']);

/** Compiles service.ts and all that it imports; does nothing where dist/ was made from these very sources. */
export async function compile(root: string, report: Report): Promise<void> {
  const typescript = resolveTool(root, 'typescript', 'lib/tsc.js');
  const packageJson = await readPackageJson(root);
  const config = await buildConfig(root, typescript.version, packageJson);
  const digest = await sourceDigest(root, `${typescript.version}\0${config}`);
  if ((await textOf(join(root, STAMP))) === digest) return;
  await mkdir(join(root, '.axiom'), { recursive: true });
  await writeFile(join(root, '.axiom', 'tsconfig.json'), config);
  await rm(join(root, 'dist'), { recursive: true, force: true });
  const argv = [
    process.execPath,
    typescript.path,
    '-p',
    '.axiom/tsconfig.json',
    '--pretty',
    'false',
  ] as const;
  await runTool({ argv, cwd: root }, { tool: 'tsc', purpose: 'compiling the package', report });
  await copyRest(root);
  if (packageJson?.type === 'module')
    await writeFile(join(root, 'dist', 'package.json'), commonJsScope(packageJson));
  await writeFile(join(root, STAMP), digest);
}

/** The author's options, with what a build into dist/ needs; only what service.ts reaches is compiled. */
async function buildConfig(
  root: string,
  typescriptVersion: string,
  packageJson: PackageJson | undefined,
): Promise<string> {
  const major = Number.parseInt(typescriptVersion, 10);
  const hasOwn = (await textOf(join(root, 'tsconfig.json'))) !== undefined;
  return JSON.stringify({
    ...(hasOwn && { extends: '../tsconfig.json' }),
    compilerOptions: {
      rootDir: '..',
      outDir: '../dist',
      noEmit: false,
      emitDeclarationOnly: false,
      composite: false,
      incremental: false,
      declaration: false,
      declarationMap: false,
      allowImportingTsExtensions: false,
      allowJs: true,
      checkJs: false,
      // The libraries' declarations are not the package's to mend.
      skipLibCheck: true,
      sourceMap: true,
      inlineSourceMap: false,
      // Published packages name module resolutions that TypeScript 6 only takes with this.
      ...(major >= 6 && { ignoreDeprecations: '6.0' }),
      ...(packageJson?.type === 'module' && commonJsOptions(major)),
    },
    files: ['../service.ts'],
    include: [],
    exclude: [],
  });
}

/**
 * The bindings, which are JavaScript beside declarations, and the data files that nodes read at run time: all
 * that is in the folders that sources were compiled from.
 */
async function copyRest(root: string): Promise<void> {
  const compiled = await readdir(join(root, 'dist'), { withFileTypes: true });
  for (const { name } of compiled.filter((entry) => entry.isDirectory())) {
    await cp(join(root, name), join(root, 'dist', name), {
      recursive: true,
      force: false,
      filter: (source) => !/\.tsx?$/.test(source),
    });
  }
}

/** Of every source's path, size and time of change: reading them all would cost more than it tells. */
async function sourceDigest(root: string, settings: string): Promise<string> {
  const hash = createHash('sha256').update(settings);
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !NO_SOURCES.has(entry.name)) folders.push(path);
      if (!entry.isFile()) continue;
      const { size, mtimeMs } = await stat(path);
      hash.update(`${relative(root, path)}\0${size}\0${mtimeMs}\0`);
    }
  }
  return hash.digest('hex');
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
