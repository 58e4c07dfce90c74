/** ImportSecrets: many secrets in one write, all of them or none. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { createSealerFactory } from '../../src/crypto/seal/create-sealer';
import { parseSecretName, parseTenantId } from '../../src/domain/ids';
import { TENANT_SCOPE } from '../../src/domain/scope';
import { SecretValue } from '../../src/domain/secret-value';
import {
  ImportAction,
  ImportIfExists,
  ImportSecretsRequestSchema,
} from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { importSecretsHandlers } from '../../src/management/import-secrets';
import { member, openRooms, text, type Rooms } from '../support/rooms';

const { KEEP, REPLACE } = ImportIfExists;

let rooms: Rooms;
const admin = member();

beforeEach(async () => {
  rooms = await openRooms();
});
afterEach(() => rooms.close());

const named = (name: string, value: string) => ({
  name,
  content: { case: 'value' as const, value: text(value) },
});
const importAll = (secrets: ReturnType<typeof named>[], ifExists?: ImportIfExists) =>
  rooms.secrets.importSecrets(admin, { secrets, ...(ifExists !== undefined && { ifExists }) });
const names = async () => (await rooms.secrets.listSecretNames(admin)).secrets?.map((one) => one.name);
const values = async () => rooms.values((await rooms.start({})).executionToken);

describe('Importing many secrets', () => {
  it('adds all of them, answers in their order, and audits each by its name', async () => {
    const { secrets } = await importAll([named('B', 'bee'), named('A', 'ay')]);
    expect(secrets?.map((one) => [one.receipt?.name, one.receipt?.version, one.action])).toEqual([
      ['B', 1n, ImportAction.ADDED],
      ['A', 2n, ImportAction.ADDED],
    ]);
    expect(await values()).toEqual({ A: 'ay', B: 'bee' });
    const { events } = await rooms.audit.listAuditEvents(admin);
    const written = events?.filter((one) => one.action === 'secret.add').map((one) => one.resource);
    expect(written?.sort()).toEqual(['A', 'B']);
  });

  it('keeps or replaces names that stand as it is told', async () => {
    await importAll([named('OLD', 'old')]);
    const kept = await importAll([named('OLD', 'new'), named('NEW', 'new')], KEEP);
    expect(kept.secrets?.map((one) => one.action)).toEqual([ImportAction.KEPT, ImportAction.ADDED]);
    expect(await values()).toEqual({ OLD: 'old', NEW: 'new' });
    const replaced = await importAll([named('OLD', 'newer'), named('MORE', 'more')], REPLACE);
    expect(replaced.secrets?.map((one) => one.action)).toEqual([ImportAction.REPLACED, ImportAction.ADDED]);
    expect(await values()).toEqual({ OLD: 'newer', NEW: 'new', MORE: 'more' });
    const { events } = await rooms.audit.listAuditEvents(admin);
    expect(events?.filter((one) => one.action === 'secret.replace').map((one) => one.resource)).toEqual([
      'OLD',
    ]);
  });

  it('stores nothing of it where one name stands and nobody said what to do', async () => {
    await importAll([named('OLD', 'old')]);
    await expect(importAll([named('NEW', 'new'), named('OLD', 'new')])).rejects.toMatchObject({
      code: 'ALREADY_EXISTS',
      message: expect.stringContaining('secret OLD'),
    });
    expect(await values()).toEqual({ OLD: 'old' });
    const { events } = await rooms.audit.listAuditEvents(admin);
    expect(events?.some((one) => one.resource === 'NEW')).toBe(false);
  });

  it('stores nothing of it where the last one does not fit any more', async () => {
    const many = Array.from({ length: 999 }, (_, index) => named(`N${index}`, 'x'));
    expect((await importAll(many)).secrets).toHaveLength(999);
    await expect(importAll([named('FITS', 'x'), named('NOT', 'x')])).rejects.toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      reason: 'SCOPE_NAMES_EXHAUSTED',
    });
    expect(await names()).not.toContain('FITS');
    const big = Array.from({ length: 20 }, (_, index) => named(`N${index}`, 'x'.repeat(60_000)));
    await expect(importAll(big, REPLACE)).rejects.toMatchObject({ reason: 'SCOPE_BYTES_EXHAUSTED' });
    expect((await values())['N0']).toBe('x');
  }, 60_000);

  it('names every entry that is wrong at once, and no value', async () => {
    const secrets = [
      named('bad name', 'canary'),
      named('A', ''),
      named('TWICE', 'canary'),
      named('TWICE', 'canary'),
    ];
    const refusal = await importAll(secrets).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'INVALID_ARGUMENT',
      fields: [{ field: 'secrets[0].name' }, { field: 'secrets[1].value' }, { field: 'secrets[3].name' }],
    });
    expect(JSON.stringify(refusal) + String(refusal)).not.toContain('canary');
  });

  it.each([
    ['no entry', []],
    ['more than 1,000 entries', Array.from({ length: 1_001 }, (_, index) => named(`N${index}`, 'x'))],
  ])('refuses %s', async (_what, secrets) => {
    await expect(importAll(secrets)).rejects.toMatchObject({ fields: [{ field: 'secrets' }] });
  });

  it('refuses what it does not know in if_exists, and a checksum that does not match', async () => {
    await expect(importAll([named('A', 'x')], 9 as ImportIfExists)).rejects.toMatchObject({
      fields: [{ field: 'if_exists' }],
    });
    const secrets = [{ ...named('A', 'x'), valueCrc32c: 1 }];
    await expect(rooms.secrets.importSecrets(admin, { secrets })).rejects.toMatchObject({
      code: 'DATA_LOSS',
    });
    expect(await names()).toEqual([]);
  });

  it('takes values that their client sealed, each for its own name', async () => {
    const {
      tenantId,
      verifyingKeyset = new Uint8Array(),
      ...keys
    } = await rooms.secrets.getPublicKeyset(admin);
    const tenant = parseTenantId(tenantId ?? '');
    const sealer = await createSealerFactory(verifyingKeyset).forTenant({
      tenantId: tenant,
      ...keys,
    } as never);
    const seal = async (name: string) => ({
      format: 2,
      ...(await sealer.seal(SecretValue.parse(text(`of ${name}`)), {
        ...{ tenantId: tenant, scope: TENANT_SCOPE, name: parseSecretName(name) },
      })),
    });
    const secrets = await Promise.all(
      ['A', 'B'].map(async (name) => ({
        name,
        content: { case: 'sealedValue' as const, value: await seal(name) },
      })),
    );
    await rooms.secrets.importSecrets(admin, { secrets });
    expect(await values()).toEqual({ A: 'of A', B: 'of B' });
  });

  it('lets others of the tenant write while its values are sealed', async () => {
    const importing = importAll(Array.from({ length: 300 }, (_, index) => named(`N_${index}`, 'x')));
    const { receipt } = await rooms.secrets.addSecret(admin, named('MEANWHILE', 'x'));
    const { secrets } = await importing;
    expect(receipt?.version).toBe(1n);
    expect(secrets?.[0]?.receipt?.version).toBe(2n);
  });

  it('lets everybody else go on while a thousand values are stored, which is one write', async () => {
    const { management } = rooms;
    let turn = 0;
    let next = setImmediate(function count() {
      turn++;
      next = setImmediate(count);
    });
    let turnsOfWrite = 0;
    const store: typeof management.store = {
      ...management.store,
      write: (body, options) =>
        management.store.write(async (tx) => {
          const begun = turn;
          const result = await body(tx);
          turnsOfWrite = turn - begun;
          return result;
        }, options),
    };
    const secrets = Array.from({ length: 1_000 }, (_, index) => named(`N${index}`, 'x'));
    const handlers = importSecretsHandlers({ ...management, store });
    await handlers.importSecrets(admin, create(ImportSecretsRequestSchema, { secrets }));
    clearImmediate(next);
    // In one go it was none at all; a thousand rows and as many events take tens of milliseconds on any machine.
    expect(turnsOfWrite).toBeGreaterThan(2);
  });

  it('seals again where the tenant’s keyset was replaced before they were stored', async () => {
    const { management, execution } = rooms;
    const tenantId = parseTenantId('acme');
    let writes = 0;
    const store: typeof management.store = {
      ...management.store,
      async write(body, options) {
        if (++writes === 1) {
          const serviceKeys = await execution.store.read((tx) => tx.getServiceKeys());
          const wrapped = serviceKeys?.wrappedSigningKeyset ?? new Uint8Array();
          const keys = await execution.keyring.createTenantKeys(tenantId, wrapped);
          await execution.store.write((tx) =>
            tx.insertTenantKeys({ tenantId, ...keys, keysRevision: 2, createTime: rooms.time.now }),
          );
        }
        return management.store.write(body, options);
      },
    };
    const handlers = importSecretsHandlers({ ...management, store });
    await handlers.importSecrets(admin, create(ImportSecretsRequestSchema, { secrets: [named('A', 'ay')] }));
    expect(writes).toBe(2);
    expect(await values()).toEqual({ A: 'ay' });
  });

  it('seals what is missing in the end, though it existed when names to keep were looked up', async () => {
    await importAll([named('OLD', 'old')]);
    const { management } = rooms;
    let writes = 0;
    const store: typeof management.store = {
      ...management.store,
      async write(body, options) {
        if (++writes === 1) await rooms.secrets.deleteSecret(admin, { name: 'OLD' });
        return management.store.write(body, options);
      },
    };
    const handlers = importSecretsHandlers({ ...management, store });
    await handlers.importSecrets(
      admin,
      create(ImportSecretsRequestSchema, {
        secrets: [named('OLD', 'new'), named('NEW', 'new')],
        ifExists: KEEP,
      }),
    );
    expect(writes).toBe(2);
    expect(await values()).toEqual({ OLD: 'new', NEW: 'new' });
  });
});
