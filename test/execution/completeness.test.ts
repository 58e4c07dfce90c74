/** "Not found" is only ever said on positive knowledge: a store that lost or hides a secret starts no execution. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import { member, openRooms, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();

beforeEach(async () => {
  rooms = await openRooms();
  await rooms.secrets.addSecret(admin, { name: 'A', content: { case: 'value', value: text('one') } });
  await rooms.secrets.addSecret(admin, { name: 'B', content: { case: 'value', value: text('two') } });
});

afterEach(() => rooms.close());

/** As somebody does who has the file and not the service. */
function change(sql: string): void {
  const database = new BetterSqlite3(rooms.storePath);
  database.exec(sql);
  database.close();
}

const INCOMPLETE = { code: 'DATA_LOSS', reason: 'SCOPE_NOT_AS_WRITTEN' };

describe('An execution does not start', () => {
  it.each([
    [
      'where the ciphertext of a secret is gone',
      "delete from ciphertexts where id = (select ciphertext_id from secrets where name = 'A')",
    ],
    ['where the row of a secret is gone', "delete from secrets where name = 'A'"],
    ["where a scope's revision was set back to nothing", 'update scopes set revision = 0'],
    ["where a scope's own row is gone", 'delete from scopes'],
  ])('%s', async (_how, sql) => {
    change(sql);
    await expect(rooms.start({})).rejects.toMatchObject(INCOMPLETE);
  });

  it('where an override is gone', async () => {
    const { flowConfig } = await rooms.configs.createFlowConfig(admin, { flowId: 'flow' });
    await rooms.configs.setSecretOverride(admin, {
      configId: flowConfig?.configId ?? '',
      name: 'A',
      content: { case: 'value', value: text('other') },
    });
    change("delete from secrets where scope <> 'tenant'");
    await expect(rooms.start({ flowId: 'flow' })).rejects.toMatchObject(INCOMPLETE);
  });
});

describe('An execution that is like the one before does not start', () => {
  const start = () => rooms.start({ flowId: 'flow', config: { case: 'profileName', value: 'default' } });

  beforeEach(async () => {
    const { flowConfig } = await rooms.configs.createFlowConfig(admin, { flowId: 'flow' });
    await rooms.configs.setSecretOverride(admin, {
      configId: flowConfig?.configId ?? '',
      name: 'A',
      content: { case: 'value', value: text('other') },
    });
    for (let round = 0; round < 3; round++) expect((await start()).executionToken).toMatch(/^axt_/);
  });

  it.each([
    ['once a row of its secrets is gone', "delete from secrets where name = 'B'"],
    ['once an override is gone', "delete from secrets where scope <> 'tenant'"],
    ['once its config is gone', 'delete from flow_configs'],
    ['once its config says something else', 'update flow_configs set node_timeout_seconds = 1'],
    ['once its config is of another flow', "update flow_configs set flow_id = 'other'"],
    [
      'once its tenant has a default that nobody set',
      "insert into tenant_defaults select tenant_id, 1, 1 from tenants where tenant_id = 'acme'",
    ],
    [
      "once a scope's digest differs in a byte",
      "update scopes set digest = cast(x'00' || substr(digest, 2) as blob)",
    ],
    ["once a scope's signature is gone", "update scopes set signature = null where scope <> 'tenant'"],
    ["once a scope's revision was set back", "update scopes set revision = 1 where scope = 'tenant'"],
  ])('%s', async (_how, sql) => {
    change(sql);
    await expect(start()).rejects.toMatchObject({ code: 'DATA_LOSS' });
  });
});

describe('A write that would lie nowhere', () => {
  it('is not acknowledged, and what took a value away goes through', async () => {
    await rooms.secrets.deleteSecret(admin, { name: 'A' });
    change('delete from ciphertexts');
    const lost = { code: 'DATA_LOSS', reason: 'STORE_DAMAGED' };
    await expect(
      rooms.secrets.addSecret(admin, { name: 'C', content: { case: 'value', value: text('three') } }),
    ).rejects.toMatchObject(lost);
    await rooms.secrets.deleteSecret(admin, { name: 'B' });
    expect((await rooms.secrets.listSecretNames(admin, {})).secrets).toEqual([]);
  });
});

describe('An execution starts', () => {
  it('for a tenant without secrets, and for one that has deleted all of them', async () => {
    await rooms.addTenant('fresh');
    expect((await rooms.start({ tenantId: 'fresh' })).executionToken).toMatch(/^axt_/);
    for (const name of ['A', 'B']) await rooms.secrets.deleteSecret(admin, { name });
    const { executionToken } = await rooms.start({});
    expect((await rooms.resolve(executionToken)).secrets).toEqual({});
  });
});
