/** Verifying a tenant: what was written is found to open, and whatever was changed beneath the service is found. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import BetterSqlite3 from 'better-sqlite3';
import type { AuditEntry } from '../../src/domain/audit-entry';
import { parseConfigId, parseTenantId, type SecretName } from '../../src/domain/ids';
import { configScope, TENANT_SCOPE } from '../../src/domain/scope';
import { verifyTenant } from '../../src/execution/verify';
import { FaultKind } from '../../src/gen/axiom/maintenance/v1/maintenance_pb';
import { member, openRooms, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
let configId: string;
const admin = member();
const acme = parseTenantId('acme');
const A = 'A' as SecretName;

beforeEach(async () => {
  rooms = await openRooms();
  await rooms.secrets.addSecret(admin, { name: 'A', content: { case: 'value', value: text('one') } });
  await rooms.secrets.addSecret(admin, { name: 'B', content: { case: 'value', value: text('two') } });
  const { flowConfig } = await rooms.configs.createFlowConfig(admin, { flowId: 'flow' });
  configId = flowConfig?.configId ?? '';
  await rooms.configs.setSecretOverride(admin, {
    configId,
    name: 'A',
    content: { case: 'value', value: text('other') },
  });
  await rooms.start({});
});

afterEach(() => rooms.close());

const verify = (tenant = acme) => verifyTenant(rooms.execution, tenant);
const found = async () => (await verify()).faults.map(({ kind, scope, name }) => [kind, scope, name]);

/** As somebody does who has the file and not the service. */
function change(sql: string): void {
  const database = new BetterSqlite3(rooms.storePath);
  database.exec(sql);
  database.close();
}

