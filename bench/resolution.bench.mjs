// Resolutions a second through the execution door, against a bare echo of the same bytes
// and against one row and one decryption per secret; start-up time; resident memory.
// All sides run in turn within one run: the ratios are what to quote.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { serveCommand } from '../scripts/serve-command.mjs';
import { call, median, mutualClient, rate, root } from './load.mjs';

const SECRETS = 50;
const VALUE_BYTES = 100;
const ROUNDS = 5;
const LOAD = { ms: 1_500, concurrency: 16 };

const require = createRequire(import.meta.url);
const dist = (path) => require(join(root, 'dist', path));
const { toBinary, create, fromBinary } = require('@bufbuild/protobuf');
const { StartExecutionRequestSchema, StartExecutionResponseSchema } = dist(
  'gen/axiom/executions/v1/executions_pb.js',
);
const { ResolveForExecutionRequestSchema, SecretsService } = dist('gen/axiom/secrets/v1/secrets_pb.js');
const { openChannel, wireClient } = dist('wire/client.js');

const folder = mkdtempSync(join(tmpdir(), 'axiom-bench-'));
const children = [];
try {
  const dataDir = join(folder, 'data');
  const first = await serve(dataDir);
  await stop(first.child);
  const { info, child, ms: startup } = await serve(dataDir);
  await addSecrets(info);

  const engine = mutualClient(info.execution.address, dataDir, 'engine');
  const sidecar = mutualClient(info.execution.address, dataDir, 'sidecar');
  const start = Buffer.from(
    toBinary(
      StartExecutionRequestSchema,
      create(StartExecutionRequestSchema, { tenantId: 'default', flowId: 'bench' }),
    ),
  );
  const started = fromBinary(
    StartExecutionResponseSchema,
    await call(engine, '/axiom.executions.v1.ExecutionsService/StartExecution', start),
  );
  const request = Buffer.from(
    toBinary(
      ResolveForExecutionRequestSchema,
      create(ResolveForExecutionRequestSchema, { executionToken: started.executionToken }),
    ),
  );
  const path = '/axiom.secrets.v1.SecretsService/ResolveForExecution';
  const answer = await call(sidecar, path, request);
  // The echo answers as many bytes that hold no value.
  const echoFile = join(folder, 'echo');
  writeFileSync(echoFile, Buffer.alloc(answer.byteLength, 0x61));
  const echo = mutualClient(await peer('echo', dataDir, echoFile), dataDir, 'sidecar');
  const rows = mutualClient(await peer('rows', dataDir), dataDir, 'sidecar');

  const rates = { resolve: [], echo: [], rows: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    const one = {
      resolve: await rate(sidecar, path, request, LOAD),
      echo: await rate(echo, '/bench/Call', request, LOAD),
      rows: await rate(rows, '/bench/Call', request, LOAD),
    };
    if (round > 0) for (const side of Object.keys(rates)) rates[side].push(one[side]); // the first warms up
  }
  const memory = (pid) =>
    Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  const ratio = (side) => median(rates.resolve.map((value, index) => value / rates[side][index]));
  console.log(`resolution: ${SECRETS} secrets of ${VALUE_BYTES} bytes (${answer.byteLength} bytes on the wire), mutual TLS, ${LOAD.concurrency} calls at once,
  each resolution audited on disk before it is answered; Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model.trim()}
  resolutions a second, median of ${ROUNDS} rounds   ${median(rates.resolve).toFixed(0)}
  against a bare echo of the same bytes      × ${ratio('echo').toFixed(2)}   (echo: ${median(rates.echo).toFixed(0)})
  against a row and a decryption per secret  × ${ratio('rows').toFixed(1)}   (rows: ${median(rates.rows).toFixed(0)})
start-up: first ${(first.ms / 1_000).toFixed(2)} s, later ${(startup / 1_000).toFixed(2)} s until every server answers
memory: management server ${memory(info.management.pid).toFixed(0)} MiB, execution server ${memory(info.execution.pid).toFixed(0)} MiB resident, after the load`);
  for (const client of [engine, sidecar, echo, rows]) client.close();
  await stop(child);
} finally {
  for (const child of children) child.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
}

async function serve(dataDir) {
  const begun = performance.now();
  const { child, line } = await startChild(serveCommand(dataDir, 'error'));
  return { child, info: JSON.parse(line), ms: performance.now() - begun };
}

async function peer(...args) {
  return (await startChild([join(root, 'bench/peer-server.mjs'), ...args])).line;
}

async function startChild(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('exit', (code) => reject(new Error(`${args[0]} ended with exit code ${code}`)));
  });
  return { child, line };
}

function stop(child) {
  return new Promise((resolve) => {
    child.once('exit', resolve);
    child.kill('SIGTERM');
  });
}

async function addSecrets(info) {
  const channel = openChannel({
    address: info.management.address,
    tls: { ca: readFileSync(info.caCertificate) },
  });
  const options = {
    metadata: { authorization: `Bearer ${readFileSync(info.adminApiKeyFile, 'utf8').trim()}` },
  };
  const secrets = wireClient(SecretsService, channel);
  for (let index = 0; index < SECRETS; index++) {
    await secrets.addSecret(
      {
        name: `SECRET_${index}`,
        content: { case: 'value', value: Buffer.alloc(VALUE_BYTES, 0x61 + (index % 26)) },
      },
      options,
    );
  }
  channel.close();
}
