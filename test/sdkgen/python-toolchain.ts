/** Tests that need Python: skipped, and said so, where it is not there and not required. */

import { describe } from '@jest/globals';
import { spawnSync } from 'node:child_process';

const program = process.env.AXIOM_PYTHON || 'python3';
const isPresent = spawnSync(program, ['-c', 'import venv, ensurepip']).status === 0;

if (!isPresent) {
  const message = `${program} with its venv module is not on this machine`;
  if ((process.env.AXIOM_REQUIRE_LANGUAGES ?? '').split(',').includes('python')) throw new Error(message);
  console.warn(`SKIP: ${message}`);
}

/** `describe`, but for a machine without Python. */
export const describeWithPython = isPresent ? describe : describe.skip;
/** Time for a first installation of the libraries. */
export const INSTALL_TIME_MS = 600_000;
