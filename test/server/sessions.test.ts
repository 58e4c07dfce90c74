/** Console sessions in time: idle ones end, roles are read anew, and people see and end their own. */

import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Call } from '../../src/domain/call';
import { parseTenantId } from '../../src/domain/ids';
import type { Role, TenantPrincipal } from '../../src/domain/principal';
import { DEFAULT_SESSION_LIMITS } from '../../src/domain/session';
import { createSessions } from '../../src/server/console/sessions';
import type { OidcConfig } from '../../src/server/oidc/config';
import { member, openRooms, type Rooms } from '../support/rooms';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let rooms: Rooms;

beforeEach(async () => {
  rooms = await openRooms();
});

afterEach(() => rooms.close());

const provider = (roles: readonly (readonly [string, Role])[]): OidcConfig => ({
  ...{ issuer: 'https://idp.example', clientId: 'axiom', clientSecretFile: undefined, displayName: 'IdP' },
  tenantId: parseTenantId('acme'),
  roleClaim: 'groups',
  roles: roles.map(([value, role]) => ({ value, role })),
});

const sessionsWith = (oidc: OidcConfig | undefined) =>
  createSessions({
    store: rooms.store,
    clock: rooms.execution.clock,
    randomBytes,
    oidc,
    limits: DEFAULT_SESSION_LIMITS,
  });

const PROVIDER = provider([['staff', 'editor']]);

/** Somebody whom the provider let in. */
function person(id: string, role: Role = 'editor'): TenantPrincipal {
  return { kind: 'tenant', tenantId: parseTenantId('acme'), role, id: `oidc:${id}`, displayName: id };
}

const logIn = (id = 'ada') => sessionsWith(PROVIDER).open(person(id), '', '["staff"]');
const whoIs = (cookie: string, oidc: OidcConfig | undefined = PROVIDER) =>
  sessionsWith(oidc).authenticate(cookie);
/** Uses are noted beside calls, and writes are carried out in the order in which they come. */
const noted = () => rooms.store.write(async () => {});
const ENDED = { code: 'UNAUTHENTICATED', reason: 'SESSION_NOT_IN_FORCE' };

describe('A console session', () => {
  it('goes on while it is used, for twelve hours, and ends an hour after its last call', async () => {
    const [busy, idle] = [await logIn(), await logIn()];
    for (let hours = 0; hours < 11.5; hours += 0.5) {
      rooms.time.now += HOUR / 2;
      expect(await whoIs(busy)).toMatchObject({ id: 'oidc:ada', role: 'editor' });
      await noted();
    }
    await expect(whoIs(idle)).rejects.toMatchObject(ENDED);
    rooms.time.now += HOUR / 2;
    await expect(whoIs(busy)).rejects.toMatchObject(ENDED);
  });

  it('goes on as long as the operator says instead', async () => {
    const sessions = createSessions({
      ...{ store: rooms.store, clock: rooms.execution.clock, randomBytes, oidc: PROVIDER },
      limits: { idleMs: HOUR / 4, lifetimeMs: HOUR / 2 },
    });
    const [busy, idle] = [await sessions.open(person('ada'), '', '["staff"]'), await logIn()];
    expect(busy).toContain('; Max-Age=1800;');
    rooms.time.now += HOUR / 5;
    expect(await sessions.authenticate(busy)).toMatchObject({ id: 'oidc:ada' });
    await noted();
    rooms.time.now += HOUR / 5;
    expect(await sessions.authenticate(busy)).toMatchObject({ id: 'oidc:ada' });
    await expect(sessions.authenticate(idle)).rejects.toMatchObject(ENDED);
    rooms.time.now += HOUR / 5;
    await expect(sessions.authenticate(busy)).rejects.toMatchObject(ENDED);
  });

  it('has the role that its person has today, and none once nobody lets them in', async () => {
    const cookie = await logIn();
    expect(await whoIs(cookie, provider([['staff', 'viewer']]))).toMatchObject({ role: 'viewer' });
    await expect(whoIs(cookie, provider([['others', 'admin']]))).rejects.toMatchObject(ENDED);
    await expect(sessionsWith(undefined).authenticate(cookie)).rejects.toMatchObject(ENDED);
    await expect(whoIs(cookie, { ...PROVIDER, tenantId: parseTenantId('other') })).rejects.toMatchObject(
      ENDED,
    );
  });

  it('is listed to its person, and to admins with everybody’s, and says which is the one in use', async () => {
    const cookie = await logIn('ada');
    await logIn('bob');
    const ada: Call<TenantPrincipal> = { door: 'console', source: '', principal: await whoIs(cookie) };
    const own = (await rooms.access.listSessions(ada)).sessions;
    expect(own).toMatchObject([{ principal: 'oidc:ada', displayName: 'ada', isCurrent: true }]);
    const all = (await rooms.access.listSessions(member(), { allPrincipals: true })).sessions;
    expect(all?.map((one) => one.principal).sort()).toEqual(['oidc:ada', 'oidc:bob']);
    await expect(rooms.access.listSessions(ada, { allPrincipals: true })).rejects.toMatchObject({
      code: 'PERMISSION_DENIED',
    });
    rooms.time.now += HOUR;
    expect((await rooms.access.listSessions(member(), { allPrincipals: true })).sessions).toEqual([]);
  });

  it('is ended everywhere by its person, one by one, or by an admin', async () => {
    const cookies = [await logIn('ada'), await logIn('ada'), await logIn('bob'), await logIn('bob')];
    const call = async (cookie = ''): Promise<Call<TenantPrincipal>> => ({
      door: 'console',
      source: '',
      principal: await whoIs(cookie),
    });
    const ada = await call(cookies[0]);
    const bob = await call(cookies[2]);
    const others = { principal: 'oidc:bob' };
    await expect(rooms.access.endSessions(ada, others)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
    const bobs = (await rooms.access.listSessions(bob)).sessions ?? [];
    const sessionId = bobs[0]?.sessionId ?? '';
    await expect(rooms.access.endSessions(ada, { sessionId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await rooms.access.endSessions(ada)).toEqual({ endedCount: 2 });
    for (const cookie of cookies.slice(0, 2)) await expect(whoIs(cookie)).rejects.toMatchObject(ENDED);
    expect(await rooms.access.endSessions(bob, { sessionId })).toEqual({ endedCount: 1 });
    expect(await rooms.access.endSessions(member(), others)).toEqual({ endedCount: 1 });
    await expect(rooms.access.endSessions(member(), { ...others, sessionId })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    const told = async (action: string) =>
      (await rooms.audit.listAuditEvents(member(), { action })).events?.map((event) => event.resource).sort();
    const ended = await told('session.end');
    expect(ended).toHaveLength(4);
    expect(ended).toContain(sessionId);
    expect(ended).toEqual(await told('session.open'));
  });
});
