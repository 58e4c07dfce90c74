// The same loads as the load generator's, driven by grpc-js in this process.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../scripts/setup.mjs';

const require = createRequire(import.meta.url);
const { Channel, Client, Metadata, credentials } = require('@grpc/grpc-js');

const EXECUTIONS = 64;
const START = '/axiom.executions.v1.ExecutionsService/StartExecution';
const END = '/axiom.executions.v1.ExecutionsService/EndExecution';
const RESOLVE = '/axiom.secrets.v1.SecretsService/ResolveForExecution';
const asIs = (bytes) => bytes;

/** @returns as driveWithGo. */
export async function driveWithNode(load) {
  const { encode, tokenOf } = messages();
  const engine = load.engine === undefined ? undefined : clientOf(load, load.engine);
  const other = clientOf(load, load.sidecar);
  const metadata = new Metadata();
  if (load.apiKeyFile !== undefined)
    metadata.set('authorization', `Bearer ${readFileSync(load.apiKeyFile, 'utf8').trim()}`);
  let calls = 0;
  const call = (client, path, request) =>
    new Promise((resolve, reject) => {
      calls++;
      client.makeUnaryRequest(path, asIs, asIs, request, metadata, {}, (error, response) =>
        error ? reject(error) : resolve(response),
      );
    });
  const tenants = tenantIds(load.tenants ?? 'default');
  const start = (index) => call(engine, START, encode.start(tenants[index % tenants.length], load.profile));
  const tokens = [];
  if (load.mode === 'resolve')
    for (let index = 0; index < EXECUTIONS; index++) tokens.push(tokenOf(await start(index)));
  const value = Buffer.alloc(load.size ?? 100, 'x');
  const made = load.requests && readFileSync(load.requests, 'utf8').split('\n');
  const request = (index) =>
    made ? Buffer.from(made[index], 'base64') : encode.write(`${load.prefix ?? 'S'}${index}`, value);
  const write = (method, index) => call(other, `/axiom.secrets.v1.SecretsService/${method}`, request(index));
  const rounds = {
    resolve: (index) => call(other, RESOLVE, encode.token(tokens[index % tokens.length])),
    echo: () => call(other, '/bench/Call', encode.token('t'.repeat(load.size ?? 100))),
    start,
    async execution(index) {
      const token = encode.token(tokenOf(await start(index)));
      await call(other, RESOLVE, token);
      await call(engine, END, token);
    },
    add: (index) => write('AddSecret', index),
    replace: (index) => write('ReplaceSecret', index % (load.names ?? 50)),
  };
  const result = await driveRounds(rounds[load.mode], load);
  for (const client of [engine, other]) client?.close();
  return { ...result, calls };
}

async function driveRounds(round, { inFlight = 16, calls: wanted = 0, ms = 3_000, warmMs = 1_000 }) {
  const begun = performance.now();
  const from = wanted > 0 ? begun : begun + warmMs;
  const until = begun + warmMs + ms;
  const latencies = [];
  const failures = {};
  let next = 0;
  const isOver = () => (wanted > 0 ? next >= wanted : performance.now() > until);
  const work = async () => {
    while (!isOver()) {
      const started = performance.now();
      try {
        await round(next++);
        if (started >= from) latencies.push(performance.now() - started);
      } catch (error) {
        failures[error.message] = (failures[error.message] ?? 0) + 1;
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  const rate = (1_000 * latencies.length) / (performance.now() - from);
  latencies.sort((a, b) => a - b);
  const at = (part) => latencies[Math.floor(part * (latencies.length - 1))] ?? 0;
  return { rate, p50: at(0.5), p99: at(0.99), failures };
}

function clientOf({ address, ca }, pair) {
  const [certificate, key] = pair?.split(',').map((path) => readFileSync(path)) ?? [];
  const tls = credentials.createSsl(readFileSync(ca), key ?? null, certificate ?? null);
  const channelOverride = new Channel(address, tls, {
    'grpc.max_receive_message_length': 1 << 26,
    'grpc.ssl_target_name_override': 'localhost',
  });
  return new Client(address, tls, { channelOverride });
}

function tenantIds(tenants) {
  return tenants.startsWith('@')
    ? readFileSync(tenants.slice(1), 'utf8').split(/\s+/).filter(Boolean)
    : tenants.split(',');
}

function messages() {
  const dist = (path) => require(join(root, 'dist', path));
  const { create, fromBinary, toBinary } = require('@bufbuild/protobuf');
  const executions = dist('gen/axiom/executions/v1/executions_pb.js');
  const { AddSecretRequestSchema } = dist('gen/axiom/secrets/v1/secrets_pb.js');
  const bytes = (schema, message) => Buffer.from(toBinary(schema, create(schema, message)));
  return {
    encode: {
      start: (tenantId, profile) =>
        bytes(executions.StartExecutionRequestSchema, {
          ...{ tenantId, flowId: 'bench' },
          ...(profile !== undefined && { config: { case: 'profileName', value: profile } }),
        }),
      // Resolving and ending name the token in field 1.
      token: (executionToken) => bytes(executions.EndExecutionRequestSchema, { executionToken }),
      // Adding and replacing name their fields alike.
      write: (name, value) => bytes(AddSecretRequestSchema, { name, content: { case: 'value', value } }),
    },
    tokenOf: (answer) => fromBinary(executions.StartExecutionResponseSchema, answer).executionToken,
  };
}
