// Executions through the execution door, each step audited on disk before it is answered, against a bare gRPC echo of
// the same bytes and against one row and one decryption per secret; adds through the management door; start-up; memory.
//
// Sides run in turn, several times: ratios are medians of pairs beside each other. Processor time is the server's own
// (/proc/PID/stat), which other work on the machine hardly changes.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../scripts/setup.mjs';
import { diskWait } from './disk-wait.mjs';
import {
  ADD,
  fillSmall,
  IN_FLIGHT,
  inTurn,
  measured,
  PROFILE,
  ratioOf,
  ROUNDS,
  tell,
  VALUE_BYTES,
} from './executions.mjs';
import { record } from './figures.mjs';
import { median, openLoad } from './load.mjs';
import { driveWithNode } from './node-load.mjs';
import { sealedAdds } from './sealed-adds.mjs';
import {
  addTenant,
  cpuMicroseconds,
  doorsOf,
  memoryParts,
  replaceOne,
  residentMiB,
  serve,
  startProcess,
  stopProcess,
} from './service.mjs';

/** With two executions each. Some take several times as long as others: the medians of ten differed by half. */
const WRITES = 42;

/** Longer than a server waits before it gives memory back. */
const IDLE_MS = 10_000;

const ALONE_ROUNDS = 3;

const LARGE = 'large';
/** As many secrets, and no execution that would still hold what was before a write. */
const IDLE = 'idle';
let addingTenants = 0;

const load = openLoad();
const folder = mkdtempSync(join(tmpdir(), 'axiom-bench-'));
const running = [];
try {
  const dataDir = join(folder, 'data');
  const service = await started(dataDir);
  const doors = doorsOf(service.info);
  await fill(service.info, doors);
  console.log(`driven by ${load.client}; ${IN_FLIGHT} calls in flight, ${ROUNDS} rounds`);
  const small = { ...doors.execution, profile: PROFILE };
  const large = { ...doors.execution, tenants: LARGE };
  const echo = await peer('echo', dataDir, 55);
  const largeEcho = await peer('echo', dataDir, 1_000);
  const rows = await peer('rows', dataDir);

  await compare('resolve ÷ echo', service, { ...small, mode: 'resolve' }, echo);
  await compare('execution ÷ three echoes', service, { ...small, mode: 'execution' }, echo, 3);
  await compare('1,000 secrets ÷ echo of the same bytes', service, { ...large, mode: 'resolve' }, largeEcho);
  await compare('resolve ÷ a row and a decryption per secret', service, { ...small, mode: 'resolve' }, rows);
  await alone(small, echo);
  const afterOneWrite = 'first execution after a write among 1,000 secrets, over a warm one';
  await afterWrite(afterOneWrite, service.info, large);
  await afterWrite(`${afterOneWrite}, where none runs`, service.info, { ...large, tenants: IDLE });
  await adds(service, doors.management);
  await memory(service.info);
  await twoWorkers(service, small);
} finally {
  await Promise.all(running.map(stopProcess));
  rmSync(folder, { recursive: true, force: true });
}

/** The first start makes keys and certificates; what is told is a later one. */
async function started(dataDir) {
  const first = await serve(dataDir);
  await stopProcess(first);
  const later = [];
  for (let round = 0; round < 3; round++) {
    const service = await serve(dataDir);
    later.push(service);
    if (round < 2) await stopProcess(service);
  }
  running.push(later.at(-1));
  tell('first start', first.ms / 1_000, 's');
  tell('start-up', median(later.map(({ ms }) => ms)) / 1_000, 's');
  return later.at(-1);
}

async function fill(info, { management }) {
  await fillSmall(load, info, { management });
  for (const tenant of [LARGE, IDLE]) {
    const apiKeyFile = await addTenant(info, tenant);
    await load.drive({ ...management, ...ADD, apiKeyFile, calls: 1_000 });
  }
}

async function peer(kind, dataDir, secrets = 0) {
  const answerFile = join(folder, `answer-${secrets}`);
  writeFileSync(answerFile, Buffer.alloc(answerBytes(secrets), 0x61));
  const process = await startProcess([join(root, 'bench/peer-server.mjs'), kind, dataDir, answerFile]);
  running.push(process);
  return process;
}

/** As long as the answer with so many secrets of the bench. */
function answerBytes(secrets) {
  const require = createRequire(import.meta.url);
  const { create, toBinary } = require('@bufbuild/protobuf');
  const { ResolveForExecutionResponseSchema } = require(
    join(root, 'dist/gen/axiom/secrets/v1/secrets_pb.js'),
  );
  const value = { version: 1_000n, source: 1, value: new Uint8Array(VALUE_BYTES) };
  const names = Array.from({ length: secrets }, (_, index) => [`SECRET_${index}`, value]);
  const message = { secrets: Object.fromEntries(names) };
  return toBinary(ResolveForExecutionResponseSchema, create(ResolveForExecutionResponseSchema, message))
    .byteLength;
}

/** Ours and the other in turn. @param calls how many of the other's one of ours is held against. */
async function compare(name, service, ours, other, calls = 1) {
  const theirs = { ...ours, mode: 'echo', address: other.line, size: 300 };
  const pairs = await inTurn(
    () => measured(load, service.info.execution.pid, ours),
    () => measured(load, other.pid, theirs),
  );
  const ratio = ratioOf(pairs, 'rate') * calls;
  const cpu = 1 / ratioOf(pairs, 'cpu');
  const of = (side, field) => median(pairs.map((pair) => pair[side][field]));
  record({ name, value: ratio, byCpu: cpu, client: load.client, rounds: pairs });
  // A busy machine may leave the other no time to answer once: what is left is the processor's time.
  const shown = Number.isFinite(ratio) ? ratio.toFixed(2) : '-';
  console.log(
    `${name.padEnd(46)} ${shown.padStart(6)}, by processor time ${cpu.toFixed(2)}: ${of('first', 'rate').toFixed(0)} against ${of('second', 'rate').toFixed(0)} a second; ` +
      `${of('first', 'cpu').toFixed(0)} against ${of('second', 'cpu').toFixed(0)} µs of processor a call`,
  );
}

