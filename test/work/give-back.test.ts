/** When memory is given back: large buffers at once, and the rest in a collection once a load is over. */

import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { runProgram } from '../cli/axiom';

const BUILT = join(__dirname, '..', '..', 'dist', 'work', 'give-back.js');

/** Runs the body where `collections` lists every one that was asked for. @returns what it printed. */
async function run(body: string): Promise<string> {
  const program = `
    const collections = [];
    globalThis.gc = (options) => collections.push(options?.type ?? 'all');
    const { giveBack, giveBackWhenIdle } = require(${JSON.stringify(BUILT)});
    const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const grow = () => Array.from({ length: 20 }, () => Buffer.alloc(1024 * 1024, 1));
    const occupy = (ms) => {
      const begun = process.cpuUsage();
      for (let used = 0; used < ms * 1_000;) { const { user, system } = process.cpuUsage(begun); used = user + system; }
    };
    const block = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    (async () => { ${body}; console.log(collections.join()); process.exit(0); })();`;
  return (await runProgram(process.execPath, ['--eval', program], {})).stdout.trim();
}

const untilCollected = "while (!collections.includes('all')) await after(20);";

it('collects everything, twice, once what was taken is more and nothing has been asked for some looks, and then no more', async () => {
  const told = await run(`giveBackWhenIdle(50); const held = grow(); ${untilCollected} await after(1_000);`);
  expect(told).toMatch(/^(minor,)+all,all$/);
});

it('collects nothing where little was taken, or while something is done', async () => {
  expect(await run('giveBackWhenIdle(50); await after(1_000);')).toBe('');
  expect(
    await run(
      `giveBackWhenIdle(50); const held = grow();
      for (let times = 0; times < 40; times++) { occupy(15); await after(10); }`,
    ),
  ).toBe('');
});

it('takes no server for busy because other programs leave it no time', async () => {
  const told = await run(
    `giveBackWhenIdle(50); const held = grow();
    while (!collections.includes('all')) { block(30); await after(10); }`,
  );
  expect(told).toMatch(/all$/);
});

it('frees a large buffer at once', async () => {
  const held = (giveThem: string) => `
    const before = process.memoryUsage().arrayBuffers;
    for (let times = 0; times < 20; times++) { const bytes = new Uint8Array(1024 * 1024); ${giveThem} }
    console.log(process.memoryUsage().arrayBuffers - before);`;
  expect(Number(await run(held('')))).toBeGreaterThan(15e6);
  expect(Number(await run(held('giveBack(bytes.subarray(0, 800_000));')))).toBeLessThan(1e6);
});

it('leaves memory alone that buffers share, and small ones', async () => {
  const body = `
    const shared = Array.from({ length: 6 }, () => Buffer.allocUnsafe(4_095));
    const small = new Uint8Array(4_095);
    for (const bytes of [...shared, small]) giveBack(bytes);
    console.log([...shared, small].every((bytes) => bytes.byteLength === 4_095));`;
  expect(await run(body)).toBe('true');
});

it('leaves V8 alone where nothing lets it collect', async () => {
  const program = `const { giveBackWhenIdle } = require(${JSON.stringify(BUILT)});
    const stop = giveBackWhenIdle(10); stop(); console.log(typeof globalThis.gc);`;
  expect((await runProgram(process.execPath, ['--eval', program], {})).stdout.trim()).toBe('undefined');
});
