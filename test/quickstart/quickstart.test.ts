/** `npm run quickstart -- --once`, in copies of the repository that share its dependencies and its build. */

import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT, runProgram } from '../cli/axiom';

const folder = mkdtempSync(join(tmpdir(), 'axiom-quickstart-'));
/** What the script reads; building again is left out by carrying dist and its stamps over. */
const PARTS = [
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'scripts',
  'src',
  'dist',
  'proto',
  'sdk-stubs',
  'examples/greeter-typescript',
  'examples/greeter-python',
];
const GENERATED = /\/(gen|\.axiom|node_modules|target|__pycache__|\.venv)$/;

function copyRepository(name: string): string {
  const copy = join(folder, name);
  for (const part of PARTS) {
    cpSync(join(ROOT, part), join(copy, part), {
      recursive: true,
      filter: (path) => !part.startsWith('examples') || !GENERATED.test(path),
    });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

const quickstart = (copy: string, env: NodeJS.ProcessEnv = {}) =>
  runProgram(process.execPath, [join(copy, 'scripts', 'quickstart.mjs'), '--once'], {
    cwd: copy,
    env: { ...process.env, ...env },
  });

let copy: string;
beforeAll(() => void (copy = copyRepository('one')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const STEPS = [
  /^\[service\] .*management server \(pid \d+\).*execution server \(pid \d+\)/m,
  /^\[management door\] .*added GREETER_SIGNATURE/m,
  /^\[execution door\] .*typescript/m,
  /^\[sidecar\] .*Hello Ada, from the Axiom team/m,
  /^\[management door\] .*replaced GREETER_SIGNATURE/m,
  /^\[sidecar\] .*Hello Ada, from everyone at Axiom/m,
  /^\[management door\] .*deleted GREETER_SIGNATURE/m,
  /^\[sidecar\] .*Hello Ada, from anonymous/m,
];

describe('npm run quickstart -- --once', () => {
  it('shows each step with its door and exits with 0; twice at once in one folder, and again after', async () => {
    const together = await Promise.all([quickstart(copy), quickstart(copy)]);
    for (const { code, stdout, stderr } of [...together, await quickstart(copy)]) {
      expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
      for (const step of STEPS) expect(stdout).toMatch(step);
    }
  });

  it('needs no home folder that can be written to', async () => {
    const { code, stdout, stderr } = await quickstart(copy, {
      HOME: '/dev/null/nobody',
      AXIOM_CACHE_DIR: '',
    });
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    for (const step of STEPS) expect(stdout).toMatch(step);
  });

  it('exits with another code and says which step failed', async () => {
    const handler = join(copy, 'examples', 'greeter-typescript', 'nodes', 'greet.ts');
    const source = readFileSync(handler, 'utf8');
    writeFileSync(handler, `${source}\nthis does not compile\n`);
    try {
      const { code, stderr } = await quickstart(copy);
      expect(code).toBe(1);
      expect(stderr).toMatch(/quickstart failed at: run the typescript node/);
    } finally {
      writeFileSync(handler, source);
    }
  });
});
