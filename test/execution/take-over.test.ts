/** A store that version 0.1.0 left behind (test/testdata/stores/0.1.0), opened by this version. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { member, openRooms, text, type Rooms } from '../support/rooms';

const FOLDER = join(__dirname, '../testdata/stores/0.1.0');
const facts = JSON.parse(readFileSync(join(FOLDER, 'facts.json'), 'utf8')) as {
  readonly time: number;
  readonly configId: string;
  /** Tokens of an execution that pins older revisions, and of one that pins the newest. */
  readonly pinned: string;
  readonly current: string;
};
const admin = member('default');

let folder: string;
let rooms: Rooms;
const path = () => join(folder, 'store.sqlite');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'axiom-0.1.0-'));
  writeFileSync(path(), gunzipSync(readFileSync(join(FOLDER, 'store.sqlite.gz'))));
  for (const keys of ['kek.tink', 'verifying-keyset.tink'])
    writeFileSync(join(folder, keys), readFileSync(join(FOLDER, keys)), { mode: 0o600 });
});
afterEach(async () => {
  await rooms.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open() {
  rooms = await openRooms({ standing: folder });
  rooms.time.now = facts.time;
}

const start = async (config?: string) =>
  rooms.start({
    tenantId: 'default',
    flowId: 'checkout',
    ...(config !== undefined && { config: { case: 'configId' as const, value: config } }),
  });
const valuesOf = async (started: Promise<{ executionToken: string }>) =>
  rooms.values((await started).executionToken);

describe('A store of version 0.1.0', () => {
  it('is taken over: every value is sealed anew, keeps its version, and is read as before', async () => {
    await open();
    expect(await rooms.takeOver()).toEqual({ sealed: 5, left: 0 });
    expect(await rooms.takeOver()).toEqual({ sealed: 0, left: 0 });

    const { secrets = [] } = await rooms.secrets.listSecretNames(admin);
    expect(secrets.map(({ name, version }) => [name, version])).toEqual([
      ['LATER', 7n],
      ['LONG', 3n],
      ['SHORT', 1n],
      ['UNICODE', 2n],
    ]);
    const values = {
      LATER: 'new value',
      LONG: 'x'.repeat(5_000),
      SHORT: 'hunter2',
      UNICODE: 'wört 🔑\nzwei',
    };
    expect(await valuesOf(start())).toEqual(values);
    expect(await valuesOf(start(facts.configId))).toEqual({ ...values, SHORT: 'overridden' });
  });

  it('goes on with the executions that it had started', async () => {
    await open();
    await rooms.takeOver();
    expect(await rooms.values(facts.pinned)).toMatchObject({
      ...{ GONE: 'deleted', LATER: 'old value', SHORT: 'overridden' },
    });
    expect(await rooms.values(facts.current)).toMatchObject({ LATER: 'new value', SHORT: 'hunter2' });
  });

  it('shows no value’s length any more, and counts what it holds by padded lengths', async () => {
    await open();
    const lengths = () => {
      const db = new Database(path(), { readonly: true });
      try {
        return db
          .prepare('select name, padded_bytes, ciphertext_length from secrets where scope = ? order by name')
          .raw()
          .all('tenant');
      } finally {
        db.close();
      }
    };
    expect(lengths()).toContainEqual(['SHORT', 7, 7 + 86]);
    await rooms.takeOver();
    expect(lengths()).toEqual([
      ['LATER', 64, 150],
      ['LONG', 5_120, 5_206],
      ['SHORT', 64, 150],
      ['UNICODE', 64, 150],
    ]);
    const scope = await rooms.store.read((tx) => tx.getScope(admin.principal.tenantId, { kind: 'tenant' }));
    expect(scope).toMatchObject({ names: 4, bytes: 64 * 3 + 5_120 });
  });

  it('says so in the audit log, with how many values of which scope', async () => {
    await open();
    await rooms.takeOver();
    const { events = [] } = await rooms.audit.listAuditEvents(admin, { action: 'secret.take_over' });
    expect(events.map(({ resource, count }) => [resource, Number(count)]).sort()).toEqual([
      [`config:${facts.configId}`, 1],
      ['tenant', 4],
    ]);
  });

  it('keeps what does not open: executions name it, and deleting it mends them', async () => {
    const db = new Database(path());
    db.exec("update secrets set version = 99 where name = 'SHORT' and scope = 'tenant'");
    db.exec("update scopes set revision = 99 where scope = 'tenant'");
    db.close();
    await open();
    expect(await rooms.takeOver()).toEqual({ sealed: 4, left: 1 });
    await expect(start()).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      message: 'secret SHORT does not open, so no execution starts; save it again or delete it',
    });
    await rooms.secrets.replaceSecret(admin, {
      name: 'SHORT',
      content: { case: 'value', value: text('mended') },
    });
    expect(await valuesOf(start())).toMatchObject({ SHORT: 'mended', LATER: 'new value' });
  });
});