/** The same executions by two workers over a store of their own and by one process, in turn. */
async function twoWorkers(one, small) {
  const two = await serve(join(folder, 'workers'), { flags: ['--workers', '2'] });
  running.push(two);
  const doors = doorsOf(two.info);
  await fillSmall(load, two.info, doors);
  const shared = { ...doors.execution, profile: PROFILE, mode: 'execution' };
  const pairs = await inTurn(
    () => measured(load, two.info.execution.workers, shared),
    () => measured(load, one.info.execution.pid, { ...small, mode: 'execution' }),
  );
  const client = load.client;
  tell('--workers 2 ÷ 1', ratioOf(pairs, 'rate'), '', { client, rounds: pairs });
  tell('processor time a call, --workers 2 ÷ 1', ratioOf(pairs, 'cpu'), '', { client });
}

/** Beside it what nothing that answers so is below: as many echoes of a resolution's bytes, and as many waits for the disk. */
async function alone(small, echo) {
  const one = { inFlight: 1, connections: 1, ms: 1_000, warmMs: 300 };
  const rounds = [];
  for (let round = 0; round < ALONE_ROUNDS; round++) {
    rounds.push({
      execution: await load.drive({ ...small, ...one, mode: 'execution' }),
      echo: await load.drive({ ...small, ...one, mode: 'echo', address: echo.line, size: 300 }),
      wait: await diskWait(folder),
    });
  }
  const of = (value) => median(rounds.map(value));
  const more = { client: load.client, rounds };
  tell(
    'one execution alone, p50',
    of(({ execution }) => execution.p50),
    'ms',
    more,
  );
  tell(
    'one execution alone, p99',
    of(({ execution }) => execution.p99),
    'ms',
    more,
  );
  tell('three echoes alone, p50', 3 * of(({ echo }) => echo.p50), 'ms', more);
  tell('three waits for the disk alone, p50', 3 * of(({ wait }) => wait), 'ms');
}

/** Medians of executions that follow a write, and of those that follow another execution. */
async function afterWrite(name, info, large) {
  const apiKeyFile = join(info.dataDir, `${large.tenants}-api-key`);
  const one = async () => {
    const [begun, cpu] = [performance.now(), cpuMicroseconds(info.execution.pid)];
    await driveWithNode({ ...large, mode: 'execution', inFlight: 1, calls: 1 });
    return { ms: performance.now() - begun, cpu: cpuMicroseconds(info.execution.pid) - cpu };
  };
  const rounds = [];
  for (let round = 0; round < WRITES; round++) {
    await replaceOne(info, apiKeyFile, `SECRET_${round}`);
    const pair = { cold: await one(), warm: await one() };
    if (round > 1) rounds.push(pair);
  }
  const more = { client: "Node's own client", rounds };
  tell(name, median(rounds.map(({ cold, warm }) => cold.ms - warm.ms)), 'ms', more);
  // The system tells processor time by hundredths of a second: one round says little.
  const cpu = rounds.reduce((sum, { cold, warm }) => sum + cold.cpu - warm.cpu, 0) / rounds.length;
  tell(`${name}, processor time`, cpu / 1_000, 'ms');
}

/** Values that the server seals, and values that the client sealed, in turn. */
async function adds(service, door) {
  const pairs = await inTurn(
    () => measuredAdds(service, door, 'clear'),
    () => measuredAdds(service, door, 'sealed'),
  );
  const of = (side, field) => pairs.map((pair) => pair[side][field]);
  for (const [side, adds, add] of [
    ['first', 'adds', 'an add'],
    ['second', 'adds of sealed values', 'an add of a sealed value'],
  ]) {
    const rates = of(side, 'rate');
    tell(`${adds} a second at 16 in flight`, median(rates), '', { client: load.client, rates });
    tell(`processor time of ${add}`, median(of(side, 'cpu')), 'µs');
  }
}

/** A scope takes 1,000 names, so each time has a tenant of its own. */
async function measuredAdds({ info }, door, kind) {
  const add = { mode: 'add', prefix: 'S', calls: 1_000, inFlight: 16, size: VALUE_BYTES };
  const apiKeyFile = await addTenant(info, `adds-${kind}-${++addingTenants}`);
  if (kind === 'sealed') add.requests = await sealedAdds(info, apiKeyFile, add);
  const before = cpuMicroseconds(info.management.pid);
  const { rate } = await load.drive({ ...door, ...add, apiKeyFile });
  return { rate, cpu: (cpuMicroseconds(info.management.pid) - before) / add.calls };
}

/**
 * Resident memory, with what both share of Node's program and its libraries in each, as the system tells it of a process;
 * and with that counted once, as it lies in memory.
 */
async function memory(info) {
  const pids = [info.management.pid, info.execution.pid];
  const megabytes = (mebibytes) => (mebibytes * 1_048_576) / 1e6;
  const resident = () => megabytes(pids.reduce((sum, pid) => sum + residentMiB(pid), 0));
  tell('memory of both servers after load', resident(), 'MB');
  await sleep(IDLE_MS);
  tell(`the same ${IDLE_MS / 1_000} s later`, resident(), 'MB');
  const parts = pids.map(memoryParts);
  const own = parts.reduce((sum, { anonymous }) => sum + anonymous, 0);
  tell(
    'the same, shared pages counted once',
    megabytes(own + Math.max(...parts.map(({ file }) => file))),
    'MB',
  );
}
