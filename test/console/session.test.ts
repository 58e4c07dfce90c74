/** Logging in and out at the console's door, as programs and other sites would try it. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { Role } from '../../src/gen/axiom/access/v1/access_pb';
import {
  AddSecretRequestSchema,
  ListSecretNamesResponseSchema,
} from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { MAX_FIELDS } from '../../src/wire/parse-message';
import { as, bytes, managementClients } from '../support/clients';
import { startTestService, type TestService } from '../support/service';
import { openSession, send, type Sent } from './support/http';

const LIST = '/axiom.secrets.v1.SecretsService/ListSecretNames';
/** Takes requests of many bytes. */
const IMPORT = '/axiom.secrets.v1.SecretsService/ImportSecrets';
const ADD = '/axiom.secrets.v1.SecretsService/AddSecret';
const PROTO = 'application/proto';

let service: TestService;
let origin: string;

beforeAll(async () => {
  service = await startTestService();
  origin = `https://${service.console}`;
});
afterAll(() => service.stop());

const logIn = () => openSession(service.console, service.adminApiKey);
const list = (headers: Record<string, string>) =>
  send(service.console, LIST, {
    method: 'POST',
    headers: { 'content-type': PROTO, ...headers },
    body: new Uint8Array(),
  });

describe('A console session', () => {
  it('opens with an API key and says whose it is', async () => {
    const answer = await send(service.console, '/console/session', { headers: { cookie: await logIn() } });
    expect(JSON.parse(answer.body.toString())).toEqual({
      tenantId: 'default',
      role: 'admin',
      displayName: 'first admin key',
      whose: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it('is a cookie that is HttpOnly, Secure and SameSite=Strict, and that holds no key', async () => {
    const { headers } = await send(service.console, '/console/session', {
      method: 'POST',
      headers: { origin },
      body: service.adminApiKey,
    });
    const [cookie = ''] = headers['set-cookie'] ?? [];
    expect(cookie).toMatch(
      /^__Host-axiom-session=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(cookie).not.toContain(service.adminApiKey);
  });

  it('is not opened by a key that is not in force', async () => {
    for (const body of ['', 'axk_', `axk_${'0'.repeat(64)}`, 'x'.repeat(5_000)]) {
      const answer = await send(service.console, '/console/session', {
        method: 'POST',
        headers: { origin },
        body,
      });
      expect([answer.status, answer.headers['set-cookie']]).toEqual([401, undefined]);
    }
  });

  it('ends on the server at logout: the old cookie is of no use to whoever kept it', async () => {
    const cookie = await logIn();
    expect((await list({ cookie, origin })).status).toBe(200);
    const answer = await send(service.console, '/console/session', {
      method: 'DELETE',
      headers: { cookie, origin },
    });
    expect(answer.headers['set-cookie']?.[0]).toContain('Max-Age=0');
    expect((await list({ cookie, origin })).status).toBe(401);
    expect((await send(service.console, '/console/session', { headers: { cookie } })).status).toBe(401);
  });

  it('is not used by a page that was opened for somebody else', async () => {
    const admin = managementClients(service);
    const { rawKey } = await admin.access.createApiKey(
      { displayName: 'somebody else', role: Role.ADMIN },
      as(service.adminApiKey),
    );
    admin.close();
    const whose = async (cookie: string) => {
      const { body } = await send(service.console, '/console/session', { headers: { cookie } });
      return (JSON.parse(body.toString()) as { readonly whose: string }).whose;
    };
    const [mine, theirs] = [await logIn(), await openSession(service.console, rawKey)];
    const header = { 'axiom-whose': await whose(mine), origin };
    expect(header['axiom-whose']).toBe(await whose(await logIn()));
    expect((await list({ cookie: mine, ...header })).status).toBe(200);
    expect((await list({ cookie: theirs, ...header })).status).toBe(401);
    const leaving = { method: 'DELETE', headers: { cookie: theirs, ...header } };
    expect((await send(service.console, '/console/session', leaving)).status).toBe(401);
    expect((await list({ cookie: theirs, origin })).status).toBe(200);
  });

  it('outlives a restart of the service', async () => {
    const cookie = await logIn();
    service = await service.restart();
    origin = `https://${service.console}`;
    expect((await list({ cookie, origin })).status).toBe(200);
  });
});

describe('The console’s door', () => {
  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this machine', { origin: 'https://127.0.0.1:1' }],
    ['a page without an origin', { origin: 'null' }],
    ['a request that does not say where it comes from', {}],
    ['another site, by Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site' }],
    ['another host of the same site, by Sec-Fetch-Site', { 'sec-fetch-site': 'same-site' }],
  ])('refuses what a cookie alone would allow, from %s', async (_from, headers) => {
    const cookie = await logIn();
    expect((await list({ cookie, ...headers })).status).toBe(403);
    const atSession = (sent: Sent) =>
      send(service.console, '/console/session', { headers: { cookie, ...headers }, ...sent });
    expect((await atSession({ method: 'DELETE' })).status).toBe(403);
    expect((await atSession({ method: 'POST', body: service.adminApiKey })).status).toBe(403);
    expect((await list({ cookie, origin })).status).toBe(200);
  });

  it('takes no API key and no token in a header: the session is the one way in', async () => {
    expect((await list({ origin, authorization: `Bearer ${service.adminApiKey}` })).status).toBe(401);
  });

  it('answers the binary form of the Connect protocol', async () => {
    const { body } = await list({ cookie: await logIn(), origin });
    expect(fromBinary(ListSecretNamesResponseSchema, body).secrets).toEqual([]);
  });

  it('refuses JSON before anything parses it, and quotes none of it', async () => {
    const body = '{"name":"X","value":"CANARY';
    const headers = { cookie: await logIn(), origin, 'content-type': 'application/json' };
    const answer = await send(service.console, ADD, { method: 'POST', headers, body });
    expect(answer.status).toBe(415);
    expect(answer.body.toString()).not.toContain('CANARY');
    expect(service.log.join('')).not.toContain('CANARY');
  });

  it('refuses a request of more fields than any has, before they are read', async () => {
    // Number 15, which the request does not have, with the number 1.
    const body = Buffer.alloc(2 * (MAX_FIELDS + 1), Buffer.from([0x78, 0x01]));
    const headers = { 'content-type': PROTO, cookie: await logIn(), origin };
    const answer = await send(service.console, IMPORT, { method: 'POST', headers, body });
    expect([answer.status, JSON.parse(answer.body.toString())]).toEqual([
      400,
      expect.objectContaining({
        code: 'invalid_argument',
        message: expect.stringContaining('send less at once'),
      }),
    ]);
  });

  it('refuses a timeout that is none', async () => {
    const answer = await list({ cookie: await logIn(), origin, 'connect-timeout-ms': 'soon' });
    expect([answer.status, JSON.parse(answer.body.toString())]).toEqual([
      400,
      expect.objectContaining({
        code: 'invalid_argument',
        message: expect.stringContaining('connect-timeout-ms: is no timeout'),
      }),
    ]);
  });

  it('has no execution method', async () => {
    const headers = { cookie: await logIn(), origin, 'content-type': PROTO };
    const answer = await send(service.console, '/axiom.secrets.v1.SecretsService/ResolveForExecution', {
      method: 'POST',
      headers,
    });
    expect(answer.body.toString()).toContain('unimplemented');
  });

  it('obeys the roles as every door does: a viewer’s session adds nothing', async () => {
    const admin = managementClients(service);
    const { rawKey } = await admin.access.createApiKey(
      { displayName: 'viewer', role: Role.VIEWER },
      as(service.adminApiKey),
    );
    admin.close();
    const headers = { cookie: await openSession(service.console, rawKey), origin, 'content-type': PROTO };
    const body = toBinary(
      AddSecretRequestSchema,
      create(AddSecretRequestSchema, { name: 'REFUSED', content: { case: 'value', value: bytes('x') } }),
    );
    expect((await send(service.console, ADD, { method: 'POST', headers, body })).status).toBe(403);
    expect((await list(headers)).status).toBe(200);
  });
});
