/** The package's Go module: the author's go.mod is kept, and what the node host needs is added to a copy. */

import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../../domain/errors';
import { runTool } from '../run-tool';
import { GO_ENV, GO_VERSION, isOlder, REQUIRED_MODULES } from './toolchain';

/**
 * The copy of go.mod that go builds with (`go help modules`, -modfile), relative to root; build.sum is
 * beside it. Not named go.mod, which would make .axiom a module of its own.
 */
const BUILD_MOD = '.axiom/build.mod';

/** What each go command on a package is given. `mod` lets go add what the sources import. */
export const MODULE_FLAGS = [`-modfile=${BUILD_MOD}`, '-mod=mod'] as const;

/** The module's path from go.mod; the package's name where there is none yet. */
export async function modulePath(root: string, packageName: string): Promise<string> {
  const text = await readGoMod(root);
  if (text === undefined) return packageName;
  const path = /^\s*module\s+(?:"([^"]+)"|(\S+))/m.exec(text);
  const found = path?.[1] ?? path?.[2];
  if (found !== undefined) return found;
  throw new DomainError(
    'INVALID_ARGUMENT',
    `go.mod has no module line; write \`module ${packageName}\` at its top`,
    'GO_MOD_INVALID',
  );
}

/** Whether the package has a go.mod. */
export async function hasGoMod(root: string): Promise<boolean> {
  return (await readGoMod(root)) !== undefined;
}

/** Whether the package is built with a newer language version than its go.mod asks for. */
export async function languageIsRaised(root: string): Promise<boolean> {
  const text = await readGoMod(root);
  if (text === undefined) return false;
  const language = /^\s*go\s+(\S+)/m.exec(text)?.[1];
  return language === undefined || isOlder(language, GO_VERSION);
}

/** The go.mod of a package that has none. */
export function newGoMod(packageName: string): string {
  const required = Object.entries(REQUIRED_MODULES).map(([module, version]) => `\t${module} ${version}\n`);
  return `module ${packageName}\n\ngo ${GO_VERSION}\n\nrequire (\n${required.join('')})\n`;
}

async function readGoMod(root: string): Promise<string | undefined> {
  try {
    return await readFile(join(root, 'go.mod'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Makes build.mod and build.sum anew when go.mod has changed since; else leaves what go has added to them. */
export async function prepareBuildMod(root: string): Promise<void> {
  const text = (await readGoMod(root)) ?? '';
  const mark = `// Made by axiom from go.mod ${fingerprint(text)}.\n`;
  const target = join(root, BUILD_MOD);
  if ((await readOrEmpty(target)).startsWith(mark)) return;
  await mkdir(join(root, '.axiom'), { recursive: true });
  await writeFile(target, mark + text);
  await copyFile(join(root, 'go.sum'), join(root, '.axiom', 'build.sum')).catch(() => undefined);
  const edits = editsFor(await declared(root));
  await goModEdit(root, edits);
}

function fingerprint(text: string): string {
  const parts = [text, GO_VERSION, ...Object.values(REQUIRED_MODULES)];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

interface Declared {
  readonly Go?: string;
  readonly Require?: readonly { readonly Path: string; readonly Version: string }[] | null;
}

async function declared(root: string): Promise<Declared> {
  return JSON.parse(await goModEdit(root, ['-json'])) as Declared;
}

function goModEdit(cwd: string, edits: readonly string[]): Promise<string> {
  return runTool(
    { argv: ['go', 'mod', 'edit', ...edits, BUILD_MOD], cwd, env: GO_ENV },
    { tool: 'question', purpose: 'reading go.mod' },
  );
}

/** Raises what is too old for the node host, adds what is missing, and lowers nothing. */
function editsFor({ Go: language, Require: requires }: Declared): readonly string[] {
  const edits = ['-toolchain=none'];
  if (language === undefined || isOlder(language, GO_VERSION)) edits.push(`-go=${GO_VERSION}`);
  for (const [module, version] of Object.entries(REQUIRED_MODULES)) {
    const present = requires?.find((entry) => entry.Path === module)?.Version;
    if (present === undefined || isOlder(present, version)) edits.push(`-require=${module}@${version}`);
  }
  return edits;
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return '';
  }
}
