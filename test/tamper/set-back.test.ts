/**
 * Rows and the signed head over them, set back together to what the service once wrote: values, revocations and rights
 * that have ended since are refused by what the audit log says, and `verify` finds the rest by it. Of a whole database that
 * is an older one, only a checkpoint that is kept elsewhere tells.
 */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import BetterSqlite3 from 'better-sqlite3';
import { parseTenantId } from '../../src/domain/ids';
import { operatorPackagesHandlers } from '../../src/execution/packages';
import { SignedEnds } from '../../src/execution/signed-ends';
import { verifyTenant } from '../../src/execution/verify';
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

const IS_SET_BACK = { code: 'DATA_LOSS', reason: 'SCOPE_NOT_AS_WRITTEN' };

/** With the name that a fault is of. */
async function faultsOf(tenantId: string): Promise<readonly string[]> {
  const answer = await rooms.maintenance.verifyTenant(OPERATOR, { tenantId });
  return (answer.faults ?? []).map(({ kind = 0, name = '' }) => `${FaultKind[kind]} ${name}`);
}

describe('A scope that is set back together with its head is not served, nor written to, and verify finds it,', () => {
  it('where a value was replaced since', async () => {
    await add('A', 'leaked');
    const setBack = keep(ofScope('tenant'));
    await rooms.secrets.replaceSecret(admin, { name: 'A', content: content('anew') });
    expect(await faults()).toEqual([]);
    setBack();
    await expect(served()).rejects.toMatchObject(IS_SET_BACK);
    await expect(rooms.secrets.listSecretNames(admin, {})).rejects.toMatchObject(IS_SET_BACK);
    // Revisions that were another's would hide it.
    await expect(add('B', 'b')).rejects.toMatchObject(IS_SET_BACK);
    expect(await faults()).toContain('SCOPE_NOT_AS_WRITTEN tenant');
  });

  it('where a name was deleted since', async () => {
    await add('A', 'a');
    await add('B', 'b');
    const setBack = keep(ofScope('tenant'));
    await rooms.secrets.deleteSecret(admin, { name: 'A' });
    expect(await faults()).toEqual([]);
    setBack();
    await expect(served()).rejects.toMatchObject(IS_SET_BACK);
    expect(await faults()).toContain('SCOPE_NOT_AS_WRITTEN tenant');
  });

  it('where an override was taken off since, and only executions with that config', async () => {
    await add('A', 'of the tenant');
    const configId = await newConfig('flow');
    await rooms.configs.setSecretOverride(admin, { configId, name: 'A', content: content('overridden') });
    const setBack = keep(ofScope(`config:${configId}`));
    await rooms.configs.deleteSecretOverride(admin, { configId, name: 'A' });
    expect(await faults()).toEqual([]);
    setBack();
    await expect(served()).rejects.toMatchObject(IS_SET_BACK);
    const { executionToken } = await rooms.start({ flowId: 'another' });
    expect(await rooms.values(executionToken)).toEqual({ A: 'of the tenant' });
    expect(await faults()).toContain(`SCOPE_NOT_AS_WRITTEN config:${configId}`);
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
    // What is known of it by now is its row and its list as they will be again.
    expect(await whoIs(rawKey)).toMatchObject({ role: 'editor' });
    const setBack = keep(KEYS);
    await rooms.access.revokeApiKey(admin, { keyId: apiKey?.keyId ?? '' });
    expect(await faults()).toEqual([]);
    setBack();
    await expect(whoIs(rawKey)).rejects.toMatchObject({ code: 'DATA_LOSS', reason: 'ROW_NOT_AS_WRITTEN' });
    expect(await whoIs(other)).toMatchObject({ role: 'editor' });
    expect(await faults()).toEqual(['API_KEYS_NOT_AS_WRITTEN']);
  });

  it.each([
    ['its role', "update api_keys set role = 'admin' where display_name = 'a key'"],
    ['its end', 'update api_keys set expire_time = null'],
    ['its list’s digest', "update scopes set digest = zeroblob(32) where scope = 'access'"],
    ['its list’s signature', "update scopes set signature = zeroblob(77) where scope = 'access'"],
    ['the list itself', "delete from scopes where scope = 'access'"],
  ])('give nothing to one that was believed a moment ago, where somebody changed %s', async (_, change) => {
    const { rawKey } = await newKey();
    expect(await whoIs(rawKey)).toMatchObject({ role: 'editor' });
    expect(await whoIs(rawKey)).toMatchObject({ role: 'editor' });
    withDatabase((database) => void database.exec(change));
    await expect(whoIs(rawKey)).rejects.toMatchObject({ code: 'DATA_LOSS' });
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
  const BUNDLES: Part = { bundles: 'true', ciphertexts: 'true', free_ciphertexts: 'true' };

  it.each<[string, Part]>([
    ['', {}],
    [', and an older one of another name is put in its place', { names: 'true' }],
  ])('gives its value to no execution%s, and verify finds it', async (_, { names }) => {
    await add('A', 'leaked');
    await add('B', 'also leaked');
    const { executionToken } = await rooms.start({});
    expect(await rooms.values(executionToken)).toEqual({ A: 'leaked', B: 'also leaked' });
    if (names !== undefined) await rooms.secrets.deleteSecret(admin, { name: 'B', revokeRunning: true });
    const setBack = keep({ revocations: 'true', ...BUNDLES });
    await rooms.secrets.deleteSecret(admin, { name: 'A', revokeRunning: true });
    expect(Object.keys(await rooms.values(executionToken))).toEqual(names === undefined ? ['B'] : []);
    expect(await faults()).toEqual([]);
    setBack();
    const isRefused = { code: 'DATA_LOSS', reason: 'ROW_NOT_AS_WRITTEN' };
    await expect(rooms.values(executionToken)).rejects.toMatchObject(isRefused);
    expect(await faultsOf('acme')).toEqual(['ROW_NOT_AS_WRITTEN revocations']);
    // Executions that start now never had it.
    expect(Object.keys(await served())).toEqual(names === undefined ? ['B'] : []);
  });

  it('is looked for among an override’s too', async () => {
    const configId = await newConfig('flow');
    await rooms.configs.setSecretOverride(admin, { configId, name: 'A', content: content('leaked') });
    const { executionToken } = await rooms.start({ flowId: 'flow' });
    const setBack = keep({ revocations: 'true', ...BUNDLES });
    await rooms.configs.deleteSecretOverride(admin, { configId, name: 'A', revokeRunning: true });
    expect(await rooms.values(executionToken)).toEqual({});
    setBack();
    await expect(rooms.values(executionToken)).rejects.toMatchObject({ reason: 'ROW_NOT_AS_WRITTEN' });
    expect(await faults()).toEqual(['ROW_NOT_AS_WRITTEN']);
  });
});

describe('A handle that was moved', () => {
  const publish = (tenant: string, version: string) =>
    rooms.packages.publishPackage(member(tenant), {
      manifest: text(
        `name: moved/greeter\nversion: ${version}\nlanguage: go\nnodes:\n  - name: Greet\n    input: In\n    output: Out\n`,
      ),
    });
  const move = (tenantId: string) =>
    operatorPackagesHandlers(rooms.execution).moveHandle(
      OPERATOR,
      create(MoveHandleRequestSchema, { handle: 'moved', tenantId }),
    );
  const PACKAGES: Part = { handles: 'true', packages: 'true' };

  beforeEach(() => rooms.addTenant('globex'));

  it('is not its former tenant’s again where it is set back with its packages, and verify finds it at both', async () => {
    await publish('globex', '0.1.0');
    const setBack = keep(PACKAGES);
    await move('acme');
    await expect(publish('globex', '0.2.0')).rejects.toMatchObject({ reason: 'HANDLE_TAKEN' });
    await publish('acme', '0.3.0');
    for (const tenantId of ['acme', 'globex']) expect(await faultsOf(tenantId)).toEqual([]);
    setBack();
    await expect(publish('globex', '0.2.0')).rejects.toMatchObject({ reason: 'ROW_NOT_AS_WRITTEN' });
    for (const tenantId of ['acme', 'globex'])
      expect(await faultsOf(tenantId)).toEqual(['ROW_NOT_AS_WRITTEN handles']);
  });

  it('and came back is its former tenant’s', async () => {
    await publish('globex', '0.1.0');
    await move('acme');
    await move('globex');
    await publish('globex', '0.2.0');
    for (const tenantId of ['acme', 'globex']) expect(await faultsOf(tenantId)).toEqual([]);
  });

  it('or that something was published under is missed by verify where it is gone with all its packages', async () => {
    const setBack = keep(PACKAGES);
    await publish('globex', '0.1.0');
    setBack();
    expect(await faultsOf('globex')).toEqual(['ROW_NOT_AS_WRITTEN handles']);
  });
});

describe('A whole database that is an older one', () => {
  it('is served, and is found by a checkpoint that was kept elsewhere, which the process that signed it does', async () => {
    await add('A', 'leaked');
    await checkpoint();
    const setBack = keep(ofScope('tenant'), CONFIGS, KEYS, LOG);
    await rooms.secrets.replaceSecret(admin, { name: 'A', content: content('anew') });
    const note = await checkpoint();
    expect(await faults(note)).toEqual([]);
    setBack();
    expect(await served()).toEqual({ A: 'leaked' });
    expect(await faults(note)).toEqual(['AUDIT_LOG_REWRITTEN']);
    expect(await faults()).toEqual(['AUDIT_LOG_REWRITTEN']);
    await expect(checkpoint()).rejects.toMatchObject({ reason: 'AUDIT_LOG_NOT_AS_SIGNED' });
    // A process that was started since has signed nothing yet.
    const restarted = { ...rooms.execution, signedEnds: new SignedEnds(() => {}) };
    expect((await verifyTenant(restarted, parseTenantId('acme'))).faults).toEqual([]);
  });
});
