/** The Rust toolchain, the shared build folder, and the program that makes messages' code. */

import { createHash } from 'node:crypto';
import { cp, copyFile, mkdir, readFile, rename, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withBuildLock } from '../build-lock';
import { cacheDir } from '../cache-dir';
import type { Report } from '../language';
import { runTool } from '../run-tool';
import { stubsDir } from '../stubs';

/** The oldest Rust that the node host compiles with: `unsafe extern`. */
const RUST_VERSION = { major: 1, minor: 82 };

/** One line that says what is missing and how to get it; undefined when Rust is there. */
export async function missingRust(): Promise<string | undefined> {
  const wanted = `${RUST_VERSION.major}.${RUST_VERSION.minor}`;
  let said: string;
  try {
    said = await runTool({ argv: ['cargo', '--version'], cwd: tmpdir() }, 'cargo --version');
  } catch {
    return `Rust ${wanted} or newer is missing; install it from https://rustup.rs and put cargo on PATH`;
  }
  const [, major = '0', minor = '0'] = /cargo (\d+)\.(\d+)/.exec(said) ?? [];
  const found = Number(major) * 1000 + Number(minor);
  if (found >= RUST_VERSION.major * 1000 + RUST_VERSION.minor) return undefined;
  return `Rust ${major}.${minor} is too old; \`rustup update\` gets ${wanted} or newer`;
}

/** Where every package's dependencies are compiled, once for all. */
export function targetDir(): string {
  return join(cacheDir(), 'rust', 'target');
}

/** The environment of every cargo command: one target folder, and only what a node host needs in it. */
export function cargoEnv(): Readonly<Record<string, string>> {
  return { CARGO_TARGET_DIR: targetDir(), CARGO_INCREMENTAL: '0', CARGO_PROFILE_DEV_DEBUG: '0' };
}

/** Tells a user who waits why the first Rust package of a machine takes long. */
export async function tellFirstBuild(report: Report): Promise<void> {
  if (await exists(join(targetDir(), 'debug', 'service'))) return;
  report('compiling gRPC for Rust; this is done once and takes a minute or so');
}

/** Runs `work` while no other axiom process builds into the shared target folder. */
export function whileBuilding<T>(report: Report, work: () => Promise<T>): Promise<T> {
  return withBuildLock(join(cacheDir(), 'rust', 'building'), work, () =>
    report('waiting for the Rust build of another package, which has the shared target folder'),
  );
}

/** The path of axiom-bindings (sdk-stubs/rust/bindings), built once into the shared cache. */
export async function bindingsProgram(report: Report): Promise<string> {
  const sources = join(stubsDir('rust'), 'bindings');
  const parts = await Promise.all(['Cargo.toml', 'src/main.rs'].map((file) => readFile(join(sources, file))));
  const version = createHash('sha256').update(Buffer.concat(parts)).digest('hex').slice(0, 16);
  const folder = join(cacheDir(), 'rust', `bindings-${version}`);
  const program = join(folder, 'axiom-bindings');
  if (await exists(program)) return program;
  return whileBuilding(report, async () => {
    if (await exists(program)) return program;
    report("compiling what makes messages' code; this is done once and takes a minute or so");
    // Built from a copy: cargo writes a Cargo.lock beside the sources, which may be read-only.
    await mkdir(join(folder, 'src'), { recursive: true });
    for (const file of ['Cargo.toml', 'src/main.rs']) await cp(join(sources, file), join(folder, file));
    await runTool({ argv: ['cargo', 'build'], cwd: folder, env: cargoEnv() }, 'building axiom-bindings');
    await place(join(targetDir(), 'debug', 'axiom-bindings'), program);
    return program;
  });
}

/** Puts a copy of a built program at `target` by rename: a running one is not disturbed. */
export async function place(built: string, target: string): Promise<void> {
  const draft = `${target}.${process.pid}.tmp`;
  await copyFile(built, draft);
  await rename(draft, target);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
