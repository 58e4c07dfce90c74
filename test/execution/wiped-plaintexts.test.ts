/** What is opened on the way to an answer is zeros when the answer is made, or could not be. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import type { TenantOpener } from '../../src/crypto/open/opener';
import { sweep } from '../../src/execution/janitor';
import type { Openers } from '../../src/execution/openers';
import { member, openRooms, text, type Rooms } from '../support/rooms';

const VALUE = 'a value to be opened';

let rooms: Rooms;
let configId: string;
/** Every plaintext that was opened since it was emptied last. */
let opened: Uint8Array[];
const admin = member();

beforeEach(async () => {
  rooms = await openRooms();
  opened = [];
  Object.assign(rooms.execution, { openers: watched(rooms.execution.openers) });
  for (const name of ['A', 'B']) await rooms.secrets.addSecret(admin, { name, content: sent() });
  const { flowConfig } = await rooms.configs.createFlowConfig(admin, { flowId: 'flow' });
  configId = flowConfig?.configId ?? '';
  await rooms.configs.setSecretOverride(admin, { configId, name: 'B', content: sent() });
});
afterEach(() => rooms.close());

const sent = () => ({ case: 'value', value: text(VALUE) }) as const;

/** The same openers, each plaintext remembered as it leaves them. */
function watched(openers: Openers): Openers {
  const known = new Map<TenantOpener, TenantOpener>();
  const remember = (plaintext: Uint8Array) => {
    expect(Buffer.from(plaintext).includes(VALUE)).toBe(true);
    opened.push(plaintext);
  };
  const watch = (opener: TenantOpener): TenantOpener => {
    const one = known.get(opener) ?? {
      ...opener,
      async openBundle(ciphertext, binding) {
        const plaintext = await opener.openBundle(ciphertext, binding);
        remember(plaintext);
        return plaintext;
      },
      async openBundlePart(ciphertext, binding) {
        const plaintext = await opener.openBundlePart(ciphertext, binding);
        remember(plaintext);
        return plaintext;
      },
      async openSecret(ciphertext, binding) {
        const value = await opener.openSecret(ciphertext, binding);
        remember(value.expose());
        return value;
      },
    };
    known.set(opener, one);
    return one;
  };
  return {
    openerOf: async (tx, tenantId) => watch(await openers.openerOf(tx, tenantId)),
    keptOf(tenantId, keysRevision) {
      const opener = openers.keptOf(tenantId, keysRevision);
      return opener && watch(opener);
    },
  };
}

/** Names and values, or an entry without any. */
function expectZeros(count: number): void {
  expect(opened).toHaveLength(count);
  for (const plaintext of opened) expect(Buffer.from(plaintext).includes(VALUE)).toBe(false);
  opened = [];
}

async function start(): Promise<string> {
  return (await rooms.start({ config: { case: 'configId', value: configId } })).executionToken;
}

/** The config's pinned bundle opens no more, and cannot be made again. */
async function damagePinned(): Promise<void> {
  await rooms.configs.setSecretOverride(admin, { configId, name: 'B', content: sent() });
  const database = new BetterSqlite3(rooms.storePath);
  database.exec(`update ciphertexts set data = zeroblob(length(data)) where id in
      (select ciphertext_id from bundles where scope <> 'tenant')`);
  database.close();
}

describe('What was opened is zeros', () => {
  it('after a start, which opens each row', async () => {
    await start();
    expectZeros(3);
  });

  it('after a start that makes its bundle from the one before', async () => {
    await start();
    opened = [];
    await rooms.secrets.replaceSecret(admin, { name: 'A', content: sent() });
    await start();
    expect(opened.length).toBeGreaterThan(2);
    expectZeros(opened.length);
  });

  it('after a start that makes its bundle from parts, of which one does not open', async () => {
    await rooms.end(await start());
    await rooms.secrets.addSecret(admin, { name: 'C', content: sent() });
    const database = new BetterSqlite3(rooms.storePath);
    database.exec(`update bundle_parts set ciphertext_length = 1 where scope <> 'tenant'`);
    database.exec(`delete from bundles where scope <> 'tenant'`);
    database.close();
    opened = [];
    await start();
    // The tenant's part, and the rows of C and of the override.
    expectZeros(3);
  });

  it('after starts at the same time, of which one makes the bundle', async () => {
    await start();
    await rooms.secrets.replaceSecret(admin, { name: 'A', content: sent() });
    opened = [];
    await Promise.all([start(), start(), start()]);
    expect(opened.length).toBeGreaterThan(2);
    expectZeros(opened.length);
  });

  it('after a start that failed at a row that does not open', async () => {
    await start();
    await rooms.secrets.replaceSecret(admin, { name: 'A', content: sent() });
    const database = new BetterSqlite3(rooms.storePath);
    database.exec(`update secrets set signature = null where name = 'A'`);
    database.close();
    opened = [];
    await expect(start()).rejects.toMatchObject({ code: 'DATA_LOSS' });
    // The bundle before, and the config's, which is looked at.
    expectZeros(2);
  });

  it('after a resolution', async () => {
    const token = await start();
    opened = [];
    expect(await rooms.values(token)).toEqual({ A: VALUE, B: VALUE });
    expectZeros(2);
  });

  it('after a resolution without what was revoked, and after that was scrubbed', async () => {
    const token = await start();
    await rooms.secrets.addSecret(admin, { name: 'C', content: sent() });
    await rooms.secrets.deleteSecret(admin, { name: 'A', revokeRunning: true });
    opened = [];
    expect(await rooms.values(token)).toEqual({ B: VALUE });
    expectZeros(2);
    await sweep(rooms.execution);
    expect(opened.length).toBeGreaterThan(0);
    expectZeros(opened.length);
    expect(await rooms.values(token)).toEqual({ B: VALUE });
  });

  it('after a resolution that failed at its second part', async () => {
    const token = await start();
    await damagePinned();
    opened = [];
    await expect(rooms.values(token)).rejects.toMatchObject({ reason: 'PINNED_BUNDLE_LOST' });
    expect(opened.length).toBeGreaterThan(0);
    expectZeros(opened.length);
  });

  it('after one that failed so while something was revoked', async () => {
    const token = await start();
    await damagePinned();
    await rooms.secrets.deleteSecret(admin, { name: 'A', revokeRunning: true });
    opened = [];
    await expect(rooms.values(token)).rejects.toMatchObject({ reason: 'PINNED_BUNDLE_LOST' });
    expect(opened.length).toBeGreaterThan(0);
    expectZeros(opened.length);
  });
});
