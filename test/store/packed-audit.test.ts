/** Audit events take less room from schema 10 on: what a log of before says stays word for word what it said. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Compilable, Kysely } from 'kysely';
import { AUDIT_CHAIN_START, auditHash, type ChainedEntry } from '../../src/domain/audit-chain';
import type { AuditAction } from '../../src/domain/audit-actions';
import { parseExecutionId, parseTenantId } from '../../src/domain/ids';
import { up as initial } from '../../src/store/migrations/001_initial';
import { up as revokeTime } from '../../src/store/migrations/002_revoke_time';
import { up as numberedCiphertexts } from '../../src/store/migrations/003_numbered_ciphertexts';
import { up as format2 } from '../../src/store/migrations/004_format_2';
import { up as signatures } from '../../src/store/migrations/005_signatures';
import { up as auditLogs } from '../../src/store/migrations/006_audit_logs';
import { up as packageLimits } from '../../src/store/migrations/007_package_limits';
import { up as sessions } from '../../src/store/migrations/008_sessions';
import { up as sessionLists } from '../../src/store/migrations/009_session_lists';
import type { Ddl } from '../../src/store/migrations/ddl';
import { ACTION_NUMBERS, packId, unpackId } from '../../src/store/packed';
import { openPostgresStore } from '../../src/store/postgres/open';
import { postgresCompiler, postgresDdl } from '../../src/store/postgres/compiler';
import type { AuditRecord } from '../../src/store/records';
import type { Database } from '../../src/store/schema';
import { sqliteCompiler, sqliteDdl } from '../../src/store/sqlite/compiler';
import { openSqliteStore } from '../../src/store/sqlite/open';
import type { Store } from '../../src/store/store';
import { missingPostgres, PostgresServer } from './postgres-server';
import { sqliteFolder } from './sqlite-folder';

const FORMER_STEPS = [
  ...[
    initial,
    revokeTime,
    numberedCiphertexts,
    format2,
    signatures,
    auditLogs,
    packageLimits,
    sessions,
    sessionLists,
  ],
];

const tenantId = parseTenantId('acme');
const HEX = '63fe16f5fcc6baf225eb7adac4e6d722';
const UUID = '0b5c2d6e-1f0a-4c3b-9d8e-7f6a5b4c3d2e';
const IDS = [HEX, UUID, UUID.toUpperCase(), 'run-7', HEX.toUpperCase(), `${HEX}00`, '', 'nightly.2024'];

/** Every action, with ids of every form; as the log of schema 9 holds them. */
function formerLog(): readonly AuditRecord[] {
  let previous = AUDIT_CHAIN_START;
  return Object.keys(ACTION_NUMBERS).map((action, index) => {
    const entry: ChainedEntry = {
      ...{ time: 1_700_000_000_000 + index, principal: 'engine:e', action: action as AuditAction },
      ...{
        allowed: index % 2 === 0,
        door: index % 3 === 0 ? 'console' : 'execution',
        resource: `r-${index}`,
      },
      ...{ version: index, scope: 'tenant', executionId: IDS[index % IDS.length] ?? '', node: 'p@1#N' },
      ...{ count: index, status: 'OK', source: index < 3 ? undefined : '2001:db8::1' },
    };
    const sequence = index + 1;
    previous = auditHash(previous, tenantId, sequence, entry);
    return { ...entry, sequence, hash: previous };
  });
}

/** Statements that make a database of schema 9 with that log in it. */
function formerDatabase(db: Kysely<Database>, ddl: Ddl, log: readonly AuditRecord[]): readonly string[] {
  const sqlOf = (statement: Compilable) => statement.compile().sql;
  const literal = (value: unknown) =>
    typeof value === 'number' ? String(value) : value === undefined ? 'null' : `'${String(value)}'`;
  return [
    'create table schema_versions (version integer primary key)',
    ...FORMER_STEPS.flatMap((step) => step(db, ddl)).map(sqlOf),
    ...FORMER_STEPS.map((_, index) => `insert into schema_versions values (${index + 1})`),
    ...log.map(
      (one) =>
        `insert into audit_events (tenant_id, sequence, time, principal, action, allowed, door, resource, version,
          scope, execution_id, node, count, status, hash, source) values (${[
            ...[tenantId, one.sequence, one.time, one.principal, one.action, one.allowed ? 1 : 0, one.door],
            ...[one.resource, one.version, one.scope, one.executionId, one.node, one.count, one.status],
            ...[one.hash, one.source],
          ]
            .map(literal)
            .join()})`,
    ),
  ];
}

