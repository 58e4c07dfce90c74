// Drives a gRPC server with so many calls at once: with the load generator in Go where Go is there, so that the
// client is not what is measured, else with Node's own client, which is slower than the service.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../scripts/setup.mjs';
import { driveWithNode } from './node-load.mjs';

const SOURCE = join(root, 'bench', 'load-generator');

/**
 * @returns who drives, and `drive(load)`: one load of `mode` resolve, start, execution, echo, add or replace, as the
 *   flags of load-generator/main.go say; answers { rate, p50, p99, calls } and throws where a call failed.
 */
export function openLoad() {
  const program = buildGenerator();
  if (program.missing !== undefined)
    return { client: `Node's own client: ${program.missing}`, drive: (load) => checked(driveWithNode(load)) };
  return { client: program.version, drive: (load) => checked(driveWithGo(program.path, load)) };
}

async function checked(driving) {
  const result = await driving;
  const [failure] = Object.keys(result.failures);
  if (failure !== undefined) throw new Error(`a call failed: ${failure}`);
  return result;
}

/** Kept in .cache under the hash of its sources and of Go's version. */
function buildGenerator() {
  const go = spawnSync('go', ['version'], { encoding: 'utf8' });
  if (go.status !== 0) return { missing: 'go is not installed' };
  const hash = createHash('sha256').update(go.stdout);
  for (const file of readdirSync(SOURCE).sort()) hash.update(readFileSync(join(SOURCE, file)));
  const folder = join(root, '.cache', 'load-generator');
  const path = join(folder, hash.digest('hex').slice(0, 32));
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const built = spawnSync('go', ['build', '-o', path, '.'], { cwd: SOURCE, encoding: 'utf8' });
    if (built.status !== 0) return { missing: `go build failed (${built.stderr.trim().split('\n').at(-1)})` };
  }
  return { path, version: `Go client (${go.stdout.split(' ')[2]})` };
}

const FLAGS = {
  address: 'addr',
  ca: 'ca',
  engine: 'engine',
  sidecar: 'sidecar',
  apiKeyFile: 'apikey',
  mode: 'mode',
  tenants: 'tenants',
  profile: 'profile',
  prefix: 'prefix',
  requests: 'requests',
  inFlight: 'c',
  connections: 'conns',
  calls: 'n',
  size: 'size',
  names: 'names',
};

function driveWithGo(program, { ms, warmMs, ...load }) {
  const args = Object.entries(load).flatMap(([name, value]) => [`-${FLAGS[name]}`, String(value)]);
  if (ms !== undefined) args.push('-d', `${ms}ms`, '-w', `${warmMs}ms`);
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(said)) : reject(new Error(`the load generator ended with ${code}`)),
    );
  });
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
