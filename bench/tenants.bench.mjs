// What an execution costs in a store of very many tenants against one of ten: once with tenants picked at random, so
// that nothing of most of them is known to the service when their execution starts, and once with ten of them, which
// tells what the other tenants' rows cost by themselves.
//
// AXIOM_BENCH_TENANTS=1000000 measures the goal; by default there are fewer, since making them takes longest.

import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IN_FLIGHT, inTurn, measured, ratioOf, ROUNDS, tell } from './executions.mjs';
import { median, openLoad } from './load.mjs';
import { seedTenants, tenantIdOf } from './seed-tenants.mjs';
import { doorsOf, serve, stopProcess } from './service.mjs';

const MANY = Number(process.env.AXIOM_BENCH_TENANTS ?? 20_000);
const FEW = 10;
/** More than there are executions in all rounds. */
const PICKS = 100_000;

const load = openLoad();
const folder = mkdtempSync(join(tmpdir(), 'axiom-bench-'));
const running = [];
try {
  const few = await filled(FEW);
  const many = await filled(MANY);
  const count = MANY.toLocaleString('en-US');
  console.log(
    `${count} tenants, made in ${many.seconds.toFixed(0)} s, ${many.mebibytes.toFixed(0)} MiB on the disk; ` +
      `${load.client}; ${IN_FLIGHT} calls in flight, ${ROUNDS} rounds`,
  );
  const execute = ({ pid }, door) => measured(load, pid, { ...door, mode: 'execution' });
  const compare = async (name, door) => {
    const pairs = await inTurn(
      () => execute(few, few.tenOf),
      () => execute(many, door),
    );
    const byCpu = 1 / ratioOf(pairs, 'cpu');
    const more = { byCpu, seconds: many.seconds, client: load.client, rounds: pairs };
    tell(name, ratioOf(pairs, 'rate'), '', more);
    const cpuOf = (side) => median(pairs.map((pair) => pair[side].cpu)).toFixed(0);
    console.log(
      `  by processor time ${byCpu.toFixed(2)}: ${cpuOf('second')} against ${cpuOf('first')} µs a call`,
    );
  };
  await compare(`ten of ${count} tenants: cost ÷ ${FEW} tenants`, many.tenOf);
  await compare(`${count} tenants: cost ÷ ${FEW} tenants`, many.anyOf);
} finally {
  await Promise.all(running.map(stopProcess));
  rmSync(folder, { recursive: true, force: true });
}

async function filled(count) {
  const dataDir = join(folder, `with-${count}`);
  await stopProcess(await serve(dataDir)); // makes keys and the store
  const seconds = await seedTenants(dataDir, count);
  const service = await serve(dataDir);
  running.push(service);
  const door = doorsOf(service.info).execution;
  const withTenants = (name, numbers) => {
    const file = join(folder, `${name}-${count}`);
    writeFileSync(file, numbers.map(tenantIdOf).join('\n'));
    return { ...door, tenants: `@${file}` };
  };
  return {
    seconds,
    mebibytes: statSync(join(dataDir, 'store', 'store.sqlite')).size / 1_048_576,
    tenOf: withTenants(
      'ten',
      Array.from({ length: FEW }, (_, index) => Math.floor((index * count) / FEW)),
    ),
    anyOf: withTenants(
      'any',
      Array.from({ length: PICKS }, () => Math.floor(Math.random() * count)),
    ),
    pid: service.info.execution.pid,
  };
}