/** What must hold of a store that was opened on a database of schema 9. */
async function expectUnchanged(store: Store, log: readonly AuditRecord[]): Promise<void> {
  const read = await store.read((tx) => tx.listAuditEvents(tenantId, { oldestFirst: true }, { limit: 99 }));
  expect(read).toEqual(log);
  for (const filter of [
    { action: 'secret.read' },
    { resource: 'r-4' },
    { action: 'api_key.revoke', resource: 'r-1' },
  ])
    expect(await store.read((tx) => tx.listAuditEvents(tenantId, filter, { limit: 9 }))).toEqual(
      log.filter((one) => Object.entries(filter).every(([field, value]) => one[field as 'action'] === value)),
    );
  const [last] = log.slice(-1);
  const next = await store.write((tx) => tx.appendAudit(tenantId, { ...read[7]!, source: '' }));
  expect(next.hash).toBe(auditHash(last?.hash ?? '', tenantId, log.length + 1, { ...read[7]!, source: '' }));
  await expect(store.write((tx) => tx.deleteAuditEvents(tenantId, 5, 5))).rejects.toThrow();
}

describe('An audit log of schema 9', () => {
  const disk = sqliteFolder();

  it('says the same on SQLite, goes on, and lets no event go', async () => {
    const log = formerLog();
    disk.withRaw((db) => {
      for (const statement of formerDatabase(sqliteCompiler, sqliteDdl, log)) db.exec(statement);
    });
    const store = await openSqliteStore({ path: disk.path });
    try {
      await expectUnchanged(store, log);
    } finally {
      await store.close();
    }
  });

  it('stays broken where its text was no hash or no action', async () => {
    const log = formerLog();
    disk.withRaw((db) => {
      for (const statement of formerDatabase(sqliteCompiler, sqliteDdl, log)) db.exec(statement);
      db.exec('drop trigger audit_events_refuses_update');
      db.exec("update audit_events set hash = 'AB' || substr(hash, 3) where sequence = 2");
      db.exec("update audit_events set action = 'secret.peek' where sequence = 3");
    });
    await disk.withStore(async (store) => {
      const read = await store.read((tx) =>
        tx.listAuditEvents(tenantId, { oldestFirst: true }, { limit: 3 }),
      );
      expect(read[1]?.hash).toBe('');
      expect(read[2]?.action).toBe('unknown-0');
    });
  });

  if (missingPostgres() === undefined) {
    let server: PostgresServer;
    beforeAll(async () => {
      server = await PostgresServer.start();
    });
    afterAll(() => server.stop());

    it('says the same on PostgreSQL, goes on, and lets no event go', async () => {
      const log = formerLog();
      const name = await server.createDatabase();
      for (const statement of formerDatabase(postgresCompiler, postgresDdl, log))
        await server.query(name, statement);
      const store = await openPostgresStore({ url: server.url(name) });
      try {
        await expectUnchanged(store, log);
      } finally {
        await store.close();
      }
    });
  } else {
    it.skip(`is not tried on PostgreSQL: ${missingPostgres()}`, () => {});
  }
});

describe('An id that is stored packed', () => {
  it.each([
    [HEX, `00${HEX}`],
    [UUID, `01${UUID.replaceAll('-', '')}`],
    ['run-7', Buffer.from('run-7').toString('hex')],
    [HEX.toUpperCase(), Buffer.from(HEX.toUpperCase()).toString('hex')],
    ['', ''],
  ])('%s is %s, and back', (id, hex) => {
    if (id !== '') parseExecutionId(id);
    expect(packId(id).toString('hex')).toBe(hex);
    expect(unpackId(Buffer.from(hex, 'hex'))).toBe(id);
  });

  it('in another form is another id, so that nobody hides an end by writing it otherwise', () => {
    expect(unpackId(Buffer.from(HEX))).not.toBe(HEX);
    expect(unpackId(Buffer.from(UUID))).not.toBe(UUID);
    expect(unpackId(Buffer.from([0xff, 0xfe]))).not.toBe(Buffer.from([0xff, 0xfe]).toString());
  });
});
