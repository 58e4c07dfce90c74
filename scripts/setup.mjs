// Brings a fresh clone to where commands can run: dependencies installed, TypeScript compiled.
// Each step looks whether it is done, so that a second run costs a moment only. Commands may run beside each other in one
// clone, and be interrupted: a step is one process's at a time, what it makes is made aside, and it counts as done from its
// end on.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';
import { putInPlace } from './put-in-place.mjs';

/** The repository's root. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const stamps = join(root, 'node_modules', '.axiom-stamps');

/** Runs a program with its output on our stderr; ends this process with its exit code when it fails. */
export function run(program, args, options = {}) {
  const { status, signal, error } = spawnSync(program, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    ...options,
  });
  if (status !== 0) {
    console.error(`${program} ${args.join(' ')}: ${error?.message ?? signal ?? `exit code ${status}`}`);
    process.exit(status ?? 1);
  }
}

/** Starts a Node program beside what else runs, with its output on our stderr; it ends with this process. @returns its exit code. */
export async function start(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 2, 2] });
  process.once('exit', () => child.kill());
  const [code] = await once(child, 'exit');
  return code ?? 1;
}

/** A development tool of this repository, as a path that Node runs. */
export function tool(name) {
  return join(root, 'node_modules', '.bin', name);
}

/** Does a step unless it is done, after whoever else is at one in this clone. */
async function ensure(isDone, step) {
  if (isDone()) return;
  await withLock(
    join(root, '.axiom', 'setup.lock'),
    () => (isDone() ? undefined : step()),
    (file) =>
      console.error(
        `waiting for another command to install or build in this folder; if there is none, remove ${relative(root, file)}`,
      ),
  );
}

/** Installs what package-lock.json says, unless it is what stands in node_modules. */
export async function ensureInstalled() {
  await ensure(isInstalled, install);
}

function install() {
  console.error(
    'installing dependencies (a native SQLite driver is compiled where no prebuilt one fits: about a minute)',
  );
  // npm is a script of Node's own installation, and on Windows a .cmd file.
  run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-audit', '--no-fund'], {
    shell: process.platform === 'win32',
  });
}

/** npm keeps what it installed in a lockfile of its own inside node_modules. */
function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const packagesOf = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
  const standing = packagesOf(installed);
  const wanted = Object.entries(packagesOf(join(root, 'package-lock.json')));
  return wanted.every(([path, { version, optional, link }]) => {
    return path === '' || optional || link || standing[path]?.version === version;
  });
}

/** Compiles src to dist and bundles the console, where sources have changed since. */
export async function ensureBuilt() {
  const main = join(root, 'dist', 'cli', 'main.js');
  await ensure(() => isMade('build', serverSources()) && existsSync(main), compile);
  if (!existsSync(consoleConfig)) return;
  const page = join(root, 'dist', 'console', 'index.html');
  await ensure(() => isMade('console', consoleSources()) && existsSync(page), bundleConsole);
}

function serverSources() {
  return hashFiles([
    join(root, 'tsconfig.json'),
    join(root, 'node_modules', 'kysely', 'package.json'),
    fileURLToPath(import.meta.url),
    ...filesBelow('src', (path) => !path.startsWith('src/console')),
  ]);
}

function compile() {
  console.error('compiling');
  const sources = serverSources();
  const made = emptyFolderAside();
  run(process.execPath, [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    ...['-p', '.', '--outDir', made],
  ]);
  bundleKysely(join(made, 'store', 'kysely.js'));
  chmodSync(join(made, 'cli', 'main.js'), 0o755);
  replaceMade('build', sources, () => putInPlace(made, join(root, 'dist'), 'console'));
}

/** The query builder as one file, tree-shaken, in place of what tsc made of its import; with its licence beside it. */
function bundleKysely(bundle) {
  const source = join(root, 'src', 'store', 'kysely.ts');
  const options = ['--file', bundle, '--format', 'cjs', '--platform', 'node'];
  // It tells of its success; failures go to stderr.
  run(process.execPath, [tool('rolldown'), source, ...options], { stdio: ['ignore', 'ignore', 2] });
  rmSync(`${bundle}.map`, { force: true });
  copyFileSync(join(root, 'node_modules', 'kysely', 'LICENSE'), `${bundle}.LICENSE`);
}

const consoleConfig = join(root, 'src', 'console', 'vite.config.mts');

function consoleSources() {
  // All that the console may be built from (.dependency-cruiser.cjs, console-knows-the-proto-only).
  const rooms = ['src/console', 'src/gen', 'src/domain', 'src/crypto'];
  return hashFiles([
    ...rooms.flatMap((room) => filesBelow(room)),
    join(root, 'package-lock.json'),
    fileURLToPath(import.meta.url),
  ]);
}

function bundleConsole() {
  console.error('bundling the console');
  const sources = consoleSources();
  const made = emptyFolderAside();
  run(process.execPath, [
    join(root, 'node_modules', 'vite', 'bin', 'vite.js'),
    'build',
    ...['--config', consoleConfig, '--outDir', made, '--logLevel', 'warn'],
  ]);
  for (const path of filesBelow(relative(root, made))) compress(path);
  replaceMade('console', sources, () => putInPlace(made, join(root, 'dist', 'console')));
}

/** Beside dist and not below another folder: source maps name sources by their way from where they were made. */
const ASIDE = '.dist-';

/** A folder to make things in, this process's own; those of processes that were interrupted go. */
function emptyFolderAside() {
  for (const name of readdirSync(root))
    if (name.startsWith(ASIDE)) rmSync(join(root, name), { recursive: true });
  const folder = join(root, `${ASIDE}${process.pid}`);
  mkdirSync(folder);
  return folder;
}

/** While things are replaced they count as not made: whoever is interrupted there leaves it to the next to do it again. */
function replaceMade(name, sources, replace) {
  rmSync(join(stamps, name), { force: true });
  replace();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(join(stamps, name), sources);
}

function isMade(name, sources) {
  const path = join(stamps, name);
  return existsSync(path) && readFileSync(path, 'utf8') === sources;
}

/** Below this many bytes compression gains nothing. */
const MIN_COMPRESSED_BYTES = 1_024;

/** Puts the file's compressed forms beside it, so that no server makes them at its start. */
function compress(path) {
  const bytes = readFileSync(path);
  if (bytes.byteLength < MIN_COMPRESSED_BYTES) return;
  writeFileSync(`${path}.br`, brotliCompressSync(bytes));
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
}

/** Files below a folder of the repository, sorted, as absolute paths. */
function filesBelow(folder, wanted = () => true) {
  const found = [];
  const walk = (path) => {
    for (const name of readdirSync(path)) {
      const child = join(path, name);
      if (!wanted(relative(root, child).replaceAll('\\', '/'))) continue;
      if (statSync(child).isDirectory()) walk(child);
      else found.push(child);
    }
  };
  walk(join(root, folder));
  return found.sort();
}

function hashFiles(paths) {
  const hash = createHash('sha256').update(process.version);
  for (const path of paths) hash.update(`\0${relative(root, path)}\0`).update(readFileSync(path));
  return hash.digest('hex');
}
