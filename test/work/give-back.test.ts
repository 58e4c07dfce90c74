/** When memory is given back: a collection once a load is over and nothing is asked any more, and small ones in between. */

import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { runProgram } from '../cli/axiom';

const BUILT = join(__dirname, '..', '..', 'dist', 'work', 'give-back.js');

/** Runs the body where `collections` lists every one that was asked for. @returns what it printed. */
async function run(body: string): Promise<string> {
  const program = `
    const collections = [];
    globalThis.gc = (options) => collections.push(options?.type ?? 'all');
    const { giveBackWhenIdle, spend } = require(${JSON.stringify(BUILT)});
    const after = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const grow = () => Array.from({ length: 20 }, () => Buffer.alloc(1024 * 1024, 1));
    const occupy = (ms) => { const until = performance.now() + ms; while (performance.now() < until); };
    (async () => { ${body}; console.log(collections.join()); process.exit(0); })();`;
  return (await runProgram(process.execPath, ['--eval', program], {})).stdout.trim();
}

const untilCollected = 'while (collections.length === 0) await after(20);';

it('collects everything once what was taken is more and nothing has been asked for some looks, and then no more', async () => {
  expect(await run(`giveBackWhenIdle(50); const held = grow(); ${untilCollected} await after(1_000);`)).toBe(
    'all',
  );
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

it('collects what is young whenever eight megabytes of answers were sent', async () => {
  expect(await run('for (let times = 0; times < 17; times++) spend(1024 * 1024);')).toBe('minor,minor');
});

it('leaves V8 alone where nothing lets it collect', async () => {
  const program = `const { giveBackWhenIdle, spend } = require(${JSON.stringify(BUILT)});
    const stop = giveBackWhenIdle(10); spend(1e9); stop(); console.log(typeof globalThis.gc);`;
  expect((await runProgram(process.execPath, ['--eval', program], {})).stdout.trim()).toBe('undefined');
});
