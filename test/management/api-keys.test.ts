/** API keys: shown once, listed masked, revoked at once. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Role } from '../../src/gen/axiom/access/v1/access_pb';
import { parseApiKeyId } from '../../src/domain/ids';
import { member, openRooms, type Rooms } from '../support/rooms';

let rooms: Rooms;
const admin = member();

beforeEach(async () => {
  rooms = await openRooms();
});

afterEach(() => rooms.close());

const seconds = (value: number) => ({ seconds: BigInt(value), nanos: 0 });

describe('API keys', () => {
  const create = (ttl?: number) =>
    rooms.access.createApiKey(admin, {
      displayName: ' bot ',
      role: Role.EDITOR,
      ...(ttl !== undefined && { ttl: seconds(ttl) }),
    });

  it('are shown once, and listed masked after', async () => {
    const { rawKey = '', apiKey } = await create(3_600);
    expect(rawKey).toMatch(/^axk_[0-9a-f]{64}$/);
    expect(apiKey).toMatchObject({
      displayName: 'bot',
      role: Role.EDITOR,
      maskedKey: `${rawKey.slice(0, 8)}…${rawKey.slice(-4)}`,
    });
    const listed = await rooms.access.listApiKeys(admin);
    expect(
      JSON.stringify(listed, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain(rawKey);
    expect(listed.apiKeys).toHaveLength(2);
  });

  it('page by age, and can be revoked at once and again', async () => {
    const made = [await create(), await create()];
    const first = await rooms.access.listApiKeys(admin, { pageSize: 2 });
    const rest = await rooms.access.listApiKeys(admin, { pageSize: 2, pageToken: first.nextPageToken ?? '' });
    expect([first.apiKeys?.length, rest.apiKeys?.length]).toEqual([2, 1]);
    const keyId = made[0]?.apiKey?.keyId ?? '';
    await rooms.access.revokeApiKey(admin, { keyId });
    await rooms.access.revokeApiKey(admin, { keyId });
    await expect(rooms.access.revokeApiKey(admin, { keyId: 'nope' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await rooms.addTenant('other');
    await expect(rooms.access.revokeApiKey(member('other'), { keyId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const { apiKeys } = await rooms.access.listApiKeys(admin);
    expect(apiKeys?.filter((key) => key.revokeTime !== undefined).map((key) => key.keyId)).toEqual([keyId]);
  });

  it.each([
    ['no name', { role: Role.ADMIN }, 'display_name'],
    ['a name with a line break', { displayName: 'a\nb', role: Role.ADMIN }, 'display_name'],
    ['no role', { displayName: 'x' }, 'role'],
    ['a life of a second', { displayName: 'x', role: Role.ADMIN, ttl: seconds(1) }, 'ttl'],
  ])('are refused with %s', async (_what, request, field) => {
    await expect(rooms.access.createApiKey(admin, request)).rejects.toMatchObject({ fields: [{ field }] });
  });

  it('say who their bearer is', async () => {
    expect(await rooms.access.whoAmI(member('acme', 'viewer'))).toMatchObject({
      tenantId: 'acme',
      role: Role.VIEWER,
    });
  });

  it('are not listed from the page token of another list', async () => {
    const pageToken = Buffer.from('p1.A_NAME').toString('base64url');
    await expect(rooms.access.listApiKeys(admin, { pageToken })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('end after 90 days unless something else was said', async () => {
    const DAY_MS = 86_400_000;
    const ends = async (request: { ttl?: ReturnType<typeof seconds>; neverExpires?: boolean }) => {
      const made = await rooms.access.createApiKey(admin, {
        displayName: 'x',
        role: Role.VIEWER,
        ...request,
      });
      const { expireTime } = made.apiKey ?? {};
      return expireTime && Number(expireTime.seconds) * 1_000 - rooms.time.now;
    };
    expect(await ends({})).toBe(90 * DAY_MS);
    expect(await ends({ ttl: seconds(60) })).toBe(60_000);
    expect(await ends({ neverExpires: true })).toBeUndefined();
    await expect(ends({ ttl: seconds(60), neverExpires: true })).rejects.toMatchObject({
      fields: [{ field: 'ttl' }],
    });
  });

  it('are not revoked by a slip that locks everybody out: one’s own, and the last with the role admin', async () => {
    const keyOf = async (role: Role) =>
      (await rooms.access.createApiKey(admin, { displayName: 'x', role })).apiKey?.keyId ?? '';
    const { apiKeys } = await rooms.access.listApiKeys(admin);
    const first = apiKeys?.[0]?.keyId ?? '';
    const [own, viewer] = [await keyOf(Role.ADMIN), await keyOf(Role.VIEWER)];
    const call = { ...admin, principal: { ...admin.principal, apiKeyId: parseApiKeyId(own) } };
    await expect(rooms.access.revokeApiKey(call, { keyId: own })).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'API_KEY_OWN',
    });
    await rooms.access.revokeApiKey(call, { keyId: viewer });
    await rooms.access.revokeApiKey(call, { keyId: first });
    // Whoever logged in with the provider has no key of their own.
    await expect(rooms.access.revokeApiKey(admin, { keyId: own })).rejects.toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'API_KEY_LAST_ADMIN',
    });
    await rooms.access.revokeApiKey(admin, { keyId: own, allowLockout: true });
    await rooms.access.revokeApiKey(admin, { keyId: own });
  });
});
