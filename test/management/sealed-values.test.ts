/** Values that their clients sealed: what the management server takes, and what it refuses without opening anything. */

import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { encodeSecretBinding } from '../../src/crypto/format/binding';
import { createSealerFactory } from '../../src/crypto/seal/create-sealer';
import { createHybridEncrypt } from '../../src/crypto/tink/hybrid-encrypt';
import { crc32c } from '../../src/domain/crc32c';
import { parseConfigId, parseSecretName, parseTenantId } from '../../src/domain/ids';
import { configScope, TENANT_SCOPE, type Scope } from '../../src/domain/scope';
import { SecretValue } from '../../src/domain/secret-value';
import { member, openRooms, text, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();
const acme = parseTenantId('acme');

beforeEach(async () => {
  rooms = await openRooms();
});
afterEach(() => rooms.close());

async function publicKeyset(call = admin) {
  const keyset = await rooms.secrets.getPublicKeyset(call);
  if (keyset.publicKeyset === undefined || keyset.publicKeysetSignature === undefined) throw new Error();
  return {
    ...keyset,
    publicKeyset: keyset.publicKeyset,
    publicKeysetSignature: keyset.publicKeysetSignature,
  };
}

/** As the CLI seals. */
async function seal(name: string, value: string, scope: Scope = TENANT_SCOPE, call = admin) {
  const { tenantId, verifyingKeyset = new Uint8Array(), ...keys } = await publicKeyset(call);
  const sealer = await createSealerFactory(verifyingKeyset).forTenant({
    tenantId: parseTenantId(tenantId ?? ''),
    ...keys,
  });
  const place = { tenantId: call.principal.tenantId, scope, name: parseSecretName(name) };
  return { format: 2, ...(await sealer.seal(SecretValue.parse(text(value)), place)) };
}

const add = (name: string, value: object) =>
  rooms.secrets.addSecret(admin, { name, content: { case: 'sealedValue', value } });
const start = async () => rooms.values((await rooms.start({})).executionToken);

describe('A value that its client sealed', () => {
  it('is stored as it came, with the padded length and no other, and read by the next execution', async () => {
    const { receipt } = await add('A', await seal('A', 'sealed elsewhere'));
    expect(receipt).toMatchObject({ name: 'A', version: 1n, paddedBytes: 64 });
    await rooms.secrets.replaceSecret(admin, {
      name: 'A',
      content: { case: 'sealedValue', value: await seal('A', 'replaced') },
    });
    expect(await start()).toEqual({ A: 'replaced' });
  });

  it('can be an override, sealed for the scope of its config', async () => {
    const { flowConfig } = await rooms.configs.createFlowConfig(admin, { flowId: 'flow' });
    const configId = flowConfig?.configId ?? '';
    const value = await seal('A', 'overridden', configScope(parseConfigId(configId)));
    await rooms.configs.setSecretOverride(admin, {
      ...{ configId, name: 'A' },
      content: { case: 'sealedValue', value },
    });
    expect(await start()).toEqual({ A: 'overridden' });
  });

  it('is refused where it was sealed to another key than the tenant’s own', async () => {
    await rooms.addTenant('globex');
    const theirs = await seal('A', 'x', TENANT_SCOPE, member('globex'));
    await expect(add('A', theirs)).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'SEALED_TO_OTHER_KEY',
      message: expect.stringContaining('fetch the public keyset again'),
    });
    expect((await rooms.secrets.listSecretNames(admin)).secrets).toEqual([]);
  });

  it.each<[string, (sealed: { ciphertext: Uint8Array }) => object, string]>([
    ['another format', () => ({ format: 1 }), 'sealed_value.format'],
    ['a seal id of 15 bytes', () => ({ sealId: new Uint8Array(15) }), 'sealed_value.seal_id'],
    ['nothing', () => ({ ciphertext: new Uint8Array() }), 'sealed_value.ciphertext'],
    [
      'a length that no padded value has',
      ({ ciphertext }) => ({ ciphertext: ciphertext.subarray(1) }),
      'sealed_value.ciphertext',
    ],
    [
      'a value of more than 64 KiB',
      ({ ciphertext }) => ({ ciphertext: Buffer.concat([ciphertext, Buffer.alloc(69_632 - 64)]) }),
      'sealed_value.ciphertext',
    ],
    [
      'an encapsulated key that is not on the curve',
      ({ ciphertext }) => ({ ciphertext: ciphertext.map((byte, at) => (at > 6 && at < 70 ? 1 : byte)) }),
      'sealed_value.ciphertext',
    ],
  ])('is refused with %s', async (_, change, field) => {
    const sealed = await seal('A', 'value');
    await expect(add('A', { ...sealed, ...change(sealed) })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      fields: [{ field }],
    });
  });

  it('is refused where its checksum does not match, and beside a checksum of the value', async () => {
    const sealed = await seal('A', 'value');
    const ciphertextCrc32c = crc32c(sealed.ciphertext);
    await expect(add('A', { ...sealed, ciphertextCrc32c: ciphertextCrc32c ^ 1 })).rejects.toMatchObject({
      code: 'DATA_LOSS',
    });
    const content = { case: 'sealedValue' as const, value: sealed };
    await expect(
      rooms.secrets.addSecret(admin, { name: 'A', content, valueCrc32c: 7 }),
    ).rejects.toMatchObject({ fields: [{ field: 'value_crc32c' }] });
    await add('A', { ...sealed, ciphertextCrc32c });
    expect(await start()).toEqual({ A: 'value' });
  });

  it('counts in its scope’s limits like any other', async () => {
    for (let index = 0; index < 15; index++)
      await add(`N${index}`, await seal(`N${index}`, 'x'.repeat(65_536)));
    await expect(add('MORE', await seal('MORE', 'x'.repeat(65_536)))).rejects.toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
    });
  });
});

