// Executions through the execution door, each step audited on disk before it is answered, against a bare gRPC echo of
// the same bytes and against one row and one decryption per secret; adds through the management door; start-up; memory.
//
// Sides run in turn, several times: ratios are medians of pairs beside each other. Processor time is the server's own
// (/proc/PID/stat), which other work on the machine hardly changes.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../scripts/setup.mjs';
import { record } from './figures.mjs';
import { median, openLoad } from './load.mjs';
import { driveWithNode } from './node-load.mjs';
import {
  addProfile,
  addTenant,
  cpuMicroseconds,
  doorsOf,
  replaceOne,
  residentMiB,
  serve,
  startProcess,
  stopProcess,
} from './service.mjs';

const ROUNDS = Number(process.env.AXIOM_BENCH_ROUNDS ?? 5);
const MS = 1_000;
const WARM_MS = 200;
const IN_FLIGHT = 64;
const VALUE_BYTES = 100;
const PROFILE = 'bench';
const LARGE = 'large';
const ADD = { mode: 'add', inFlight: 16, size: VALUE_BYTES, prefix: 'SECRET_' };

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
  await alone(small);
  await afterWrite(service.info, large);
  await adds(service, doors.management);
  tell('memory of both servers after load', memoryOf(service.info), 'MB');
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

async function fillSmall(info, { management }) {
  await load.drive({ ...management, ...ADD, calls: 50 });
  await addProfile(info, PROFILE, { prefix: 'SECRET_', overrides: 5, valueBytes: VALUE_BYTES });
}

async function fill(info, { management }) {
  await fillSmall(info, { management });
  const apiKeyFile = await addTenant(info, LARGE);
  await load.drive({ ...management, ...ADD, apiKeyFile, calls: 1_000 });
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
  const pairs = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const our = await measured(service.info.execution.pid, ours);
    const their = await measured(other.pid, theirs);
    if (round > 0) pairs.push({ our, their }); // the first warms up
  }
  const ratio = median(pairs.map(({ our, their }) => (our.rate * calls) / their.rate));
  const cpu = median(pairs.map(({ our, their }) => (their.cpu * calls) / (our.cpu * calls)));
  const of = (side, field) => median(pairs.map((pair) => pair[side][field]));
  record({ name, value: ratio, byCpu: cpu, client: load.client, rounds: pairs });
  // A busy machine may leave the other no time to answer once: what is left is the processor's time.
  const shown = Number.isFinite(ratio) ? ratio.toFixed(2) : '-';
  console.log(
    `${name.padEnd(46)} ${shown.padStart(6)}, by processor time ${cpu.toFixed(2)}: ${of('our', 'rate').toFixed(0)} against ${of('their', 'rate').toFixed(0)} a second; ` +
      `${of('our', 'cpu').toFixed(0)} against ${of('their', 'cpu').toFixed(0)} µs of processor a call`,
  );
}

/** The same executions by one process and by two workers over a store of their own, in turn. */
async function twoWorkers(one, small) {
  const two = await serve(join(folder, 'workers'), { flags: ['--workers', '2'] });
  running.push(two);
  const doors = doorsOf(two.info);
  await fillSmall(two.info, doors);
  const pairs = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const alone = await measured(one.info.execution.pid, { ...small, mode: 'execution' });
    const shared = { ...doors.execution, profile: PROFILE, mode: 'execution' };
    const both = await measured(two.info.execution.workers, shared);
    if (round > 0) pairs.push({ alone, both }); // the first warms up
  }
  const client = load.client;
  const ratio = (field) => median(pairs.map(({ alone, both }) => both[field] / alone[field]));
  tell('--workers 2 ÷ 1', ratio('rate'), '', { client, rounds: pairs });
  tell('processor time a call, --workers 2 ÷ 1', ratio('cpu'), '', { client });
}

/** @param pids one process, or several whose processor time is told together. */
async function measured(pids, what) {
  const cpuOfAll = () => [pids].flat().reduce((sum, pid) => sum + cpuMicroseconds(pid), 0);
  const before = cpuOfAll();
  const { rate, p50, p99, calls } = await load.drive({
    ...what,
    inFlight: IN_FLIGHT,
    ms: MS,
    warmMs: WARM_MS,
  });
  return { rate, p50, p99, cpu: (cpuOfAll() - before) / calls };
}

async function alone(small) {
  const { p50, p99 } = await load.drive({
    ...{ ...small, mode: 'execution', inFlight: 1, connections: 1 },
    ...{ ms: 3_000, warmMs: 500 },
  });
  tell('one execution alone, p50', p50, 'ms', { client: load.client });
  tell('one execution alone, p99', p99, 'ms', { client: load.client });
}

/** Medians of executions that follow a write, and of those that follow another execution. */
async function afterWrite(info, large) {
  const apiKeyFile = join(info.dataDir, `${LARGE}-api-key`);
  const one = async () => {
    const begun = performance.now();
    await driveWithNode({ ...large, mode: 'execution', inFlight: 1, calls: 1 });
    return performance.now() - begun;
  };
  const cold = [];
  const warm = [];
  for (let round = 0; round < 12; round++) {
    await replaceOne(info, apiKeyFile, `SECRET_${round}`);
    const first = await one();
    const second = await one();
    if (round > 1) {
      cold.push(first);
      warm.push(second);
    }
  }
  const name = 'first execution after a write among 1,000 secrets, over a warm one';
  tell(name, median(cold.map((ms, index) => ms - warm[index])), 'ms', {
    client: "Node's own client",
    ...{ cold, warm },
  });
}

/** A scope takes 1,000 names, so each round has a tenant of its own. */
async function adds(service, door) {
  const rates = [];
  const cpu = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const apiKeyFile = await addTenant(service.info, `adds-${round}`);
    const before = cpuMicroseconds(service.info.management.pid);
    const add = { mode: 'add', prefix: 'S', calls: 1_000, inFlight: 16, size: VALUE_BYTES };
    const { rate } = await load.drive({ ...door, ...add, apiKeyFile });
    if (round === 0) continue;
    rates.push(rate);
    cpu.push((cpuMicroseconds(service.info.management.pid) - before) / 1_000);
  }
  tell('adds a second at 16 in flight', median(rates), '', { client: load.client, rates });
  tell('processor time of an add', median(cpu), 'µs');
}

function memoryOf({ management, execution }) {
  return ([management.pid, execution.pid].reduce((sum, pid) => sum + residentMiB(pid), 0) * 1_048_576) / 1e6;
}

function tell(name, value, unit, more = {}) {
  record({ name, value, unit, ...more });
  console.log(`${name.padEnd(46)} ${value.toFixed(2).padStart(6)} ${unit}`);
}
