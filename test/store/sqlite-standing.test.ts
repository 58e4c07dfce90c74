/** What a write on SQLite need not read again, and that it reads again whatever anybody may have changed. */

import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { AuditAction } from '../../src/domain/audit-actions';
import type { DomainError } from '../../src/domain/errors';
import { TENANT_SCOPE } from '../../src/domain/scope';
import { signedStore } from '../../src/store/signed-store';
import type { RowSigner } from '../../src/store/signing';
import { SqliteConnection } from '../../src/store/sqlite/connection';
import { openSqliteStore } from '../../src/store/sqlite/open';
import type { ReadTx, Store, WriteTx } from '../../src/store/store';
import { bytes, config, CONFIG, execution, id, name, secret, TENANT } from './rows';
import { sqliteFolder } from './sqlite-folder';

/** What is read of the database for a step, by the SQL that reads it. */
const READS = [
  ['profile', / as is_flow_known/],
  ['execution', / as "end_sequence"/],
  ['log', /^select "sequence", "hash"/],
] as const;

const signer: RowSigner = {
  sign: (table, statement) => createHash('sha256').update(table).update(statement).digest(),
  verify: (table, statement, signature) => signer.sign(table, statement).toString() === signature.toString(),
};

const disk = sqliteFolder();
let unsigned: Store;
let store: Store;
let read: string[];

beforeEach(async () => {
  unsigned = await openSqliteStore({ path: disk.path });
  store = signedStore(unsigned, signer);
  await write(async (tx) => {
    await tx.insertTenant({ tenantId: TENANT, displayName: 'Acme', createTime: 1 });
    await tx.insertTenantKeys({
      ...{ tenantId: TENANT, keysRevision: 1, createTime: 1 },
      ...{ publicKeyset: bytes(1), publicKeysetSignature: bytes(2) },
      ...{ wrappedPrivateKeyset: bytes(3), wrappedBundleKeyset: bytes(4) },
    });
    await tx.insertFlowConfig(TENANT, config(CONFIG, 'flow-1', 'default'));
    await tx.putSecret(TENANT, TENANT_SCOPE, secret('A', 1));
  });
  const run = SqliteConnection.prototype.run;
  read = [];
  jest.spyOn(SqliteConnection.prototype, 'run').mockImplementation(function (
    this: SqliteConnection,
    ...args
  ) {
    read.push(...READS.filter(([, sql]) => sql.test(args[0])).map(([what]) => what));
    return run.apply(this, args);
  });
  await begin('first');
  await begin('of a flow that is known');
  read.length = 0;
});

afterEach(async () => {
  jest.restoreAllMocks();
  await unsigned.close();
});

function write<T>(body: (tx: WriteTx) => Promise<T>): Promise<T> {
  return store.write(body, { tenant: TENANT, asksFirst: true });
}

function append(tx: WriteTx, action: AuditAction, executionId: string): Promise<unknown> {
  return tx.appendAudit(TENANT, {
    ...{ time: 1, principal: 'engine', action, allowed: true, door: 'execution', resource: 'flow-1' },
    ...{ version: 9, scope: 'tenant', executionId, node: '', count: 1, status: 'OK', source: '' },
  });
}

const start = (tx: ReadTx, executionId: string) =>
  tx.getStart({
    ...{ tenantId: TENANT, flowId: id('flow-1'), executionId: id(executionId) },
    config: { profile: id('default') },
  });

type InOneTransaction = <T>(body: (tx: ReadTx) => Promise<T>) => Promise<T>;

/** A snapshot of another connection, which remembers nothing. */
const reading: InOneTransaction = (body) => store.read(body);

const codeOf = (error: unknown) => (error as DomainError).code;

const startedIn = (transaction: InOneTransaction, executionId: string) =>
  transaction((tx) => start(tx, executionId)).catch(codeOf);

