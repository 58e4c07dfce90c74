// What the audit log of an execution takes on the disk, and what a year of a platform comes to.
// SQLite; starts, resolves, reads of one secret by one node, ends; the sweep that forgets executions included.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../scripts/setup.mjs';

const EXECUTIONS = 2_000;
const PER_SECOND = 100;
const SECONDS_A_YEAR = 365 * 86_400;
const DEAD_MS = 61_000;

const require = createRequire(import.meta.url);
const dist = (path) => require(join(root, 'dist', path));
const { create } = require('@bufbuild/protobuf');
const Database = require('better-sqlite3');
const pino = require('pino');
const { createLocalKek } = dist('crypto/kek/local-kek.js');
const { createKeyring } = dist('crypto/open/create-keyring.js');
const { newApiKey } = dist('domain/api-key.js');
const { createReadBudget } = dist('domain/read-budget.js');
const { BundleMaker } = dist('execution/bundle-maker.js');
const { openCheckpointSigner, signMovedLogs } = dist('execution/checkpoints.js');
const { endExecution } = dist('execution/end.js');
const { sweep } = dist('execution/janitor.js');
const { createOpeners } = dist('execution/openers.js');
const { reportReads } = dist('execution/reads.js');
const { resolveForExecution } = dist('execution/resolve.js');
const { createRevokedNames } = dist('execution/revoked-names.js');
const { startExecution } = dist('execution/start.js');
const { createTenant } = dist('execution/tenants.js');
const executions = dist('gen/axiom/executions/v1/executions_pb.js');
const { ResolveForExecutionRequestSchema } = dist('gen/axiom/secrets/v1/secrets_pb.js');
const { createCountedEvents } = dist('server/counted-events.js');
const { openSqliteStore } = dist('store/sqlite/open.js');

const folder = mkdtempSync(join(tmpdir(), 'axiom-growth-'));
const path = join(folder, 'store.sqlite');
const time = { now: Date.now() };
const clock = () => time.now;
const store = await openSqliteStore({ path });
try {
  const context = await openContext();
  const call = (kind) => ({
    principal: { kind, id: `${kind}:bench` },
    door: 'execution',
    source: '10.0.0.7',
  });
  await run(context, call, 100);
  const before = size();
  await run(context, call, EXECUTIONS);
  const bytes = (size() - before) / EXECUTIONS;
  const year = bytes * PER_SECOND * SECONDS_A_YEAR;
  console.log(`bytes per execution with one read: ${bytes.toFixed(0)}`);
  console.log(`a day at ${PER_SECOND} executions a second: ${(year / 365 / 1e9).toFixed(1)} GB`);
  console.log(`a year of it: ${(year / 1e12).toFixed(2)} TB`);
} finally {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
}

async function openContext() {
  const keyring = createKeyring(await createLocalKek(join(folder, 'kek.tink')));
  const { verifyingKeyset: _, ...keys } = await keyring.createServiceKeys();
  await store.write((tx) => tx.insertServiceKeys(keys));
  const openers = createOpeners(keyring);
  const context = {
    ...{ store, keyring, openers, bundleMaker: new BundleMaker(), clock, randomBytes, tokenTtlMs: 900_000 },
    tokenMac: await keyring.openTokenMac(keys.wrappedTokenKeyset),
    checkpointSigner: await openCheckpointSigner(store, keyring),
    revokedNames: createRevokedNames(openers),
    readBudget: createReadBudget(clock()),
    countedEvents: createCountedEvents(store, clock, pino({ enabled: false })),
  };
  const operator = { principal: { kind: 'operator', id: 'operator' }, door: 'operator', source: 'unix' };
  await createTenant(context, operator, 'acme', 'Acme', newApiKey(randomBytes));
  return context;
}

async function run(context, call, count) {
  for (let index = 0; index < count; index++) {
    const { executionToken } = await startExecution(
      context,
      call('engine'),
      create(executions.StartExecutionRequestSchema, { tenantId: 'acme', flowId: 'greeting-flow' }),
    );
    await resolveForExecution(
      context,
      call('sidecar'),
      create(ResolveForExecutionRequestSchema, { executionToken }),
    );
    const read = {
      name: 'LLM_API_KEY',
      found: true,
      package: 'my-org/greeter',
      packageVersion: '1.0.0',
      node: 'Greet',
    };
    await reportReads(
      context,
      call('sidecar'),
      create(executions.ReportReadsRequestSchema, {
        executions: [{ executionToken, reads: [{ ...read, count: 1 }] }],
      }),
    );
    await endExecution(
      context,
      call('engine'),
      create(executions.EndExecutionRequestSchema, { executionToken }),
    );
    time.now += 1_000 / PER_SECOND;
  }
  time.now += DEAD_MS;
  await sweep(context);
  await signMovedLogs(context);
}

function size() {
  const database = new Database(path);
  database.pragma('wal_checkpoint(TRUNCATE)');
  const free =
    database.pragma('freelist_count', { simple: true }) * database.pragma('page_size', { simple: true });
  database.close();
  return statSync(path).size - free;
}
