// Brings a fresh clone to where commands can run: dependencies installed, TypeScript compiled.
// Each step looks whether it is done, so that a second run costs a moment only.

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

/** Installs what package-lock.json says, unless it is what stands in node_modules. */
export function ensureInstalled() {
  if (isInstalled()) return;
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
export function ensureBuilt() {
  const server = hashFiles([
    join(root, 'tsconfig.json'),
    join(root, 'node_modules', 'kysely', 'package.json'),
    fileURLToPath(import.meta.url),
    ...filesBelow('src', (path) => !path.startsWith('src/console')),
  ]);
  const main = join(root, 'dist', 'cli', 'main.js');
  if (!stampIs('build', server) || !existsSync(main)) {
    console.error('compiling');
    for (const folder of readdirOr(join(root, 'dist')))
      if (folder !== 'console') rmSync(join(root, 'dist', folder), { recursive: true });
    run(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', '.']);
    bundleKysely();
    chmodSync(main, 0o755);
    setStamp('build', server);
  }
  ensureConsole();
}

/** The query builder as one file, tree-shaken, in place of what tsc made of its import; with its licence beside it. */
function bundleKysely() {
  const bundle = join(root, 'dist', 'store', 'kysely.js');
  const source = join(root, 'src', 'store', 'kysely.ts');
  const options = ['--file', bundle, '--format', 'cjs', '--platform', 'node'];
  // It tells of its success; failures go to stderr.
  run(process.execPath, [tool('rolldown'), source, ...options], { stdio: ['ignore', 'ignore', 2] });
  rmSync(`${bundle}.map`, { force: true });
  copyFileSync(join(root, 'node_modules', 'kysely', 'LICENSE'), `${bundle}.LICENSE`);
}

function ensureConsole() {
  const config = join(root, 'src', 'console', 'vite.config.mts');
  if (!existsSync(config)) return;
  // All that the console may be built from (.dependency-cruiser.cjs, console-knows-the-proto-only).
  const rooms = ['src/console', 'src/gen', 'src/domain', 'src/crypto'];
  const sources = hashFiles([
    ...rooms.flatMap((room) => filesBelow(room)),
    join(root, 'package-lock.json'),
    fileURLToPath(import.meta.url),
  ]);
  if (stampIs('console', sources) && existsSync(join(root, 'dist', 'console', 'index.html'))) return;
  console.error('bundling the console');
  run(process.execPath, [
    join(root, 'node_modules', 'vite', 'bin', 'vite.js'),
    'build',
    '--config',
    config,
    '--logLevel',
    'warn',
  ]);
  for (const path of filesBelow('dist/console')) compress(path);
  setStamp('console', sources);
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

function readdirOr(path) {
  return existsSync(path) ? readdirSync(path) : [];
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

function stampIs(name, value) {
  const path = join(stamps, name);
  return existsSync(path) && readFileSync(path, 'utf8') === value;
}

function setStamp(name, value) {
  mkdirSync(stamps, { recursive: true });
  writeFileSync(join(stamps, name), value);
}
