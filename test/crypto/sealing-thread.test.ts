// The thread that seals: what it makes opens like what is sealed in the call itself, and the event loop goes on meanwhile.

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { createSealerFactory } from '../../src/crypto/seal/create-sealer';
import { packBlock, unpackBlock } from '../../src/crypto/seal/byte-block';
import type { TenantSealer } from '../../src/crypto/seal/sealer';
import { SealingThread } from '../../src/crypto/seal/sealing-thread';
import type { SecretPlace } from '../../src/crypto/types';
import { parseSecretName } from '../../src/domain/ids';
import { TENANT_SCOPE } from '../../src/domain/scope';
import { MAX_VALUE_BYTES, SecretValue } from '../../src/domain/secret-value';
import { makeTestKeys, type TestKeys } from './keys';

let keys: TestKeys;
let thread: SealingThread;

beforeAll(async () => {
  keys = await makeTestKeys();
});
afterAll(() => keys.remove());
beforeEach(() => {
  thread = new SealingThread();
});
afterEach(() => thread.close());

type Tenant = TestKeys['acme'];

const valueOf = (text: string) => SecretValue.parse(Buffer.from(text));

function sealerOf({ tenantId, keys: signed }: Tenant): Promise<TenantSealer> {
  const options = { encryptTo: thread.encryptTo.bind(thread) };
  return createSealerFactory(keys.service.verifyingKeyset, options).forTenant({ tenantId, ...signed });
}

const placeOf = ({ tenantId }: Tenant, name: string): SecretPlace => ({
  ...{ tenantId, scope: TENANT_SCOPE },
  name: parseSecretName(name),
});

it('seals values of several tenants that come at once, each to its own key and place', async () => {
  const tenants = [keys.acme, keys.globex];
  const sealers = await Promise.all(tenants.map(sealerOf));
  const texts = ['one', 'two', 'three', 'x'.repeat(MAX_VALUE_BYTES), 'five', 'six'];
  const opened = await Promise.all(
    texts.map(async (text, index) => {
      const tenant = tenants[index % 2]!;
      const place = placeOf(tenant, `NAME_${index}`);
      const { sealId, ciphertext } = await sealers[index % 2]!.seal(valueOf(text), place);
      return tenant.opener.openSecret(ciphertext, { ...place, sealId });
    }),
  );
  expect(opened.map((value) => Buffer.from(value.expose()).toString())).toEqual(texts);
});

it('lets the event loop go on while it seals', async () => {
  const sealer = await sealerOf(keys.acme);
  const happened: string[] = [];
  const sealed = sealer
    .seal(valueOf('value'), placeOf(keys.acme, 'NAME'))
    .then(() => happened.push('sealed'));
  setImmediate(() => happened.push('a turn'));
  await sealed;
  expect(happened).toEqual(['a turn', 'sealed']);
});

it('hands the first of many values back while it seals the others', async () => {
  const sealer = await sealerOf(keys.acme);
  let sealed = 0;
  const all = Array.from({ length: 64 }, async (_, index) => {
    const one = await sealer.seal(valueOf(`value ${index}`), placeOf(keys.acme, `NAME_${index}`));
    sealed += 1;
    return one;
  });
  await Promise.race(all);
  // What came with it has been told by then, and nothing that the thread had yet to send.
  await new Promise((resolve) => process.nextTick(resolve));
  expect(sealed).toBeLessThan(64);
  for (const [index, { sealId, ciphertext }] of (await Promise.all(all)).entries()) {
    const place = { ...placeOf(keys.acme, `NAME_${index}`), sealId };
    const value = await keys.acme.opener.openSecret(ciphertext, place);
    expect(Buffer.from(value.expose()).toString()).toBe(`value ${index}`);
  }
});

it('tells whoever waits when it ends, and seals what comes after', async () => {
  const sealer = await sealerOf(keys.acme);
  const place = placeOf(keys.acme, 'NAME');
  const lost = sealer.seal(valueOf('value'), place);
  const told = expect(lost).rejects.toMatchObject({ code: 'UNAVAILABLE', reason: 'SEALING_ENDED' });
  // The block goes to the thread at the end of this turn.
  await new Promise((resolve) => setImmediate(resolve));
  await thread.close();
  await told;
  const { sealId, ciphertext } = await sealer.seal(valueOf('again'), place);
  const value = await keys.acme.opener.openSecret(ciphertext, { ...place, sealId });
  expect(Buffer.from(value.expose()).toString()).toBe('again');
});

it('is handed blocks whose parts come out as they went in', () => {
  const parts = [Buffer.from('a'), Buffer.alloc(0), Buffer.alloc(70_000, 7)];
  const block = packBlock(parts);
  // By hand: each part's length in 4 bytes, then the part.
  expect(Buffer.from(block.subarray(0, 13)).toString('hex')).toBe(
    '00000001' + '61' + '00000000' + '00011170',
  );
  expect(unpackBlock(block).map((part) => Buffer.from(part))).toEqual(parts);
});
