// What a caller notices while another one attacks: for each attack of test/hostile/attacks.ts and each door, the victim's
// p50, p99 and longest call, quiet and attacked, and the memory of the process behind the door: before, during and a
// minute after. Attacker, victim and servers are processes of their own; each attack meets servers that were started for
// it, and they are left alone for their minute while the next one runs.
//
// AXIOM_BENCH_ATTACK_SECONDS (3) is how long each attack is watched, AXIOM_BENCH_AFTER_SECONDS (60) when memory is
// looked at again. AXIOM_BENCH_ATTACK and AXIOM_BENCH_DOOR are parts of names: those attacks and doors only, and no long work.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../scripts/setup.mjs';
import { startSides } from './hostile-sides.mjs';
import { longWork } from './long-work.mjs';
import { residentMiB } from './service.mjs';

const require = createRequire(import.meta.url);
const { ATTACKS } = require(join(root, 'test/hostile/attacks.ts'));

const { AXIOM_BENCH_ATTACK: ATTACK = '', AXIOM_BENCH_DOOR: DOOR = '' } = process.env;
const ATTACK_MS = 1_000 * Number(process.env.AXIOM_BENCH_ATTACK_SECONDS ?? 3);
const AFTER_MS = 1_000 * Number(process.env.AXIOM_BENCH_AFTER_SECONDS ?? 60);
const LOOK_MS = 100;
/** What a goal of the design says. */
const GOAL = { ratio: 3, stallMs: 100 };

console.log(
  `hostile peers: ${ATTACK_MS / 1_000} s each; Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}`,
);
console.log(
  'attack                            at the door of   quiet p50/p99/max ms    attacked p50/p99/max    p99 ×    MiB before/during/after',
);
const over = [];
let afterwards = Promise.resolve();
for (const attack of ATTACKS.filter(({ name }) => name.includes(ATTACK))) {
  const sides = await startSides();
  const rows = [];
  const cases = sides.cases.filter(({ name }) => name.includes(DOOR));
  // A victim who calls for the first time connects first.
  for (const { victim } of cases) await victim.call();
  for (const one of cases) rows.push(await attacked(attack, one));
  const minute = sleep(AFTER_MS);
  afterwards = Promise.all([afterwards, minute]).then(async () => {
    for (const row of rows) tell(row);
    await sides.stop();
  });
}
await afterwards;
console.log(
  over.length === 0
    ? `within the goals: p99 ${GOAL.ratio} times at most, no call longer than ${GOAL.stallMs} ms`
    : `p99 over ${GOAL.ratio} times, or a call longer than ${GOAL.stallMs} ms: ${over.join('; ')}`,
);
if (ATTACK === '' && DOOR === '') await longWork(ATTACK_MS);

async function attacked(attack, { name, door, victim, pid }) {
  const quiet = await callsFor(victim);
  const before = residentMiB(pid);
  const attacker = fork(join(root, 'bench', 'hostile-attacker.mjs'), { serialization: 'advanced' });
  attacker.send({ attack: attack.name, door });
  await Promise.race([
    once(attacker, 'message'),
    once(attacker, 'exit').then(() => Promise.reject(new Error(`${attack.name} did not begin: ${name}`))),
  ]);
  let during = before;
  const looks = setInterval(() => (during = Math.max(during, residentMiB(pid))), LOOK_MS);
  const times = await callsFor(victim);
  clearInterval(looks);
  if (attacker.connected) attacker.send('end');
  await once(attacker, 'exit');
  return { attack: attack.name, name, pid, quiet, times, before, during };
}

function tell({ attack, name, pid, quiet, times, before, during }) {
  const ratio = at(times, 0.99) / at(quiet, 0.99);
  if (ratio > GOAL.ratio || at(times, 1) > GOAL.stallMs) over.push(`${attack} at ${name}`);
  const memory = [before, during, residentMiB(pid)].map((mib) => mib.toFixed(0)).join(' / ');
  console.log(
    `${attack.padEnd(33)} ${name.padEnd(16)} ${figures(quiet).padEnd(23)} ${figures(times).padEnd(23)} ${ratio.toFixed(1).padEnd(8)} ${memory}`,
  );
}

/** One call after the other. A call that fails counts as the longest there is: nobody was answered. */
async function callsFor(victim) {
  const times = [];
  const end = performance.now() + ATTACK_MS;
  do times.push(await victim.call().catch(() => Infinity));
  while (performance.now() < end);
  return times.sort((a, b) => a - b);
}

function at(times, part) {
  return times[Math.min(times.length - 1, Math.floor(part * times.length))];
}

function figures(times) {
  return [0.5, 0.99, 1].map((part) => at(times, part).toFixed(1)).join(' / ');
}