const stateIn = (transaction: InOneTransaction, executionId: string) =>
  transaction((tx) => tx.getExecutionState(id(executionId))).catch(codeOf);

async function begin(executionId: string): Promise<void> {
  await write(async (tx) => {
    const found = await start(tx, executionId);
    const tenantRevision = found?.scopes[0]?.revision ?? 0;
    const pins = { configId: CONFIG, tenantRevision, configRevision: 0 };
    await tx.insertExecution(execution(executionId, pins), found?.isFlowKnown);
    await append(tx, 'execution.start', executionId);
  });
}

async function end(tx: WriteTx, executionId: string): Promise<void> {
  const state = await tx.getExecutionState(id(executionId));
  if (state === undefined) throw new Error('there is no such execution');
  await tx.putExecutionEnd(state.execution, 5);
  await append(tx, 'execution.end', executionId);
}

const sequences = async () =>
  (await store.read((tx) => tx.listAuditEvents(TENANT, {}, { limit: 100 }))).map(({ sequence }) => sequence);

it('A start and an end read nothing that stands since the ones before them', async () => {
  await begin('second');
  await write((tx) => end(tx, 'second'));
  expect(read).toEqual([]);
  expect(await startedIn(write, 'second')).toMatchObject({ isTaken: true, isFlowKnown: true });
  expect(await sequences()).toEqual([4, 3, 2, 1]);
  expect(read).toEqual([]);
});

it('An event is appended without a look at the log after a secret was put or taken away', async () => {
  await write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('B', 2)));
  await write((tx) => tx.deleteSecret(TENANT, TENANT_SCOPE, name('B'), 3));
  await write((tx) => append(tx, 'secret.delete', ''));
  expect(read).toEqual([]);
  expect(await sequences()).toEqual([3, 2, 1]);
});

const refused = new Error('refused');
const sets = (sql: string) => async () => disk.withRaw((db) => void db.exec(sql));

it.each<[what: string, change: () => Promise<unknown>]>([
  ['nothing', async () => {}],
  ['another program changed a head', sets('update scopes set names = 9')],
  ['another program set a profile back', sets('update flow_configs set node_timeout_seconds = 1')],
  ['another program changed an execution', sets('update executions set start_time = 2')],
  ['another program took the execution away', sets('delete from executions')],
  ['a secret was put', () => write((tx) => tx.putSecret(TENANT, TENANT_SCOPE, secret('B', 2)))],
  ['a config was taken away', () => write((tx) => tx.deleteFlowConfig(TENANT, CONFIG, 2))],
  ['the execution ended', () => write((tx) => end(tx, 'running'))],
  ['the log says that it ended', () => write((tx) => append(tx, 'execution.end', 'running'))],
  ['the log says that a secret changed', () => write((tx) => append(tx, 'secret.add', ''))],
  [
    'a store without signatures wrote the execution',
    async () => unsigned.write((tx) => tx.putExecutionEnd(execution('running', { configId: CONFIG }), 5)),
  ],
  [
    'an end was undone',
    () =>
      store
        .write(async (tx) => {
          await end(tx, 'running');
          throw refused;
        })
        .catch(() => undefined),
  ],
  [
    'the only write of a group was undone',
    () =>
      write(async (tx) => {
        await end(tx, 'running');
        throw refused;
      }).catch(() => undefined),
  ],
])('A write sees what a read sees after %s', async (_what, change) => {
  await begin('running');
  const events = (await sequences()).length;
  await change();
  expect(await startedIn(write, 'next')).toEqual(await startedIn(reading, 'next'));
  expect(await stateIn(write, 'running')).toEqual(await stateIn(reading, 'running'));
  const before = (await sequences()).length;
  expect(before - events).toBeLessThan(2);
  await write((tx) => append(tx, 'execution.resolve', 'running'));
  expect(await sequences()).toEqual(Array.from({ length: before + 1 }, (_, index) => before + 1 - index));
});
