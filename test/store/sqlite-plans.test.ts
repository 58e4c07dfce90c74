/** What SQLite is given, so that a statement that was prepared once stays prepared. */

import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { sql } from 'kysely';
import { parseConfigId, parseTenantId } from '../../src/domain/ids';
import { configScope, TENANT_SCOPE } from '../../src/domain/scope';
import type { Session } from '../../src/store/prepared';
import { doneTo } from '../../src/store/queries/audit';
import { dropUnneededRevocations, dropUnpinnedBundles } from '../../src/store/queries/bundles';
import { reads } from '../../src/store/queries/executions';
import {
  newestChange,
  newestRevocation,
  revocationsSince,
  wasMovedOut,
} from '../../src/store/queries/logged';
import { SCHEMA } from '../../src/store/schema';
import { sqliteCompiler } from '../../src/store/sqlite/compiler';
import { openSqliteStore } from '../../src/store/sqlite/open';

const folder = mkdtempSync(join(tmpdir(), 'axiom-plans-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a limit that is bound on SQLite', () => {
  // SQLite looks at a bare parameter's number when it plans, and plans anew whenever one is bound.
  it('is an expression, so that the statement is not prepared anew at each call', () => {
    const query = sqliteCompiler.selectFrom('flows').select('flow_id').limit(3);
    expect(query.compile()).toMatchObject({
      sql: 'select "flow_id" from "flows" limit (? + 0)',
      parameters: [3],
    });
  });
});

/** What SQLite says of a statement in a database of the service's, whatever is bound to it. */
async function explain<Row>(kind: 'explain' | 'explain query plan', text: string): Promise<readonly Row[]> {
  const path = join(folder, 'store.sqlite');
  await (await openSqliteStore({ path })).close();
  const database = new BetterSqlite3(path, { readonly: true });
  try {
    return database.prepare<unknown[], Row>(`${kind} ${text.replaceAll('?', 'null')}`).all();
  } finally {
    database.close();
  }
}

/** How SQLite looks for what a query asks of the log. */
async function searchesOf(query: { readonly sql: string }): Promise<readonly string[]> {
  const plan = await explain<{ detail: string }>('explain query plan', query.sql);
  return plan.map(({ detail }) => detail).filter((detail) => detail.startsWith('SEARCH'));
}

describe('an insert makes no table of its own, as SQLite does for an index whose condition is a list:', () => {
  it.each(Object.entries(SCHEMA))('%s', async (table, columns) => {
    const values = Object.keys(columns).map(() => '?');
    const steps = await explain<{ opcode: string }>(
      'explain',
      `insert into ${table} values (${values.join()})`,
    );
    const opcodes = steps.map(({ opcode }) => opcode);
    expect(opcodes).toContain('OpenWrite');
    expect(opcodes).not.toContain('OpenEphemeral');
  });
});

describe('what pins a revision is looked up among executions that have not ended:', () => {
  const acme = parseTenantId('acme');
  const config = configScope(parseConfigId('0123456789abcdef0123456789abcdef'));
  const byTenant = /^SEARCH executions USING (COVERING )?INDEX executions_in_force_of_tenant /;
  const byConfig = /^SEARCH executions USING (COVERING )?INDEX executions_in_force_of_config /;

  it.each([
    ['the tenant', TENANT_SCOPE, byTenant],
    ['a config', config, byConfig],
  ] as const)('of %s', async (_, scope, index) => {
    const asked: string[] = [];
    const run = (text: string) => {
      asked.push(text);
      return Promise.resolve({ rows: [{ revision: 2 }], affected: 0 });
    };
    const session: Session = { compiler: sqliteCompiler, run, post: run };
    const running = { tenantId: acme, scope, revision: 1, now: 0, limit: 1 };
    await reads.countRunningExecutions(session, running);
    await reads.countOlderExecutions(session, running);
    await dropUnpinnedBundles(session, acme, scope, 0);
    await dropUnneededRevocations(session, acme, scope, 0);
    const ofExecutions = asked.filter((text) => text.includes('executions'));
    expect(ofExecutions).toHaveLength(4);
    for (const text of ofExecutions)
      expect(await searchesOf({ sql: text })).toContainEqual(expect.stringMatching(index));
  });
});

describe('what the log says of a row, asked for at each call, is looked up and not gone through the log for:', () => {
  it('whether a key was revoked', async () => {
    const asked = doneTo({ tenantId: sql.ref('api_keys.tenant_id'), resource: sql.ref('api_keys.key_id') }, [
      'api_key.revoke',
    ]);
    expect(await searchesOf(sqliteCompiler.selectFrom('api_keys').select(asked.as('a')).compile())).toEqual([
      expect.stringMatching(/^SEARCH found .*\(tenant_id=\? AND resource=\?\)$/),
      expect.stringMatching(/^SEARCH event .*\(tenant_id=\? AND sequence=\?\)$/),
    ]);
  });

  const scope = { tenantId: sql.ref('scopes.tenant_id'), scope: sql.ref('scopes.scope') };

  it('the newest change of a scope', async () => {
    const query = sqliteCompiler.selectFrom('scopes').select(newestChange(scope).as('a'));
    expect(await searchesOf(query.compile())).toEqual([
      'SEARCH logged USING COVERING INDEX audit_events_of_changes (tenant_id=? AND scope=?)',
    ]);
  });

  it('which values were taken from executions', async () => {
    const { events, missing } = revocationsSince(
      { tenantId: sql`'acme'`, scope: sql`'tenant'` },
      { pinnedRevision: sql`7`, limit: 10 },
    );
    const ofLog =
      /^SEARCH audit_events USING COVERING INDEX audit_events_of_revocations \(tenant_id=\? AND scope=\? AND version>\?\)$/;
    const query = sqliteCompiler.selectFrom('scopes').select([events.as('a'), missing.as('b')]);
    expect(await searchesOf(query.compile())).toEqual([
      expect.stringMatching(ofLog),
      expect.stringMatching(ofLog),
      expect.stringMatching(/^SEARCH made /),
    ]);
  });

  it('the newest revision from which one was taken', async () => {
    const query = sqliteCompiler.selectFrom('scopes').select(newestRevocation(scope).as('a'));
    expect(await searchesOf(query.compile())).toEqual([
      'SEARCH logged USING COVERING INDEX audit_events_of_revocations (tenant_id=? AND scope=?)',
    ]);
  });

  it('whether a handle was moved away', async () => {
    const asked = wasMovedOut({ tenantId: sql.ref('handles.tenant_id'), handle: sql.ref('handles.handle') });
    const query = sqliteCompiler.selectFrom('handles').select(asked.as('a'));
    expect(await searchesOf(query.compile())).toEqual([
      expect.stringMatching(
        /^SEARCH logged USING COVERING INDEX audit_events_of_handle_moves \(tenant_id=\? AND resource=\?\)$/,
      ),
    ]);
  });
});
