/** The Pythons of this machine, in the order in which a package should try them. */

import { access, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { runTool } from '../run-tool';

/** Packages are written for the platform's Python and pin libraries that have wheels for it. */
const PLATFORM_MINOR = 12;
/** The oldest that the node host runs on. */
export const OLDEST_MINOR = 9;
const NEWEST_MINOR = 15;

const DESCRIBE =
  'import sys, venv, ensurepip; print(sys.version_info[0], sys.version_info[1], sys.executable)';

/** A Python that runs and can make virtual environments. */
export interface Interpreter {
  /** A program's name or path. */
  readonly program: string;
  /** 12 for Python 3.12. */
  readonly minor: number;
}

/**
 * AXIOM_PYTHON alone where it is set. Else python3 when it is the platform's version or later, then
 * the others of the platform's version or later, oldest first, then an older python3.
 */
export async function interpreters(): Promise<readonly Interpreter[]> {
  const chosen = process.env.AXIOM_PYTHON;
  if (chosen) return present([await describeInterpreter(chosen)]);
  const usual = await describeInterpreter('python3');
  const others = present(await Promise.all((await newerPrograms()).map(describeInterpreter)));
  const preferred =
    usual !== undefined && usual.minor >= PLATFORM_MINOR ? [usual, ...others] : [...others, usual];
  return present(preferred);
}

function present(found: readonly (Interpreter | undefined)[]): readonly Interpreter[] {
  return found.filter((one) => one !== undefined && one.minor >= OLDEST_MINOR) as Interpreter[];
}

async function describeInterpreter(program: string): Promise<Interpreter | undefined> {
  try {
    const printed = await runTool(
      { argv: [program, '-c', DESCRIBE], cwd: '.' },
      { tool: 'question', purpose: program },
    );
    const [major, minor] = printed.split(' ').map(Number);
    return major === 3 && minor !== undefined ? { program, minor } : undefined;
  } catch {
    return undefined;
  }
}

/** One program for each version from the platform's on: from PATH, else from pyenv. */
async function newerPrograms(): Promise<readonly string[]> {
  const pyenv = process.env.PYENV_ROOT || join(homedir(), '.pyenv');
  const installed = await readdir(join(pyenv, 'versions')).catch(() => []);
  // pyenv's shims fail for every version but the selected one.
  const folders = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== join(pyenv, 'shims'));
  const programs: string[] = [];
  for (let minor = PLATFORM_MINOR; minor <= NEWEST_MINOR; minor++) {
    const name = `python3.${minor}`;
    const versions = installed.filter((version) => version.startsWith(`3.${minor}.`));
    const places = [
      ...folders.map((folder) => join(folder, name)),
      ...versions.map((version) => join(pyenv, 'versions', version, 'bin', name)),
    ];
    const found = await Promise.all(
      places.map((place) =>
        access(place).then(
          () => place,
          () => undefined,
        ),
      ),
    );
    const first = found.find((place) => place !== undefined);
    if (first !== undefined) programs.push(first);
  }
  return programs;
}
