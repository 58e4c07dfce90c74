/**
 * Where cargo builds: each package has a folder of its own, so that no package waits for another's cargo. It begins as
 * a copy of what packages had compiled before, and what is new in it afterwards of crates that many use is added there.
 *
 * Cargo names what it makes by a hash of all that goes into it and looks at each unit for itself, so the cache may
 * change while it is copied: what is not whole is compiled again.
 */

import { createHash } from 'node:crypto';
import { copyFile, link, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { exists } from '../../files/exists';
import { cacheDir } from '../cache-dir';
import type { Report } from '../language';
import { runTool } from '../run-tool';

/** Only what a node host needs. */
const PROFILE = { CARGO_INCREMENTAL: '0', CARGO_PROFILE_DEV_DEBUG: '0' };

/** Where cargo keeps what it compiled, what build scripts made, and by what it knows that these are current. */
const KEPT = ['deps', 'build', '.fingerprint'].map((folder) => join('debug', folder));

/** What a compiler puts in place whole, by rename: such a file may have two names. All else cargo writes into. */
const WHOLE_FILE = /\.(rlib|rmeta|so|dylib)$/;

/** One unit that cargo compiled or found current, as `--message-format=json` tells it. */
export interface CompiledUnit {
  /** As `registry+https://…#tonic@0.12.3` or `path+file:///…#greeter@0.1.0`. */
  readonly packageId: string;
  readonly targetName: string;
  readonly isFresh: boolean;
}

/** The environment of a cargo command that builds into `target`. */
export function cargoEnv(target: string): Readonly<Record<string, string>> {
  return { CARGO_TARGET_DIR: target, ...PROFILE };
}

/** The package's own. Cargo takes nothing below a root's `target` for sources, and packages ignore it. */
export function packageTarget(root: string): string {
  return join(root, 'target', 'axiom');
}

/** Makes the package's folder, if it is not there, with what other packages had compiled. */
export async function preparePackageTarget(root: string, report: Report): Promise<void> {
  const target = packageTarget(root);
  if (await exists(target)) return;
  const compiled = await compiledDir();
  if (!(await exists(compiled)))
    report('compiling gRPC for Rust; this is done once and takes a minute or so');
  const draft = `${target}.${process.pid}.tmp`;
  await mkdir(draft, { recursive: true });
  for (const folder of KEPT) await copyTree(join(compiled, folder), join(draft, folder));
  await rename(draft, target).catch(async (error: unknown) => {
    await rm(draft, { recursive: true, force: true });
    // Another build of the package was first.
    if (!(await exists(target))) throw error;
  });
}

/** Keeps for other packages what this one's build compiled of crates that are not its own. */
export async function shareCompiled(root: string, units: readonly CompiledUnit[]): Promise<void> {
  const own = units.filter(({ packageId }) => !/^(registry|git|sparse)\+/.test(packageId));
  if (units.every((unit) => unit.isFresh || own.includes(unit))) return;
  // Files have the names of targets with underscores, folders those of packages.
  const names = own.flatMap(({ packageId, targetName }) => [targetName, packageName(packageId)]);
  const refused = new Set([...names, ...names.map((name) => name.replaceAll('-', '_'))]);
  const isShared = (entry: string) => !refused.has(entry.replace(/^lib/, '').replace(/-[0-9a-f]{16}.*$/, ''));
  const compiled = await compiledDir();
  for (const folder of KEPT)
    await copyTree(join(packageTarget(root), folder), join(compiled, folder), isShared);
}

/** `…#greeter@0.1.0`, or `…/greeter#0.1.0` where the folder has the package's name. */
function packageName(packageId: string): string {
  const [place = '', version = ''] = packageId.split('#');
  return version.includes('@') ? version.slice(0, version.indexOf('@')) : basename(place);
}

/** What packages have compiled with this compiler. */
async function compiledDir(): Promise<string> {
  const compiler = await runTool(
    { argv: ['cargo', '--version', '--verbose'], cwd: tmpdir() },
    { tool: 'question', purpose: 'cargo --version' },
  );
  const version = createHash('sha256').update(compiler).digest('hex').slice(0, 16);
  return join(cacheDir(), 'rust', `compiled-${version}`);
}

/** What is there already stays. Times are kept: cargo compares them. */
async function copyTree(
  from: string,
  to: string,
  isWanted: (entry: string) => boolean = () => true,
): Promise<void> {
  if (!(await exists(from))) return;
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (!isWanted(entry.name)) continue;
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyTree(source, copy);
    else await copyOne(source, copy);
  }
}

async function copyOne(source: string, copy: string): Promise<void> {
  if (await exists(copy)) return;
  if (WHOLE_FILE.test(source) && (await isLinked(source, copy))) return;
  const draft = `${copy}.${process.pid}.tmp`;
  try {
    await copyFile(source, draft);
    const { atime, mtimeMs } = await stat(source);
    await utimes(draft, atime, mtimeMs / 1_000);
    await rename(draft, copy);
  } catch (error) {
    // Somebody's cargo made it anew meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** False where the two are on different file systems. */
async function isLinked(source: string, copy: string): Promise<boolean> {
  try {
    await link(source, copy);
    return true;
  } catch {
    return false;
  }
}