describe('A sealed value that does not open', () => {
  /** Sealed to the right key, and nothing that is a value. */
  async function garbage(scope: Scope = TENANT_SCOPE) {
    const sealId = randomBytes(16);
    const hybrid = createHybridEncrypt((await publicKeyset()).publicKeyset);
    const info = encodeSecretBinding({ tenantId: acme, scope, name: parseSecretName('BAD'), sealId });
    return { format: 2, sealId, ciphertext: await hybrid.encrypt(new Uint8Array(64), info) };
  }

  it('stops executions with its name, and is mended by replacing or deleting it', async () => {
    await add('GOOD', await seal('GOOD', 'good'));
    await add('BAD', await garbage());
    await expect(rooms.start({})).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      message: 'secret BAD does not open, so no execution starts; save it again or delete it',
    });
    await rooms.secrets.replaceSecret(admin, {
      name: 'BAD',
      content: { case: 'sealedValue', value: await seal('BAD', 'mended') },
    });
    expect(await start()).toEqual({ GOOD: 'good', BAD: 'mended' });
    await rooms.secrets.deleteSecret(admin, { name: 'BAD' });
    await add('BAD', await seal('OTHER_NAME', 'x'));
    await expect(rooms.start({})).rejects.toMatchObject({ reason: 'SECRET_DOES_NOT_OPEN' });
    await rooms.secrets.deleteSecret(admin, { name: 'BAD' });
    expect(await start()).toEqual({ GOOD: 'good' });
  });

  it('is named by the audit log, for whoever was not there when an execution did not start', async () => {
    await add('BAD', await garbage());
    await rooms.start({}).catch(() => {});
    const { events } = await rooms.audit.listAuditEvents(admin, {});
    expect(events?.[0]).toMatchObject({
      ...{ action: 'execution.start', resource: 'BAD', scope: 'tenant' },
      ...{ allowed: false, status: 'FAILED_PRECONDITION' },
    });
  });

  it('says which flow config it belongs to where it is an override', async () => {
    const { flowConfig } = await rooms.configs.createFlowConfig(admin, { flowId: 'flow' });
    const configId = flowConfig?.configId ?? '';
    const value = await garbage(configScope(parseConfigId(configId)));
    const content = { case: 'sealedValue' as const, value };
    await rooms.configs.setSecretOverride(admin, { configId, name: 'BAD', content });
    await expect(rooms.start({})).rejects.toMatchObject({
      message: `override BAD of flow config ${configId} does not open, so no execution starts; save it again or delete it`,
    });
    await rooms.configs.deleteSecretOverride(admin, { configId, name: 'BAD' });
    expect(await start()).toEqual({});
  });
});

describe('The public keyset', () => {
  it('is answered to every role of the tenant, signed', async () => {
    for (const role of ['viewer', 'editor', 'admin'] as const) {
      const { tenantId, publicKeyset = new Uint8Array() } = await keysetFor(role);
      expect(tenantId).toBe('acme');
      expect(publicKeyset.byteLength).toBeGreaterThan(100);
    }
  });

  const keysetFor = (role: 'viewer' | 'editor' | 'admin') =>
    rooms.secrets.getPublicKeyset(member('acme', role));

  it('is not answered where the store holds another in its place', async () => {
    await rooms.addTenant('globex');
    const theirs = await rooms.store.read((tx) => tx.getTenantKeys(parseTenantId('globex')));
    await rooms.store.write(async (tx) => {
      if (theirs !== undefined) await tx.insertTenantKeys({ ...theirs, tenantId: acme, keysRevision: 2 });
    });
    await expect(rooms.secrets.getPublicKeyset(admin)).rejects.toMatchObject({
      reason: 'PUBLIC_KEYSET_NOT_SIGNED',
    });
  });
});
