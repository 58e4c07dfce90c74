/**
 * Rows and the signed head over them, set back together to what the service once wrote: rights that have ended since give
 * nothing, and `verify` finds the rest by the audit log. Of a whole database that is an older one, only a checkpoint that
 * is kept elsewhere tells.
 */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import BetterSqlite3 from 'better-sqlite3';
import { operatorPackagesHandlers } from '../../src/execution/packages';
import { FaultKind } from '../../src/gen/axiom/maintenance/v1/maintenance_pb';
import { MoveHandleRequestSchema } from '../../src/gen/axiom/packages/v1/packages_pb';
import { Role } from '../../src/gen/axiom/access/v1/access_pb';
import { createApiKeyAuthenticator } from '../../src/server/bearer';
import { member, openRooms, OPERATOR, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();

beforeEach(async () => {
  rooms = await openRooms();
});
afterEach(() => rooms.close());

/** Everything that belongs to what is set back, by table. */
type Part = Readonly<Record<string, string>>;
const ofScope = (scope: string): Part => ({
  secrets: `scope = '${scope}'`,
  scopes: `scope = '${scope}'`,
  bundles: `scope = '${scope}'`,
  ciphertexts: 'true',
  free_ciphertexts: 'true',
});
const CONFIGS: Part = { flow_configs: 'true', tenant_defaults: 'true', scopes: "scope = 'configs'" };
const KEYS: Part = { api_keys: 'true', scopes: "scope = 'access'" };
const LOG: Part = { audit_events: 'true', audit_checkpoints: 'true', audit_moved: 'true' };

/** Whoever writes the file is not held by its triggers. */
function withDatabase(run: (database: BetterSqlite3.Database) => void): void {
  const database = new BetterSqlite3(rooms.storePath);
  database.pragma('foreign_keys = off');
  const triggers = database.prepare("select name from sqlite_master where type = 'trigger'").pluck().all();
  for (const name of triggers) database.exec(`drop trigger ${String(name)}`);
  run(database);
  database.close();
}

/** Keeps the rows as they are now. @returns what sets them back. */
function keep(...parts: Part[]): () => void {
  const wanted = new Map<string, string>();
  for (const [table, rows] of parts.flatMap((part) => Object.entries(part)))
    wanted.set(table, [wanted.get(table), rows].filter((one) => one !== undefined).join(' or '));
  withDatabase((database) => {
    for (const [table, rows] of wanted)
      database.exec(`create table kept_${table} as select * from ${table} where ${rows}`);
  });
  return () =>
    withDatabase((database) => {
      for (const [table, rows] of wanted)
        database.exec(
          `delete from ${table} where ${rows}; insert into ${table} select * from kept_${table}; drop table kept_${table}`,
        );
    });
}

const TIMEOUT = { nodeTimeout: { seconds: 9n } };
const content = (value: string) => ({ case: 'value' as const, value: text(value) });
const add = (name: string, value: string) =>
  rooms.secrets.addSecret(admin, { name, content: content(value) });
const newConfig = async (flowId: string) =>
  (await rooms.configs.createFlowConfig(admin, { flowId, profileName: 'default' })).flowConfig?.configId ??
  '';
const served = async () => rooms.values((await rooms.start({})).executionToken);
const checkpoint = async () =>
  (await rooms.auditLogs.getAuditLogCheckpoint(OPERATOR, { tenantId: 'acme' })).note ?? '';

async function faults(note?: string): Promise<readonly string[]> {
  const answer =
    note === undefined
      ? await rooms.maintenance.verifyTenant(OPERATOR, { tenantId: 'acme' })
      : await rooms.maintenance.verifyCheckpoint(OPERATOR, { note });
  return (answer.faults ?? []).map(({ kind = 0, scope = '' }) => [FaultKind[kind], scope].join(' ').trim());
}

describe('A scope that is set back together with its head is served, and verify finds it,', () => {
  it('where a value was replaced since', async () => {
    await add('A', 'leaked');
    const setBack = keep(ofScope('tenant'));
    await rooms.secrets.replaceSecret(admin, { name: 'A', content: content('anew') });
    expect(await faults()).toEqual([]);
    setBack();
    expect(await served()).toEqual({ A: 'leaked' });
    expect(await faults()).toEqual(['SCOPE_NOT_AS_WRITTEN tenant']);
  });

  it('where a name was deleted since', async () => {
    await add('A', 'a');
    await add('B', 'b');
    const setBack = keep(ofScope('tenant'));
    await rooms.secrets.deleteSecret(admin, { name: 'A' });
    expect(await faults()).toEqual([]);
    setBack();
    expect(await served()).toEqual({ A: 'a', B: 'b' });
    expect(await faults()).toEqual(['SCOPE_NOT_AS_WRITTEN tenant']);
    // Also once it was written to again, over revisions that were another's.
    await add('C', 'c');
    await add('D', 'd');
    expect(await faults()).toEqual(['SCOPE_NOT_AS_WRITTEN tenant']);
  });

  it('where an override was taken off since', async () => {
    await add('A', 'of the tenant');
    const configId = await newConfig('flow');
    await rooms.configs.setSecretOverride(admin, { configId, name: 'A', content: content('overridden') });
    const setBack = keep(ofScope(`config:${configId}`));
    await rooms.configs.deleteSecretOverride(admin, { configId, name: 'A' });
    expect(await faults()).toEqual([]);
    setBack();
    expect(await served()).toEqual({ A: 'overridden' });
    expect(await faults()).toEqual([`SCOPE_NOT_AS_WRITTEN config:${configId}`]);
  });
});

describe('Flow configs that are set back together with their list are found by verify,', () => {
  it('where one was deleted since', async () => {
    await newConfig('other');
    const configId = await newConfig('flow');
    const setBack = keep(CONFIGS);
    await rooms.configs.deleteFlowConfig(admin, { configId });
    expect(await faults()).toEqual([]);
    setBack();
    expect(await faults()).toEqual(['FLOW_CONFIGS_NOT_AS_WRITTEN']);
  });

  it('where one was made since, whose overrides nobody gets any more', async () => {
    await add('A', 'of the tenant');
    const setBack = keep(CONFIGS);
    const configId = await newConfig('flow');
    await rooms.configs.setSecretOverride(admin, { configId, name: 'A', content: content('overridden') });
    expect(await faults()).toEqual([]);
    setBack();
    expect(await served()).toEqual({ A: 'of the tenant' });
    expect(await faults()).toEqual(['FLOW_CONFIGS_NOT_AS_WRITTEN']);
  });

  it.each([
    ['a config’s', (configId: string) => rooms.configs.updateFlowConfig(admin, { configId, ...TIMEOUT })],
    ['the tenant’s', () => rooms.configs.updateTenantDefault(admin, TIMEOUT)],
  ])('where %s timeout is another since', async (_, change) => {
    const configId = await newConfig('flow');
    const setBack = keep(CONFIGS);
    await change(configId);
    expect(await faults()).toEqual([]);
    setBack();
    expect(await faults()).toEqual(['FLOW_CONFIGS_NOT_AS_WRITTEN']);
  });
});

describe('API keys that are set back together with their list', () => {
  const whoIs = (rawKey = '') =>
    createApiKeyAuthenticator(rooms.management.store, () => rooms.time.now).authenticateKey(rawKey);
  const newKey = () => rooms.access.createApiKey(admin, { displayName: 'a key', role: Role.EDITOR });

  it('give nothing to one that was revoked since, which verify finds', async () => {
    const { rawKey, apiKey } = await newKey();
    const { rawKey: other } = await newKey();
    const setBack = keep(KEYS);
    await rooms.access.revokeApiKey(admin, { keyId: apiKey?.keyId ?? '' });
    expect(await faults()).toEqual([]);
    setBack();
    await expect(whoIs(rawKey)).rejects.toMatchObject({ code: 'DATA_LOSS', reason: 'ROW_NOT_AS_WRITTEN' });
    expect(await whoIs(other)).toMatchObject({ role: 'editor' });
    expect(await faults()).toEqual(['API_KEYS_NOT_AS_WRITTEN']);
  });

  it('are found by verify where one was made since', async () => {
    const setBack = keep(KEYS);
    const { rawKey } = await newKey();
    expect(await faults()).toEqual([]);
    setBack();
    await expect(whoIs(rawKey)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await faults()).toEqual(['API_KEYS_NOT_AS_WRITTEN']);
  });
});

describe('A revocation that is taken out together with what its bundle knows of it', () => {
  it('gives its value to executions that run, as docs/security.md says, and to no other', async () => {
    await add('A', 'leaked');
    const { executionToken } = await rooms.start({});
    expect(await rooms.values(executionToken)).toEqual({ A: 'leaked' });
    const setBack = keep({
      revocations: 'true',
      bundles: 'true',
      ciphertexts: 'true',
      free_ciphertexts: 'true',
    });
    await rooms.secrets.deleteSecret(admin, { name: 'A', revokeRunning: true });
    expect(await rooms.values(executionToken)).toEqual({});
    setBack();
    expect(await rooms.values(executionToken)).toEqual({ A: 'leaked' });
    expect(await served()).toEqual({});
    await rooms.end(executionToken);
    await expect(rooms.values(executionToken)).rejects.toMatchObject({ reason: 'TOKEN_NOT_IN_FORCE' });
  });
});

describe('A handle that was moved', () => {
  it('is its former tenant’s again where it is set back with its packages, which docs/security.md says', async () => {
    await rooms.addTenant('globex');
    const publish = (version: string) =>
      rooms.packages.publishPackage(member('globex'), {
        manifest: text(
          `name: moved/greeter\nversion: ${version}\nlanguage: go\nnodes:\n  - name: Greet\n    input: In\n    output: Out\n`,
        ),
      });
    await publish('0.1.0');
    const setBack = keep({ handles: 'true', packages: 'true' });
    await operatorPackagesHandlers(rooms.execution).moveHandle(
      OPERATOR,
      create(MoveHandleRequestSchema, { handle: 'moved', tenantId: 'acme' }),
    );
    await expect(publish('0.2.0')).rejects.toMatchObject({ reason: 'HANDLE_TAKEN' });
    setBack();
    await publish('0.2.0');
    const { events } = await rooms.audit.listAuditEvents(admin, { action: 'handle.move' });
    expect(events?.map(({ resource }) => resource)).toEqual(['moved']);
  });
});

describe('A whole database that is an older one', () => {
  it('is served, is found whole by itself, and is found by a checkpoint that was kept elsewhere', async () => {
    await add('A', 'leaked');
    await checkpoint();
    const setBack = keep(ofScope('tenant'), CONFIGS, KEYS, LOG);
    await rooms.secrets.replaceSecret(admin, { name: 'A', content: content('anew') });
    const note = await checkpoint();
    expect(await faults(note)).toEqual([]);
    setBack();
    expect(await served()).toEqual({ A: 'leaked' });
    expect(await faults()).toEqual([]);
    expect(await faults(note)).toEqual(['AUDIT_LOG_REWRITTEN']);
  });
});