describe('Verifying a tenant', () => {
  it('opens everything and counts it', async () => {
    const audit = await rooms.audit.listAuditEvents(admin, { pageSize: 1_000 });
    expect(await verify()).toEqual({
      secretCount: 2n,
      overrideCount: 1n,
      bundleCount: 2n,
      auditEventCount: BigInt(audit.events?.length ?? 0),
      faults: [],
    });
  });

  it('opens the overrides of every config and follows an audit log of many pages', async () => {
    for (let index = 0; index < 1_100; index++) {
      await rooms.store.write((tx) =>
        tx.insertFlowConfig(acme, {
          configId: parseConfigId(`config-${index}`),
          ...{ flowId: 'many' as never, profileName: `p${index}` as never, nodeTimeoutSeconds: undefined },
          ...{ createTime: 1, updateTime: 1, revision: 1 },
        }),
      );
    }
    const last = 'config-1099';
    await rooms.configs.setSecretOverride(admin, {
      configId: last,
      name: 'LAST',
      content: { case: 'value', value: text('x') },
    });
    for (let index = 0; index < 1_100; index++)
      await rooms.store.write((tx) => tx.appendAudit(acme, AN_EVENT));
    const { overrideCount, auditEventCount, faults } = await verify();
    expect(overrideCount).toBe(2n);
    expect(auditEventCount).toBeGreaterThan(1_100n);
    expect(faults).toEqual([]);
  });

  it('does not know a tenant that is not there', async () => {
    await expect(verify(parseTenantId('nobody'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('It finds', () => {
  it('a secret whose ciphertext is another’s', async () => {
    await rooms.store.write(async (tx) => {
      const rows = await tx.listSealedSecrets(acme, TENANT_SCOPE);
      const [a, b] = rows;
      if (a === undefined || b === undefined) throw new Error('two secrets were added');
      await tx.putSecret(acme, TENANT_SCOPE, { ...a, version: 9, ciphertext: b.ciphertext });
    });
    expect(await found()).toEqual([[FaultKind.SECRET_DOES_NOT_OPEN, 'tenant', 'A']]);
  });

  it('an override that was put in the tenant’s place, and the other way round', async () => {
    const scope = configScope(parseConfigId(configId));
    await rooms.store.write(async (tx) => {
      const [own] = await tx.listSealedSecrets(acme, TENANT_SCOPE);
      const [override] = await tx.listSealedSecrets(acme, scope);
      if (own === undefined || override === undefined) throw new Error('both were saved');
      await tx.putSecret(acme, TENANT_SCOPE, { ...own, version: 9, ciphertext: override.ciphertext });
      await tx.putSecret(acme, scope, { ...override, version: 9, ciphertext: own.ciphertext });
    });
    expect(await found()).toEqual([
      [FaultKind.SECRET_DOES_NOT_OPEN, 'tenant', 'A'],
      [FaultKind.SECRET_DOES_NOT_OPEN, `config:${configId}`, 'A'],
    ]);
  });

  it('a bundle that was changed, which is made again all the same', async () => {
    const { revision } = (await rooms.store.read((tx) => tx.getBundle(acme, TENANT_SCOPE))) ?? {
      revision: 0,
    };
    const ciphertext = new Uint8Array(64);
    await rooms.store.write((tx) => tx.putBundle(acme, TENANT_SCOPE, { revision, ciphertext }));
    expect(await found()).toEqual([[FaultKind.BUNDLE_DOES_NOT_OPEN, 'tenant', '']]);
  });

  it('a part of a bundle that was changed, which is made again all the same', async () => {
    change("update bundle_parts set part = part + 1 where scope = 'tenant'");
    expect(await found()).toEqual([[FaultKind.BUNDLE_DOES_NOT_OPEN, 'tenant', '']]);
  });

  it('keysets that were changed, though the service still holds them open', async () => {
    change("update tenant_keys set wrapped_private_keyset = wrapped_bundle_keyset where tenant_id = 'acme'");
    expect(await found()).toEqual([
      [FaultKind.KEYSETS_DO_NOT_OPEN, '', ''],
      [FaultKind.ROW_NOT_AS_WRITTEN, '', 'tenant_keys'],
    ]);
  });

  it('keysets that are gone', async () => {
    change("delete from tenant_keys where tenant_id = 'acme'");
    expect(await found()).toEqual([[FaultKind.KEYSETS_DO_NOT_OPEN, '', '']]);
    await expect(rooms.start({})).rejects.toMatchObject({ reason: 'TENANT_KEYSETS_MISSING' });
  });

  it.each([
    ['row', "delete from secrets where name = 'B'"],
    ['ciphertext', "delete from ciphertexts where id = (select ciphertext_id from secrets where name = 'B')"],
  ])('a secret whose %s is gone', async (_what, sql) => {
    change(sql);
    expect(await found()).toEqual([[FaultKind.SECRETS_INCOMPLETE, 'tenant', '']]);
  });

  it.each([
    ['changed', "update audit_events set allowed = 0 where tenant_id = 'acme' and sequence = 2"],
    ['taken out', "delete from audit_events where tenant_id = 'acme' and sequence = 2"],
    ['taken from the beginning', "delete from audit_events where tenant_id = 'acme' and sequence = 1"],
  ])('an audit event that was %s', async (_what, sql) => {
    const database = new BetterSqlite3(rooms.storePath);
    const triggers = database.prepare("select name from sqlite_master where type = 'trigger'").all() as {
      name: string;
    }[];
    for (const { name } of triggers) database.exec(`drop trigger ${name}`);
    database.exec(sql);
    database.close();
    expect(await found()).toEqual([[FaultKind.AUDIT_CHAIN_BROKEN, '', '']]);
  });

  it('nothing that an attacker could read: values are zeroed', async () => {
    const opened: Uint8Array[] = [];
    const { keyring } = rooms.execution;
    const openTenant: typeof keyring.openTenant = async (...args) => {
      const opener = await keyring.openTenant(...args);
      return {
        ...opener,
        openSecret: async (...sealed) => {
          const value = await opener.openSecret(...sealed);
          opened.push(value.expose());
          return value;
        },
        openBundle: async (...sealed) => {
          const plaintext = await opener.openBundle(...sealed);
          opened.push(plaintext);
          return plaintext;
        },
      };
    };
    await verifyTenant({ ...rooms.execution, keyring: { ...keyring, openTenant } }, acme);
    expect(opened).toHaveLength(5);
    for (const bytes of opened) expect(bytes.every((byte) => byte === 0)).toBe(true);
    expect((await rooms.store.read((tx) => tx.getSecret(acme, TENANT_SCOPE, A)))?.name).toBe('A');
  });
});

const AN_EVENT: AuditEntry = {
  ...{
    time: 1,
    principal: 'test',
    action: 'secret.read',
    allowed: true,
    door: 'management',
    resource: '',
    version: 0,
  },
  ...{ scope: '', executionId: '', node: '', count: 0, status: '', source: '' },
} as const;
