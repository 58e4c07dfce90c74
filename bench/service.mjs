// A service with data to measure: started, filled, looked at from outside, stopped.

import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { serveCommand } from '../scripts/serve-command.mjs';
import { root } from '../scripts/setup.mjs';

const require = createRequire(import.meta.url);
const dist = (path) => require(join(root, 'dist', path));
const { openChannel, wireClient } = dist('wire/client.js');
const { AccessService } = dist('gen/axiom/access/v1/access_pb.js');
const { FlowConfigsService } = dist('gen/axiom/flowconfigs/v1/flow_configs_pb.js');
const { SecretsService } = dist('gen/axiom/secrets/v1/secrets_pb.js');

/** Ticks of /proc/PID/stat in a second: USER_HZ, which Linux fixes. */
const TICKS_A_SECOND = 100;

/** A Node process of its own, whose first line on stdout is awaited. */
export async function startProcess(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with exit code ${code}`)));
  });
  return { child, pid: child.pid, line };
}

export function stopProcess({ child }) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGTERM');
  });
}

/** `axiom serve`. @returns what it tells, and how many milliseconds passed until every server answered. */
export async function serve(dataDir, { logLevel = 'error', flags = [] } = {}) {
  const begun = performance.now();
  const process = await startProcess([...serveCommand(dataDir, logLevel), ...flags]);
  return { ...process, info: JSON.parse(process.line), ms: performance.now() - begun };
}

/** What a load needs to call each door as whoever may call it. */
export function doorsOf(info) {
  const pair = (name) =>
    ['crt', 'key'].map((end) => join(info.dataDir, 'workloads', `${name}.${end}`)).join();
  const ca = info.caCertificate;
  return {
    execution: { ca, address: info.execution.address, engine: pair('engine'), sidecar: pair('sidecar') },
    management: { ca, address: info.management.address, apiKeyFile: info.adminApiKeyFile },
  };
}

/** A tenant beside the first one. @returns a file with its admin's API key. */
export async function addTenant(info, tenantId) {
  const channel = openChannel({ address: `unix:${info.operatorSocket}` });
  const { adminApiKey } = await wireClient(AccessService, channel).createTenant({ tenantId });
  channel.close();
  const file = join(info.dataDir, `${tenantId}-api-key`);
  writeFileSync(file, adminApiKey, { mode: 0o600 });
  return file;
}

/** A profile of the flow `bench` with overrides of the first so many secrets. */
export async function addProfile(info, profileName, { prefix, overrides, valueBytes }) {
  const channel = openChannel({
    address: info.management.address,
    tls: { ca: readFileSync(info.caCertificate) },
  });
  const metadata = { authorization: `Bearer ${readFileSync(info.adminApiKeyFile, 'utf8').trim()}` };
  const configs = wireClient(FlowConfigsService, channel);
  const { flowConfig } = await configs.createFlowConfig({ flowId: 'bench', profileName }, { metadata });
  for (let index = 0; index < overrides; index++) {
    const content = { case: 'value', value: Buffer.alloc(valueBytes, 'o') };
    const override = { configId: flowConfig.configId, name: `${prefix}${index}`, content };
    await configs.setSecretOverride(override, { metadata });
  }
  channel.close();
}

/** Replaces one secret, with the API key in the file. */
export async function replaceOne(info, apiKeyFile, name) {
  const channel = openChannel({
    address: info.management.address,
    tls: { ca: readFileSync(info.caCertificate) },
  });
  const metadata = { authorization: `Bearer ${readFileSync(apiKeyFile, 'utf8').trim()}` };
  const content = { case: 'value', value: Buffer.alloc(100, 'r') };
  await wireClient(SecretsService, channel).replaceSecret({ name, content }, { metadata });
  channel.close();
}

/** Microseconds of processor that the process took so far. */
export function cpuMicroseconds(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // After the program's name in parentheses; utime and stime are fields 14 and 15 (proc_pid_stat(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / TICKS_A_SECOND;
}

export function residentMiB(pid) {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

/** In MiB: what is the process's own, and pages of files, which processes share. */
export function memoryParts(pid) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]) / 1024;
  return { anonymous: of('Anonymous'), file: of('Rss') - of('Anonymous') };
}
