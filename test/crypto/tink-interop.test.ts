// What we seal other languages' Tink opens, and the other way round: always with the stored vectors,
// and live where the language's toolchain is.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { allOpen, makeOurs, openWithOurs } from './vectors';
import type { Opened, Vectors } from './vectors';
import { describeWith } from '../support/needs';

const DATA = join(__dirname, '../testdata/crypto');
const TINK_PYTHON = '1.16.1';
const SET_UP_MS = 300_000;

const folder = mkdtempSync(join(tmpdir(), 'axiom-interop-'));
afterAll(() => rmSync(folder, { recursive: true }));

const stored = (file: string) => JSON.parse(readFileSync(join(DATA, file), 'utf8')) as Vectors;

describe('stored vectors', () => {
  // Ours are never made again: what version 1 sealed must open for ever.
  it.each(['tink-python.json', 'tink-go.json', 'axiom.json'])('of %s open', async (file) => {
    const vectors = stored(file);
    expect(await openWithOurs(vectors)).toEqual(allOpen(vectors));
  });
});

/** Runs the language's vector program with `make` or `open`. */
type Run = (command: 'make' | 'open', input?: string) => string;

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv, input: string): string {
  return execFileSync(program, args, {
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    timeout: SET_UP_MS,
  });
}

/** Tink for Python in a folder of the user's cache, put there whole by the first run that needs it. */
function python(): Run {
  const version = run('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'], {}, '').trim();
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'axiom');
  const packages = join(cache, `tink-${TINK_PYTHON}-python${version}`);
  if (!existsSync(packages)) {
    mkdirSync(cache, { recursive: true });
    const fresh = mkdtempSync(join(cache, 'tink-'));
    const install = ['-m', 'pip', 'install', '--quiet', '--target', fresh, `tink==${TINK_PYTHON}`];
    try {
      run('python3', install, { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_RETRIES: '1' }, '');
      renameSync(fresh, packages);
    } catch (error) {
      rmSync(fresh, { recursive: true, force: true });
      if (!existsSync(packages)) {
        throw error;
      }
    }
  }
  const script = join(DATA, 'make_vectors.py');
  return (command, input = '') => run('python3', [script, command], { PYTHONPATH: packages }, input);
}

/** Tink for Go from the user's module cache. */
function go(): Run {
  const program = join(folder, 'vectors-go');
  execFileSync('go', ['build', '-o', program, '.'], {
    cwd: join(DATA, 'go'),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, GOTOOLCHAIN: 'local', GOFLAGS: '-mod=readonly' },
    timeout: SET_UP_MS,
  });
  return (command, input = '') => run(program, [command], {}, input);
}

for (const [language, make] of [
  ['python', python],
  ['go', go],
] as const) {
  describeWith(language, `Tink for ${language}`, () => {
    it(
      'opens what we sealed, and we open what it sealed',
      async () => {
        const tink = make();
        const theirs = JSON.parse(tink('make')) as Vectors;
        expect(await openWithOurs(theirs)).toEqual(allOpen(theirs));
        const ours = await makeOurs();
        expect(JSON.parse(tink('open', JSON.stringify(ours))) as Opened).toEqual(allOpen(ours));
      },
      SET_UP_MS,
    );
  });
}
