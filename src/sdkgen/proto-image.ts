/** Compiles a package's .proto files with buf, which needs neither protoc nor a network. */

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DomainError } from '../domain/errors';
import type { ProtoSource } from './proto-sources';
import { explained, runTool } from './run-tool';

const MAX_DIAGNOSTICS = 20;

/**
 * A serialized FileDescriptorSet of the sources and of the google/protobuf files that they import. Throws
 * INVALID_ARGUMENT with the compiler's diagnostics when they do not compile.
 * @param begun is told once the compiler is at work
 */
export async function compileProtos(
  sources: readonly ProtoSource[],
  begun?: () => void,
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'axiom-proto-'));
  const workspace = join(folder, 'package');
  try {
    for (const { path, text } of sources) {
      const copy = join(workspace, path);
      await mkdir(dirname(copy), { recursive: true });
      await writeFile(copy, text);
    }
    await mkdir(workspace, { recursive: true });
    await writeFile(join(workspace, 'buf.yaml'), 'version: v2\n');
    // Otherwise in the home folder, which need not be there; nothing of either is used again.
    const env = { BUF_CACHE_DIR: join(folder, 'cache'), BUF_CONFIG_DIR: join(folder, 'config') };
    const compiled = runBuf(['build', '--as-file-descriptor-set', '-o', 'image.binpb'], workspace, env);
    begun?.();
    await compiled;
    return await readFile(join(workspace, 'image.binpb'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An optional dependency, half of what an installation takes: servers and sidecars do without it. */
function findBuf(): readonly [program: string, ...args: string[]] {
  const script = findScript();
  const machine = `${process.platform}-${process.platform === 'linux' ? (LINUX[process.arch] ?? process.arch) : process.arch}`;
  try {
    return [createRequire(script).resolve(`@bufbuild/buf-${machine}/bin/buf`)];
  } catch {
    return [process.execPath, script];
  }
}

/** Machines that buf calls otherwise than Node does. */
const LINUX: Readonly<Record<string, string>> = { arm64: 'aarch64', arm: 'armv7' };

/** What finds buf's program for this machine and runs it: a Node of its own, which a limit on time would end alone. */
function findScript(): string {
  try {
    return require.resolve('@bufbuild/buf/bin/buf');
  } catch {
    throw new DomainError(
      'FAILED_PRECONDITION',
      "buf, which compiles a package's messages, is not installed; run `npm install @bufbuild/buf` where axiom-secrets is installed",
      'BUF_MISSING',
    );
  }
}

/** Runs buf's own binary, never one from PATH. */
async function runBuf(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const argv = [...findBuf(), ...args] as const;
  await runTool({ argv, cwd, env }, { tool: 'buf', purpose: "compiling the package's messages" }).catch(
    explained(
      (said) =>
        new DomainError(
          'INVALID_ARGUMENT',
          `the package's messages do not compile:\n${said.split('\n').slice(0, MAX_DIAGNOSTICS).join('\n')}`,
          'PROTO_INVALID',
        ),
    ),
  );
}
