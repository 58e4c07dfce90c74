/** The Python that packages run on: one virtual environment for each set of requirements, shared by packages. */

import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../../domain/errors';
import { exists } from '../../files/exists';
import { withBuildLock } from '../build-lock';
import { cacheDir } from '../cache-dir';
import type { Report } from '../language';
import { runTool } from '../run-tool';
import { stubsDir } from '../stubs';
import { interpreters, OLDEST_MINOR, type Interpreter } from './interpreters';

/** What a package may list its dependencies in, beside pyproject.toml. */
const REQUIREMENT_FILES = [
  'requirements.txt',
  'requirements-dev.txt',
  'requirements-test.txt',
  'requirements_dev.txt',
  'requirements_test.txt',
  'dev-requirements.txt',
  'test-requirements.txt',
];

/** Undefined when a fitting Python is there. */
export async function missingPython(): Promise<string | undefined> {
  if ((await found()).length > 0) return undefined;
  const program = process.env.AXIOM_PYTHON || 'python3';
  return (
    `${program} cannot be run, is older than 3.${OLDEST_MINOR}, or has no venv module: install Python 3.12 ` +
    'with venv, or name one in AXIOM_PYTHON'
  );
}

/** The interpreter of the package's environment, which exists after prepareEnvironment. */
export async function environmentPython(root: string): Promise<string> {
  return join(await environmentDir(root), 'bin', 'python');
}

/** Makes the environment with the host's libraries, pytest and what the package lists; at once when it is there. */
export async function prepareEnvironment(root: string, report: Report): Promise<void> {
  const dir = await environmentDir(root);
  if (await exists(join(dir, 'complete'))) return;
  const work = async (): Promise<void> => {
    if (await exists(join(dir, 'complete'))) return;
    report('installing Python packages; later runs with the same requirements start at once');
    await makeEnvironment(dir, root, report);
    await writeFile(join(dir, 'complete'), '');
  };
  await withBuildLock(`${dir}.lock`, work, () =>
    report('waiting for another package, for which the same requirements are installed'),
  );
}

/**
 * With the platform's Python where the requirements can be installed for it, from source too: what has a wheel for
 * another one only need not work there. Else with the first for which all have wheels, or that can be installed for.
 */
async function makeEnvironment(dir: string, root: string, report: Report): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  const [usual, ...others] = await found();
  if (usual === undefined) throw await noPython();
  const attempt = async (interpreter: Interpreter): Promise<unknown> => {
    try {
      await makeVenv(interpreter, dir, root, report);
      await install(dir, root, report);
      report(chosen(interpreter, usual));
      return undefined;
    } catch (error) {
      report(`the package's requirements cannot be installed for Python 3.${interpreter.minor}`);
      return error;
    }
  };
  const failure = await attempt(usual);
  if (failure === undefined) return;
  for (const other of await wheelsFirst(others, dir, root, report))
    if ((await attempt(other)) === undefined) return;
  await rm(dir, { recursive: true, force: true });
  throw failure;
}

async function noPython(): Promise<DomainError> {
  return new DomainError('FAILED_PRECONDITION', (await missingPython()) ?? '', 'TOOLCHAIN_MISSING');
}

/** Which Python the package runs on, and why that one. */
function chosen(taken: Interpreter, usual: Interpreter): string {
  const why =
    taken === usual
      ? "the platform's, or the nearest to it on this machine"
      : `its requirements cannot be installed for 3.${usual.minor}`;
  return `the package runs on Python 3.${taken.minor}: ${why}`;
}

/** Leaves the one that is there when it is of that Python. */
async function makeVenv(
  { program, minor }: Interpreter,
  dir: string,
  root: string,
  report: Report,
): Promise<void> {
  if (await exists(join(dir, 'bin', `python3.${minor}`))) return;
  await rm(dir, { recursive: true, force: true });
  await runTool(
    { argv: [program, '-m', 'venv', dir], cwd: root },
    { tool: 'pip', purpose: 'making the virtual environment', report },
  );
}

/**
 * The Python that all of the package's requirements have wheels for goes to the front: for another pip would
 * compile them, which takes minutes and fails without a compiler. Else the order stays.
 */
