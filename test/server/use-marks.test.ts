/** Whoever shows a credential that is in force does not wait until its use is noted. */

import { expect, it } from '@jest/globals';
import { newApiKey } from '../../src/domain/api-key';
import { createApiKeyAuthenticator } from '../../src/server/bearer';
import { createSessions, SESSION_COOKIE } from '../../src/server/console/sessions';
import { UseMarks } from '../../src/server/use-marks';
import type { Store } from '../../src/store/store';
import { apiKey, TENANT } from '../store/rows';

/** Answers this to what is read, and writes nothing: another writer holds the lock. */
function locked(answer: unknown) {
  let writes = 0;
  const store = {
    read: () => Promise.resolve(answer),
    write: () => (writes++, new Promise(() => undefined)),
  };
  return { store: store as unknown as Store, writes: () => writes };
}

it('An API key is taken while its use cannot be written, which is tried once at a time', async () => {
  const { store, writes } = locked({ ...apiKey('k1', 1), expireTime: undefined, revokeTime: undefined });
  const keys = createApiKeyAuthenticator(store, Date.now);
  const key = newApiKey((length) => Buffer.alloc(length, 1));
  for (let call = 0; call < 3; call++)
    expect(await keys.authenticateKey(key)).toMatchObject({ tenantId: TENANT });
  expect(writes()).toBe(1);
});

it('So is a console session', async () => {
  const { store, writes } = locked({ principal: { tenantId: TENANT }, lastUseTime: 0 });
  const limits = { idleMs: 1, lifetimeMs: 1 };
  const parts = { store, clock: Date.now, randomBytes: () => Buffer.alloc(32), oidc: undefined, limits };
  const sessions = createSessions(parts as unknown as Parameters<typeof createSessions>[0]);
  for (let call = 0; call < 3; call++)
    expect(await sessions.authenticate(`${SESSION_COOKIE}=token`)).toEqual({ tenantId: TENANT });
  expect(writes()).toBe(1);
});

it('What could not be noted is noted at a later call', async () => {
  const marks = new UseMarks();
  let tried = 0;
  const full = () => (tried++, Promise.reject(new Error('full')));
  marks.begin('key', full);
  marks.begin('key', full);
  await new Promise(setImmediate);
  marks.begin('key', full);
  expect(tried).toBe(2);
});
