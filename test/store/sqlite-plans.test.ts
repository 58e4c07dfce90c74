/** What SQLite is given, so that a statement that was prepared once stays prepared. */

import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { sql } from 'kysely';
import { doneTo } from '../../src/store/queries/audit';
import {
  newestChange,
  newestRevocation,
  revocationsSince,
  wasMovedOut,
} from '../../src/store/queries/logged';
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

/** How SQLite looks for what a query asks of the log. */
async function searchesOf(query: { readonly sql: string }): Promise<readonly string[]> {
  const path = join(folder, 'store.sqlite');
  await (await openSqliteStore({ path })).close();
  const database = new BetterSqlite3(path, { readonly: true });
  const plan = database.prepare(`explain query plan ${query.sql}`).all() as { detail: string }[];
  database.close();
  return plan.map(({ detail }) => detail).filter((detail) => detail.startsWith('SEARCH'));
}

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
