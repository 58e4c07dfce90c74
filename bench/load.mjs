// Drives a unary gRPC method with so many calls at once, and counts.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const require = createRequire(import.meta.url);
const { Channel, Client, Metadata, credentials } = require('@grpc/grpc-js');

export const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');

/** A client of `address` with the certificate of a workload in the data folder. */
export function mutualClient(address, dataDir, name) {
  const file = (path) => readFileSync(join(dataDir, path));
  const tls = credentials.createSsl(
    file('ca.crt'),
    file(`workloads/${name}.key`),
    file(`workloads/${name}.crt`),
  );
  const channelOverride = new Channel(address, tls, { 'grpc.max_receive_message_length': 1 << 24 });
  return new Client(address, tls, { channelOverride });
}

const asIs = (bytes) => bytes;

/** One call with bytes in and bytes out. */
export function call(client, path, request) {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, asIs, asIs, request, new Metadata(), {}, (error, response) =>
      error ? reject(error) : resolve(response),
    );
  });
}

/** Calls for `ms` milliseconds with `concurrency` calls under way. @returns calls a second. */
export async function rate(client, path, request, { ms, concurrency }) {
  const end = performance.now() + ms;
  let calls = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (performance.now() < end) {
        await call(client, path, request);
        calls++;
      }
    }),
  );
  return (1_000 * calls) / (performance.now() - started);
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
