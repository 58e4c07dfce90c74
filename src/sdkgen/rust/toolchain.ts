/** The Rust toolchain, and the program that makes messages' code. */

import { createHash } from 'node:crypto';
import { cp, copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exists } from '../../files/exists';
import { withBuildLock } from '../build-lock';
import { cacheDir } from '../cache-dir';
import type { Report } from '../language';
import { runTool } from '../run-tool';
import { stubsDir } from '../stubs';
import { cargoEnv } from './target-folder';

/** The oldest Rust that the node host compiles with: `unsafe extern`. */
export const RUST_VERSION = { major: 1, minor: 82 };

/** One line that says what is missing and how to get it; undefined when Rust is there. */
export async function missingRust(): Promise<string | undefined> {
  const wanted = `${RUST_VERSION.major}.${RUST_VERSION.minor}`;
  let said: string;
  try {
    said = await runTool(
      { argv: ['cargo', '--version'], cwd: tmpdir() },
      { tool: 'question', purpose: 'cargo --version' },
    );
  } catch {
    return `Rust ${wanted} or newer is missing; install it from https://rustup.rs and put cargo on PATH`;
  }
  const [, major = '0', minor = '0'] = /cargo (\d+)\.(\d+)/.exec(said) ?? [];
  const found = Number(major) * 1000 + Number(minor);
  if (found >= RUST_VERSION.major * 1000 + RUST_VERSION.minor) return undefined;
  return `Rust ${major}.${minor} is too old; \`rustup update\` gets ${wanted} or newer`;
}

/** The path of axiom-bindings (sdk-stubs/rust/bindings), built once into the shared cache. */
export async function bindingsProgram(report: Report): Promise<string> {
  const sources = join(stubsDir('rust'), 'bindings');
  const parts = await Promise.all(['Cargo.toml', 'src/main.rs'].map((file) => readFile(join(sources, file))));
  const version = createHash('sha256').update(Buffer.concat(parts)).digest('hex').slice(0, 16);
  const folder = join(cacheDir(), 'rust', `bindings-${version}`);
  const program = join(folder, 'axiom-bindings');
  if (await exists(program)) return program;
  const work = async () => {
    if (await exists(program)) return program;
    report("compiling what makes messages' code; this is done once and takes a minute or so");
    // Built from a copy: cargo writes a Cargo.lock beside the sources, which may be read-only.
    await mkdir(join(folder, 'src'), { recursive: true });
    for (const file of ['Cargo.toml', 'src/main.rs']) await cp(join(sources, file), join(folder, file));
    const target = join(folder, 'target');
    const command = { argv: ['cargo', 'build', '--quiet'] as const, cwd: folder, env: cargoEnv(target) };
    await runTool(command, { tool: 'cargo', purpose: 'building axiom-bindings', report });
    await place(join(target, 'debug', 'axiom-bindings'), program);
    await rm(target, { recursive: true, force: true });
    return program;
  };
  return withBuildLock(`${folder}.building`, work, () =>
    report("waiting for another build, which compiles what makes messages' code"),
  );
}

/** Puts a copy of a built program at `target` by rename: a running one is not disturbed. */
export async function place(built: string, target: string): Promise<void> {
  const draft = `${target}.${process.pid}.tmp`;
  await copyFile(built, draft);
  await rename(draft, target);
}
