/** The Go toolchain, and the versions of what generated packages are built with. */

import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exists } from '../../files/exists';
import { cacheDir } from '../cache-dir';
import type { Report } from '../language';
import { runTool } from '../run-tool';

/** The oldest Go that grpc at the version below builds with. */
export const GO_VERSION = '1.26.0';

/** What every package needs; sdk-stubs/go/go.mod has the same (a test compares them). */
export const REQUIRED_MODULES = {
  'google.golang.org/grpc': 'v1.85.0',
  'google.golang.org/protobuf': 'v1.36.12',
} as const;

const PLUGIN = 'google.golang.org/protobuf/cmd/protoc-gen-go';

/** From this version on, Go fetches the toolchain that a go.mod asks for. */
const SELF_UPDATING = '1.21.0';

/** One line that says what is missing and how to get it; undefined when Go is there. */
export async function missingGo(): Promise<string | undefined> {
  let said: string;
  try {
    said = await runTool(
      { argv: ['go', 'env', 'GOVERSION', 'GOTOOLCHAIN'], cwd: tmpdir() },
      { tool: 'question', purpose: 'go env' },
    );
  } catch {
    return `Go ${GO_VERSION} or newer is missing; install it from https://go.dev/dl and put go on PATH`;
  }
  const [version = '', mode = ''] = said.split('\n').map((line) => line.trim());
  const found = version.replace(/^go/, '');
  if (!isOlder(found, GO_VERSION)) return undefined;
  if (mode.startsWith('auto') && !isOlder(found, SELF_UPDATING)) return undefined;
  return `Go ${found} is too old; install ${GO_VERSION} or newer from https://go.dev/dl`;
}

/** Whether one version, as in 1.26 or v1.36.12-rc.1, comes before another. */
export function isOlder(version: string, than: string): boolean {
  const [left, right] = [version, than].map(
    (text) => text.replace(/^v/, '').split(/[-+]/)[0]?.split('.') ?? [],
  );
  for (let i = 0; i < 3; i += 1) {
    const difference = (parseInt(left?.[i] ?? '0', 10) || 0) - (parseInt(right?.[i] ?? '0', 10) || 0);
    if (difference !== 0) return difference < 0;
  }
  return version.includes('-') && !than.includes('-');
}

/** The environment of every go command: no workspace from a folder above, no version control stamp. */
export const GO_ENV = { GOWORK: 'off', GOFLAGS: '-buildvcs=false' } as const;

/** The path of protoc-gen-go, built once into the shared cache. */
export async function protocGenGo(report: Report): Promise<string> {
  const version = REQUIRED_MODULES['google.golang.org/protobuf'];
  const folder = join(cacheDir(), 'go');
  const place = join(folder, `protoc-gen-go-${version}`);
  if (await exists(place)) return place;
  await mkdir(folder, { recursive: true });
  const draft = await mkdtemp(join(folder, 'install-'));
  try {
    const env = { ...GO_ENV, GOBIN: draft };
    await runTool(
      { argv: ['go', 'install', `${PLUGIN}@${version}`], cwd: draft, env },
      { tool: 'go', purpose: `installing ${PLUGIN}`, report },
    );
    // By rename: packages that are built at the same time each find a whole file.
    await rename(join(draft, 'protoc-gen-go'), place);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return place;
}
