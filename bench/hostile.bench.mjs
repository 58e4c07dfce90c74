// What a caller notices while another one attacks: for each attack of test/hostile/attacks.ts and each door, the
// victim's p50 and p99 quiet and attacked, and the server's memory before, during and after.
//
// AXIOM_BENCH_ATTACK_SECONDS (3) is how long each attack is watched, AXIOM_BENCH_AFTER_SECONDS (60) when memory is
// looked at again: once for all attacks on a process, so the whole takes a minute or two more than the attacks.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveCommand } from '../scripts/serve-command.mjs';
import { root } from '../scripts/setup.mjs';

const require = createRequire(import.meta.url);
require(join(root, 'test/support/register.cjs'));
const hostile = (file) => require(join(root, 'test/hostile', `${file}.ts`));
const { ATTACKS, FLOODS } = hostile('attacks');
const { doorsOf, withApiKey } = hostile('target');
const { browserVictim, grpcVictim } = hostile('victim');
const { residentMiB } = hostile('resident-memory');

const { longWork } = await import('./long-work.mjs');

const ATTACK_MS = 1_000 * Number(process.env.AXIOM_BENCH_ATTACK_SECONDS ?? 3);
const AFTER_MS = 1_000 * Number(process.env.AXIOM_BENCH_AFTER_SECONDS ?? 60);
const QUIET_CALLS = 200;

const folder = mkdtempSync(join(tmpdir(), 'axiom-hostile-'));
const { child, info } = await serve();
try {
  const doors = doorsOf(info);
  const admin = withApiKey(doors.management, info);
  const cases = [
    { door: doors.management, makeVictim: () => grpcVictim(admin), pid: info.management.pid },
    { door: doors.console, makeVictim: () => browserVictim(doors.console), pid: info.management.pid },
    {
      door: doors.execution,
      makeVictim: () => grpcVictim(doors.execution, startExecution()),
      pid: info.execution.pid,
    },
  ];
  console.log(`hostile peers: ${ATTACK_MS / 1_000} s each; Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}
door        attack                                     quiet p50/p99   attacked p50/p99 ms    MiB before/during`);
  const atFirst = new Map(cases.map(({ pid }) => [pid, residentMiB(pid)]));
  for (const { door, makeVictim, pid } of cases) {
    const victim = makeVictim();
    await attackAll(door, victim, ATTACKS, () => residentMiB(pid));
    victim.close();
  }
  await sleep(AFTER_MS);
  for (const [pid, mib] of atFirst)
    console.log(
      `${pid === info.management.pid ? 'management' : 'execution'} server: ${mib.toFixed(0)} MiB at first, ${residentMiB(pid).toFixed(0)} MiB ${AFTER_MS / 1_000} s after the last attack`,
    );
} finally {
  child.kill('SIGTERM');
  await new Promise((resolve) => child.once('exit', resolve));
  rmSync(folder, { recursive: true, force: true });
}

await sidecarAttacks();
await longWork(ATTACK_MS);

/** Frames against a sidecar's door and a node host's socket; the sidecar is this process's own, so its memory is not told. */
async function sidecarAttacks() {
  const { startRig } = require(join(root, 'test/sidecar/support/rig.ts'));
  const { startNodeHost } = hostile('node-host');
  const { target } = hostile('target');
  const rig = await startRig({ Greet: () => 'hi' });
  rig.service.executions.set('token', { executionId: 'e', tenantId: 'acme', secrets: {} });
  const { ca, cert, key } = rig.pki.engine;
  const engine = {
    call: () => timed(() => rig.engine.invoke({ executionToken: 'token', node: 'Greet' })),
    close: () => rig.stop(),
  };
  const host = await startNodeHost();
  const sidecar = host.sidecar();
  const cases = [
    {
      door: target('sidecar', rig.sidecar.address, {
        ...{ tls: { ca, cert, key }, path: '/axiom.sidecar.v1.SidecarService/Invoke' },
        headers: { 'content-type': 'application/grpc', te: 'trailers' },
      }),
      victim: engine,
      memory: () => undefined,
    },
    {
      door: host.door,
      victim: { call: sidecar.call, close: () => (sidecar.close(), host.stop()) },
      memory: () => residentMiB(host.pid),
    },
  ];
  for (const { door, victim, memory } of cases) {
    await attackAll(door, victim, FLOODS, memory);
    await victim.close();
  }
}

async function timed(call) {
  const begun = performance.now();
  await call();
  return performance.now() - begun;
}

/** @param memory of the process that is attacked, in MiB. */
async function attackAll(door, victim, attacks, memory) {
  const quiet = await callsUntil(victim, (calls) => calls >= QUIET_CALLS);
  for (const attack of attacks) {
    const before = memory();
    const running = await attack.begin(door);
    const end = performance.now() + ATTACK_MS;
    let during = before;
    const attacked = await callsUntil(victim, () => {
      during = Math.max(during ?? 0, memory() ?? 0);
      return performance.now() > end;
    });
    running.end();
    console.log(
      `${door.name.padEnd(11)} ${attack.name.padEnd(42)} ${figures(quiet).padEnd(15)} ${figures(attacked).padEnd(22)} ${before === undefined ? '-' : `${before.toFixed(0)} / ${during.toFixed(0)}`}`,
    );
  }
}

/** One call after the other. A call that fails counts as the longest there is: nobody was answered. */
async function callsUntil(victim, isEnough) {
  const times = [];
  do times.push(await victim.call().catch(() => Infinity));
  while (!isEnough(times.length));
  return times.sort((a, b) => a - b);
}

function figures(times) {
  const at = (part) => times[Math.min(times.length - 1, Math.floor(part * times.length))];
  return `${at(0.5).toFixed(1)} / ${at(0.99).toFixed(1)}`;
}

function startExecution() {
  const { create, toBinary } = require('@bufbuild/protobuf');
  const { StartExecutionRequestSchema } = require(
    join(root, 'dist/gen/axiom/executions/v1/executions_pb.js'),
  );
  return toBinary(
    StartExecutionRequestSchema,
    create(StartExecutionRequestSchema, { tenantId: 'default', flowId: 'bench' }),
  );
}

async function serve() {
  const args = serveCommand(join(folder, 'data'), 'error');
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: server.stdout }).once('line', resolve);
    server.once('exit', (code) => reject(new Error(`axiom serve ended with exit code ${code}`)));
  });
  return { child: server, info: JSON.parse(line) };
}
