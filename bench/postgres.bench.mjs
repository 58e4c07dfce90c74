// The same executions over PostgreSQL and over SQLite, on one machine and in turn. PostgreSQL is the system's package
// with its own defaults: what it has committed is on its disk (fsync=on, synchronous_commit=on).
//
// Processor time is the execution server's, and beside it PostgreSQL's own.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../scripts/setup.mjs';
import { fillSmall, IN_FLIGHT, inTurn, measured, PROFILE, ratioOf, ROUNDS, tell } from './executions.mjs';
import { median, openLoad } from './load.mjs';
import { addTenant, cpuMicroseconds, doorsOf, serve, stopProcess } from './service.mjs';

/** So many tenants at once, beside one tenant alone. */
const TENANTS = 16;

const require = createRequire(import.meta.url);
require(join(root, 'test/support/register.cjs'));
const { missingPostgres, PostgresServer } = require(join(root, 'test/store/postgres-server.ts'));

const missing = missingPostgres();
if (missing === undefined) await bench();
else console.log(`PostgreSQL against SQLite: SKIP: ${missing}`);

async function bench() {
  const load = openLoad();
  const folder = mkdtempSync(join(tmpdir(), 'axiom-bench-'));
  const server = await PostgresServer.start(['fsync=on']);
  const running = [];
  try {
    const urlFile = join(folder, 'url');
    writeFileSync(urlFile, server.url(await server.createDatabase()), { mode: 0o600 });
    const postgres = await filled(load, join(folder, 'postgres'), ['--postgres-url-file', urlFile]);
    running.push(postgres.service);
    const sqlite = await filled(load, join(folder, 'sqlite'), []);
    running.push(sqlite.service);
    console.log(`PostgreSQL against SQLite: ${load.client}; ${IN_FLIGHT} calls in flight, ${ROUNDS} rounds`);
    await compare(load, "PostgreSQL's execution ÷ SQLite's", postgres, sqlite, { profile: PROFILE });
    const tenants = ['default', ...tenantIds()].join();
    await compare(load, `the same, ${TENANTS} tenants in turn`, postgres, sqlite, { tenants });
  } finally {
    await Promise.all(running.map(stopProcess));
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function tenantIds() {
  return Array.from({ length: TENANTS - 1 }, (_, index) => `tenant-${index}`);
}

async function filled(load, dataDir, flags) {
  const service = await serve(dataDir, { flags });
  const doors = doorsOf(service.info);
  await fillSmall(load, service.info, doors);
  for (const tenantId of tenantIds()) await addTenant(service.info, tenantId);
  return { service, door: doors.execution, pid: service.info.execution.pid };
}

async function compare(load, name, postgres, sqlite, what) {
  const execute = ({ pid, door }) => measured(load, pid, { ...door, ...what, mode: 'execution' });
  const pairs = await inTurn(
    async () => {
      const before = postgresMicroseconds();
      const side = await execute(postgres);
      return { ...side, server: (postgresMicroseconds() - before) / side.calls };
    },
    () => execute(sqlite),
  );
  const byCpu = median(pairs.map(({ first, second }) => second.cpu / (first.cpu + first.server)));
  tell(name, ratioOf(pairs, 'rate'), '', { byCpu, client: load.client, rounds: pairs });
  const of = (side, field) => median(pairs.map((pair) => pair[side][field])).toFixed(0);
  console.log(
    `  by processor time ${byCpu.toFixed(2)}: ${of('first', 'rate')} against ${of('second', 'rate')} executions a second; ${of('first', 'cpu')} and PostgreSQL's own ` +
      `${of('first', 'server')} against ${of('second', 'cpu')} µs of processor a call`,
  );
}

/** Of the server's processes that live: its backends outlive a round. */
function postgresMicroseconds() {
  let sum = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres') sum += cpuMicroseconds(pid);
    } catch {
      // It ended in between.
    }
  }
  return sum;
}
