/** A console session that has ended stays ended, whatever is put back into the database. */

import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { DEFAULT_SESSION_LIMITS, MAX_SESSIONS } from '../../src/domain/session';
import { parseTenantId } from '../../src/domain/ids';
import { sweep } from '../../src/execution/janitor';
import { verifyTenant } from '../../src/execution/verify';
import { createApiKeyAuthenticator } from '../../src/server/bearer';
import { createSessions } from '../../src/server/console/sessions';
import { closeWorkers, open, seed, type Seeded } from './world';

const folder = mkdtempSync(join(tmpdir(), 'axiom-tamper-sessions-'));
const path = join(folder, 'copy.sqlite');
const acme = parseTenantId('acme');
let seeded: Seeded;
let opened: Awaited<ReturnType<typeof open>>;
/** How far the clock is put forward. */
let later = 0;

beforeAll(async () => {
  seeded = await seed(folder);
});
afterAll(async () => {
  await closeWorkers();
  rmSync(folder, { recursive: true });
});

beforeEach(async () => {
  later = 0;
  copyFileSync(seeded.database, path);
  opened = await open(seeded.keys, path);
});
afterEach(async () => {
  await opened.unsigned.close();
  for (const end of ['-wal', '-shm']) rmSync(`${path}${end}`, { force: true });
});

const clock = () => opened.management.clock() + later;
const sessions = () =>
  createSessions({
    ...{ store: opened.management.store, clock, randomBytes, oidc: undefined },
    limits: DEFAULT_SESSION_LIMITS,
  });
const whoIs = (cookie: string) => sessions().authenticate(cookie);
const faults = async () => (await verifyTenant(opened.execution, acme)).faults.map((one) => one.name);
const NOT_LOGGED_IN = { code: 'UNAUTHENTICATED', reason: 'SESSION_NOT_IN_FORCE' };

async function logIn(): Promise<string> {
  const principal = await createApiKeyAuthenticator(opened.management.store, clock).authenticateKey(
    seeded.adminKey,
  );
  return ((await sessions().open(principal, '')).split(';')[0] ?? '').trim();
}

/** Somebody writes the file while the service runs. */
function tamper(sql: string): void {
  const database = new BetterSqlite3(path);
  database.exec(sql);
  database.close();
}

const KEEP = 'create table kept as select * from sessions';
const PUT_BACK = 'insert or ignore into sessions select * from kept; drop table kept';

describe('A session that has ended', () => {
  it('does not count when its row is put back, and verify says so', async () => {
    const left = await logIn();
    tamper(KEEP);
    await sessions().close(left, '');
    tamper(PUT_BACK);
    await expect(whoIs(left)).rejects.toMatchObject(NOT_LOGGED_IN);
    expect(await faults()).toEqual(['sessions']);
  });

  it('does not count either where the list was taken away, also once somebody logs in again', async () => {
    const left = await logIn();
    tamper(KEEP);
    await sessions().close(left, '');
    tamper(`${PUT_BACK}; delete from scopes where scope = 'sessions'`);
    await expect(whoIs(left)).rejects.toMatchObject(NOT_LOGGED_IN);
    expect(await faults()).toEqual(['sessions']);
    const anew = await logIn();
    expect(await whoIs(anew)).toMatchObject({ tenantId: 'acme' });
    await expect(whoIs(left)).rejects.toMatchObject(NOT_LOGGED_IN);
    expect(await faults()).toEqual([]);
  });

  it('does not count either where its row and the list of then are put back together, and verify says so', async () => {
    const left = await logIn();
    tamper(`${KEEP}; create table kept_lists as select * from scopes where scope = 'sessions'`);
    await sessions().close(left, '');
    tamper(`${PUT_BACK}; replace into scopes select * from kept_lists; drop table kept_lists`);
    await expect(whoIs(left)).rejects.toMatchObject(NOT_LOGGED_IN);
    expect(await faults()).toEqual(['sessions']);
    expect(await whoIs(await logIn())).toMatchObject({ tenantId: 'acme' });
    expect(await faults()).toEqual([]);
  });

  it('is removed when its time is over, and the list stays whole', async () => {
    later = 12 * 3_600_000;
    await sweep({ ...opened.execution, clock });
    expect(await opened.unsigned.read((tx) => tx.listSessions(acme))).toEqual([]);
    expect(await faults()).toEqual([]);
    expect(await whoIs(await logIn())).toMatchObject({ tenantId: 'acme' });
  });
});

describe('A list of sessions that was damaged', () => {
  it('logs everybody out, keeps nobody out, and says so until the next log-in', async () => {
    tamper("update scopes set digest = x'00' where scope = 'sessions' and tenant_id = 'acme'");
    await expect(whoIs(seeded.cookie)).rejects.toMatchObject(NOT_LOGGED_IN);
    expect(await sessions().close(seeded.cookie, '')).toContain('Max-Age=0');
    expect(await whoIs(seeded.globexCookie)).toMatchObject({ tenantId: 'globex' });
    expect(await faults()).toEqual(['sessions']);
    expect(await whoIs(await logIn())).toMatchObject({ tenantId: 'acme' });
    await expect(whoIs(seeded.cookie)).rejects.toMatchObject(NOT_LOGGED_IN);
    expect(await faults()).toEqual([]);
  });

  it('is told of by the audit log where it is begun anew, and by nothing else that ends sessions', async () => {
    const left = await logIn();
    tamper("update scopes set digest = x'00' where scope = 'sessions' and tenant_id = 'acme'");
    later = 12 * 3_600_000;
    await sweep({ ...opened.execution, clock });
    expect(await faults()).toEqual(['sessions']);
    later = 1;
    await logIn();
    await logIn();
    const ends = await opened.unsigned.read((tx) =>
      tx.listAuditEvents(acme, { action: 'session.end' }, { limit: 9 }),
    );
    expect(ends.map(({ resource, status }) => [resource, status])).toEqual([['', 'DATA_LOSS']]);
    await expect(whoIs(left)).rejects.toMatchObject(NOT_LOGGED_IN);
  });
});

it(`One key has ${MAX_SESSIONS} sessions: a log-in beyond ends its oldest, which the log tells, and nobody else’s`, async () => {
  const cookies: string[] = [];
  for (let i = 0; i <= MAX_SESSIONS; i++) {
    later++;
    cookies.push(await logIn());
  }
  await expect(whoIs(cookies[0] ?? '')).rejects.toMatchObject(NOT_LOGGED_IN);
  const ends = await opened.unsigned.read((tx) =>
    tx.listAuditEvents(acme, { action: 'session.end' }, { limit: 9 }),
  );
  expect(ends.map(({ resource, status }) => [resource, status])).toEqual([
    [expect.stringMatching(/^[0-9a-f]{16}$/), 'OK'],
  ]);
  for (const cookie of [cookies[1], cookies.at(-1), seeded.cookie])
    expect(await whoIs(cookie ?? '')).toMatchObject({ tenantId: 'acme' });
});
