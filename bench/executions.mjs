// What benches of executions share: 50 secrets and 5 overrides, so many calls at once, sides that run in turn.

import { record } from './figures.mjs';
import { median } from './load.mjs';
import { addProfile, cpuMicroseconds } from './service.mjs';

export const ROUNDS = Number(process.env.AXIOM_BENCH_ROUNDS ?? 5);
export const IN_FLIGHT = 64;
export const VALUE_BYTES = 100;
export const PROFILE = 'bench';
/** A load that adds secrets. */
export const ADD = { mode: 'add', inFlight: 16, size: VALUE_BYTES, prefix: 'SECRET_' };

const MS = 1_000;
const WARM_MS = 200;

/** Gives the first tenant what its executions take. */
export async function fillSmall(load, info, { management }) {
  await load.drive({ ...management, ...ADD, calls: 50 });
  await addProfile(info, PROFILE, { prefix: 'SECRET_', overrides: 5, valueBytes: VALUE_BYTES });
}

/** @param pids one process, or several whose processor time is told together. */
export async function measured(load, pids, what) {
  const cpuOfAll = () => [pids].flat().reduce((sum, pid) => sum + cpuMicroseconds(pid), 0);
  const before = cpuOfAll();
  const timed = { inFlight: IN_FLIGHT, ms: MS, warmMs: WARM_MS };
  const { rate, p50, p99, calls } = await load.drive({ ...what, ...timed });
  return { rate, p50, p99, calls, cpu: (cpuOfAll() - before) / calls };
}

/** Measures two sides in turn. @returns { first, second } of each round. */
export async function inTurn(first, second) {
  const pairs = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const pair = { first: await first(), second: await second() };
    if (round > 0) pairs.push(pair); // the first warms up
  }
  return pairs;
}

/** The median of how often the second's field goes into the first's, round by round. */
export function ratioOf(pairs, field) {
  return median(pairs.map(({ first, second }) => first[field] / second[field]));
}

export function tell(name, value, unit, more = {}) {
  record({ name, value, unit, ...more });
  console.log(`${name.padEnd(46)} ${value.toFixed(2).padStart(6)} ${unit}`);
}
