/** A store of a version that signed no rows: taken over once, when its operator says so, and never by what is in it. */

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { parseTenantId } from '../../src/domain/ids';
import { signAsFound } from '../../src/server/sign-as-found';
import { closeWorkers, open, openWorld, seed, type Seen, type Seeded } from './world';

const folder = mkdtempSync(join(tmpdir(), 'axiom-unsigned-'));
const marker = join(folder, 'sign-as-found');
const path = join(folder, 'unsigned.sqlite');
let seeded: Seeded;

beforeAll(async () => {
  seeded = await seed(folder);
});
afterAll(async () => {
  await closeWorkers();
  rmSync(folder, { recursive: true });
});

/** The database as a version without signatures left it. */
beforeEach(() => {
  copyFileSync(seeded.database, path);
  const database = new BetterSqlite3(path);
  const tables = [
    'tenants',
    'tenant_keys',
    'secrets',
    'revocations',
    'executions',
    'sessions',
    'handles',
    'scopes',
  ];
  for (const table of tables) database.exec(`update ${table} set signature = null`);
  database.exec("delete from scopes where revision = 0 or scope in ('configs', 'access', 'sessions')");
  database.exec('update scopes set digest = null');
  database.close();
});

async function look(): Promise<Seen> {
  const world = await openWorld(seeded, path);
  const seen = await world.look();
  await world.close();
  return seen;
}

async function takeOver(): Promise<void> {
  const { unsigned, execution } = await open(seeded.keys, path);
  await signAsFound({ folder, signAsFound: marker }, { store: execution.store, clock: execution.clock });
  await unsigned.close();
}

describe('A store whose rows are not signed', () => {
  it('gives nothing, and verify says so, also after another start', async () => {
    await takeOver();
    const { wrong, refused, faults } = await look();
    expect(wrong).toEqual([]);
    expect(refused).toContain('values without a config');
    expect(refused).toContain('an admin’s key');
    expect(faults).toBeGreaterThan(0);
  });

  it('is signed as it is found where the operator’s file says so, once; whoever was logged in logs in again', async () => {
    writeFileSync(marker, '');
    await takeOver();
    expect(existsSync(marker)).toBe(false);
    expect(await look()).toEqual({
      wrong: [],
      refused: ['a session', 'another tenant’s session'],
      faults: 0,
    });
  });

  it('says in each tenant’s audit log that it was', async () => {
    writeFileSync(marker, '');
    await takeOver();
    const { unsigned } = await open(seeded.keys, path);
    for (const tenantId of ['acme', 'globex'].map((id) => parseTenantId(id))) {
      const events = await unsigned.read((tx) =>
        tx.listAuditEvents(tenantId, { action: 'tenant.sign_as_found' }, { limit: 9 }),
      );
      expect(events.map((event) => [event.resource, event.count > 5])).toEqual([[tenantId, true]]);
    }
    await unsigned.close();
  });
});
