/** What SQLite is given, so that a statement that was prepared once stays prepared. */

import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { sql } from 'kysely';
import { doneTo } from '../../src/store/queries/audit';
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

describe('whether a key was revoked, asked for at each call,', () => {
  it('is looked up by the key and not gone through the log for', async () => {
    const path = join(folder, 'store.sqlite');
    await (await openSqliteStore({ path })).close();
    const asked = doneTo({ tenantId: sql.ref('api_keys.tenant_id'), resource: sql.ref('api_keys.key_id') }, [
      'api_key.revoke',
    ]);
    const query = sqliteCompiler.selectFrom('api_keys').select(asked.as('revocation')).compile();
    const database = new BetterSqlite3(path, { readonly: true });
    const plan = database.prepare(`explain query plan ${query.sql}`).all() as { detail: string }[];
    database.close();
    const details = plan.map(({ detail }) => detail).filter((detail) => detail.startsWith('SEARCH'));
    expect(details).toEqual([
      expect.stringMatching(/^SEARCH found .*\(tenant_id=\? AND resource=\?\)$/),
      expect.stringMatching(/^SEARCH event .*\(tenant_id=\? AND sequence=\?\)$/),
    ]);
  });
});