async function wheelsFirst(
  candidates: readonly Interpreter[],
  dir: string,
  root: string,
  report: Report,
): Promise<readonly Interpreter[]> {
  const [first, ...others] = candidates;
  if (first === undefined || others.length === 0) return candidates;
  try {
    await makeVenv(first, dir, root, report);
    const own = await ownRequirements(dir, root);
    for (const candidate of own.length > 0 ? candidates : []) {
      if (!(await haveWheels(own, candidate, dir, root, report))) continue;
      return [candidate, ...candidates.filter((other) => other !== candidate)];
    }
  } catch {
    // What is wrong is said when it is installed.
  }
  return candidates;
}

function haveWheels(
  own: readonly string[],
  { minor }: Interpreter,
  dir: string,
  root: string,
  report: Report,
): Promise<boolean> {
  const wheels = ['--only-binary', ':all:', '--python-version', `3.${minor}`, '--target', join(dir, 'none')];
  return pip(dir, root, ['--dry-run', '--no-deps', ...wheels, ...own], report).then(
    () => true,
    () => false,
  );
}

/** With the pinned libraries first; with compatible ones where the package's own requirements exclude those. */
async function install(dir: string, root: string, report: Report): Promise<void> {
  const own = await ownRequirements(dir, root);
  const pinned = ['-r', join(stubsDir('python'), 'requirements.txt')];
  const compatible = ['-r', join(stubsDir('python'), 'requirements-compatible.txt')];
  if (await haveHashes(root)) {
    // In one run with them, pip would ask for a hash of everything: ours come after, and leave what fits.
    await pip(dir, root, own, report);
    await pip(dir, root, compatible, report);
    return;
  }
  try {
    await pip(dir, root, [...pinned, ...own], report);
  } catch (failure) {
    // What cannot be had by itself is not ours to blame: pip would look through every older release of ours for it.
    if (own.length > 0) await pip(dir, root, ['--dry-run', ...own], report);
    report("the pinned gRPC and Protobuf do not go with this package's requirements; trying compatible ones");
    await pip(dir, root, [...compatible, ...own], report).catch(() => Promise.reject(failure));
  }
}

/** `pip install`, by the environment's Python. */
function pip(dir: string, root: string, listed: readonly string[], report: Report): Promise<string> {
  const args = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', ...listed];
  const argv = [join(dir, 'bin', 'python'), ...args] as const;
  return runTool({ argv, cwd: root }, { tool: 'pip', purpose: 'pip install', report });
}

/** What the package lists, as arguments of pip. */
async function ownRequirements(dir: string, root: string): Promise<readonly string[]> {
  const files = (await presentFiles(root)).flatMap((file) => ['-r', file]);
  return [...files, ...(await projectDependencies(join(dir, 'bin', 'python'), root))];
}

/** Whether requirements are pinned by `--hash`. */
async function haveHashes(root: string): Promise<boolean> {
  const texts = await Promise.all(REQUIREMENT_FILES.map((file) => readText(join(root, file))));
  return texts.some((text) => /--hash[= ]/.test(text));
}

async function projectDependencies(python: string, root: string): Promise<readonly string[]> {
  const file = join(root, 'pyproject.toml');
  if (!(await exists(file))) return [];
  const script = join(stubsDir('python'), 'project_dependencies.py');
  const printed = await runTool(
    { argv: [python, script, file], cwd: root },
    { tool: 'question', purpose: 'reading pyproject.toml' },
  );
  return printed.split('\n').filter((line) => line !== '');
}

/** Named by everything that decides what gets installed. */
async function environmentDir(root: string): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify((await found())[0] ?? ''));
  for (const name of ['requirements.txt', 'requirements-compatible.txt']) {
    hash.update(await readFile(join(stubsDir('python'), name)));
  }
  for (const file of [...(await presentFiles(root)), 'pyproject.toml']) {
    const text = await readText(join(root, file));
    hash.update(`\0${file}\0${text}`);
    // Paths in a requirements file belong to this folder only.
    if (/^\s*(?:-[erc]|--\w|\.{0,2}\/|file:|.*@\s*file:)/m.test(text)) hash.update(root);
  }
  return join(cacheDir(), 'python', hash.digest('hex').slice(0, 24));
}

async function presentFiles(root: string): Promise<readonly string[]> {
  const present = await Promise.all(REQUIREMENT_FILES.map((file) => exists(join(root, file))));
  return REQUIREMENT_FILES.filter((_, index) => present[index]);
}

let remembered: Promise<readonly Interpreter[]> | undefined;

function found(): Promise<readonly Interpreter[]> {
  remembered ??= interpreters();
  return remembered;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw new DomainError(
      'FAILED_PRECONDITION',
      `${path} cannot be read; check its permissions`,
      'FILE_UNREADABLE',
    );
  }
}
