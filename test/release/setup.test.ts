/** The scripts' set-up in one clone: beside each other, and interrupted. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const ROOT = join(__dirname, '..', '..');

let clone: string;
let running: ChildProcess[];

/** A clone with little to compile and no console, in which all is installed. */
beforeEach(() => {
  running = [];
  clone = mkdtempSync(join(tmpdir(), 'axiom-clone-'));
  for (const part of ['package.json', 'package-lock.json', 'tsconfig.json', 'scripts', 'src/store/kysely.ts'])
    cpSync(join(ROOT, part), join(clone, part), { recursive: true });
  mkdirSync(join(clone, 'node_modules'));
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (name !== '.axiom-stamps')
      symlinkSync(join(ROOT, 'node_modules', name), join(clone, 'node_modules', name));
  mkdirSync(join(clone, 'src', 'cli'));
  write('first');
});
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(clone, { recursive: true, force: true });
});

const main = () => join(clone, 'dist', 'cli', 'main.js');
const write = (text: string) =>
  writeFileSync(
    join(clone, 'src', 'cli', 'main.ts'),
    `export const said: string = ${JSON.stringify(text)};\n`,
  );
const made = () => /said = "([a-z]*)"/.exec(readFileSync(main(), 'utf8'))?.[1];

/** `npm run build`, under way. */
function build() {
  const child = spawn(process.execPath, [join(clone, 'scripts', 'build.mjs')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // What an interruption reaches is the build and all that it started.
    detached: true,
  });
  running.push(child);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, said }));
  return {
    ended,
    /** Waits for a word of it, or for its end. */
    async says(word: string) {
      while (!said.includes(word) && child.exitCode === null)
        await Promise.race([once(child.stderr, 'data'), ended]);
    },
    signal: (name: NodeJS.Signals) => process.kill(-(child.pid ?? 0), name),
  };
}

describe('Builds of one clone', () => {
  it('that begin beside each other are one build, which the others wait for', async () => {
    const lock = join(clone, '.axiom', 'setup.lock.1');
    mkdirSync(join(clone, '.axiom'));
    writeFileSync(lock, String(process.pid));
    const builds = [build(), build(), build()];
    await Promise.all(builds.map((one) => one.says('waiting')));
    writeFileSync(lock, '');
    const outcomes = await Promise.all(builds.map(({ ended }) => ended));
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(outcomes.filter(({ said }) => said.includes('compiling'))).toHaveLength(1);
    for (const { said } of outcomes)
      expect(said).toMatch(/^waiting for another command .* remove \.axiom\/setup\.lock\.1$/m);
    expect(made()).toBe('first');
  });

  it('leave what was built in its place until they have all of what follows it', async () => {
    expect((await build().ended).code).toBe(0);
    const other = join(clone, 'dist', 'cli', 'other.js');
    writeFileSync(other, 'of a source that is no more');
    write('second');
    const seen = new Set<string | undefined>();
    let over = false;
    const { ended } = build();
    void ended.then(() => (over = true));
    while (!over) {
      seen.add(existsSync(main()) ? made() : 'nothing');
      await turn();
    }
    seen.add(made());
    expect([...seen]).toEqual(['first', 'second']);
    expect(existsSync(other)).toBe(false);
  });

  it('that fail leave what was built, and what they made counts for nothing when the sources are as before', async () => {
    expect((await build().ended).code).toBe(0);
    write('wrong');
    const wrong = join(clone, 'src', 'cli', 'wrong.ts');
    writeFileSync(wrong, 'export const number: number = "none";\n');
    expect((await build().ended).code).toBe(2);
    rmSync(wrong);
    write('first');
    expect(await build().ended).toEqual({ code: 0, said: '' });
    expect(made()).toBe('first');
  });

  it('that are killed hold up nobody, and leave nothing behind that the next does not clear away', async () => {
    const killed = build();
    await killed.says('compiling');
    killed.signal('SIGSTOP');
    const waiting = build();
    await waiting.says('waiting');
    killed.signal('SIGKILL');
    expect((await waiting.ended).code).toBe(0);
    expect(made()).toBe('first');
    expect(readdirSync(clone).filter((name) => name.startsWith('.dist'))).toEqual([]);
  });
});
