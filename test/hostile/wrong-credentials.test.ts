/** Whoever tries credentials is slowed down by address; nobody behind the same address is locked out by it. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Role } from '../../src/gen/axiom/access/v1/access_pb';
import { SecretsService } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { RetryInfoSchema } from '../../src/gen/google/rpc/error_details_pb';
import { DomainError } from '../../src/domain/errors';
import { parseTenantId } from '../../src/domain/ids';
import type { Waiter } from '../../src/domain/waiter';
import { authenticateBearer, createApiKeyAuthenticator } from '../../src/server/bearer';
import { DEFAULT_DOOR_LIMITS } from '../../src/server/config';
import { judgeSession } from '../../src/server/console/judge-session';
import { createSessions, SESSION_COOKIE } from '../../src/server/console/sessions';
import { FailedProofs } from '../../src/server/failed-proofs';
import { Slots } from '../../src/store/postgres/slots';
import type { Store } from '../../src/store/store';
import { openChannel, wireClient, type StatusError } from '../../src/wire/client';
import { as, managementClients } from '../support/clients';
import { send } from '../console/support/http';
import { startOpenIdProvider } from '../console/support/openid-provider';
import { startTestService, type TestService } from '../support/service';

/** One more every five seconds, which no busy machine needs between two calls. */
const PER_MINUTE = 12;
const WRONG = `axk_${'0'.repeat(64)}`;

describe('Wrong API keys from one address', () => {
  let service: TestService;
  let proven: string;
  let fresh: string;

  /** On a connection of its own, as the next process behind the address would make it. */
  async function list(key: string): Promise<void> {
    const channel = openChannel(
      { address: service.management, tls: { ca: service.ca } },
      { 'grpc.use_local_subchannel_pool': 1 },
    );
    await wireClient(SecretsService, channel)
      .listSecretNames({}, as(key))
      .finally(() => channel.close());
  }

  const login = async (key: string) => {
    const headers = { 'sec-fetch-site': 'same-origin' };
    return (await send(service.console, '/console/session', { method: 'POST', headers, body: key })).status;
  };

  beforeAll(async () => {
    service = await startTestService({
      limits: { ...DEFAULT_DOOR_LIMITS, failedProofsPerMinute: PER_MINUTE },
    });
    const clients = managementClients(service);
    const make = async (displayName: string) =>
      (await clients.access.createApiKey({ displayName, role: Role.VIEWER }, as(service.adminApiKey))).rawKey;
    proven = await make('proven');
    fresh = await make('fresh');
    await list(proven);
    clients.close();
  });

  afterAll(() => service.stop());

  /** @returns how each attempt was answered, up to the first that was not looked at. */
  async function useUp(): Promise<readonly StatusError[]> {
    const answers: StatusError[] = [];
    while (answers.at(-1)?.codeName !== 'RESOURCE_EXHAUSTED' && answers.length < 100)
      await list(WRONG).catch((error: StatusError) => answers.push(error));
    return answers;
  }

  it('are soon refused before they are looked up, and told when to try again', async () => {
    const answers = await useUp();
    expect(answers.length).toBeGreaterThan(PER_MINUTE);
    expect(new Set(answers.slice(0, PER_MINUTE).map((one) => one.codeName))).toEqual(
      new Set(['UNAUTHENTICATED']),
    );
    expect(answers.at(-1)?.codeName).toBe('RESOURCE_EXHAUSTED');
    const [retry] = answers.at(-1)?.details(RetryInfoSchema) ?? [];
    expect(Number(retry?.retryDelay?.seconds)).toBeLessThanOrEqual(5);
  });

  it('count with those that are tried at the console’s log-in', async () => {
    await useUp();
    expect(await login(WRONG)).toBe(429);
  });

  it('lock out nobody whose key has proved itself, on whatever connection', async () => {
    await useUp();
    await list(proven);
    await list(service.adminApiKey);
    expect(await login(proven)).toBe(200);
  });

  it('leave room for a key that is new here once they pause', async () => {
    await useUp();
    await expect(list(fresh)).rejects.toMatchObject({ codeName: 'RESOURCE_EXHAUSTED' });
    const end = Date.now() + 20_000;
    const isAnswered = () => list(fresh).then(...[() => true, () => false]);
    while (!(await isAnswered()) && Date.now() < end) await sleep(500);
    await list(fresh);
  });
});

describe('Answers that an OpenID provider never gave', () => {
  it('count with wrong API keys of their address, and lock out nobody who has proved who they are', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'axiom-wrong-answers-'));
    const clientSecretFile = join(folder, 'client-secret');
    writeFileSync(clientSecretFile, 'secret-of-the-client', { mode: 0o600 });
    const provider = await startOpenIdProvider();
    const service = await startTestService({
      limits: { ...DEFAULT_DOOR_LIMITS, failedProofsPerMinute: PER_MINUTE },
      oidc: {
        ...{
          issuer: provider.issuer,
          clientId: 'axiom-console',
          clientSecretFile,
          displayName: 'Example ID',
        },
        ...{
          tenantId: parseTenantId('default'),
          roleClaim: 'groups',
          roles: [{ value: 'a', role: 'admin' }],
        },
      },
    });
    await provider.admit({
      redirectUri: `https://${service.console}/console/oidc/callback`,
      clientSecret: 'secret-of-the-client',
    });
    const login = async (key: string) => {
      const headers = { 'sec-fetch-site': 'same-origin' };
      return (await send(service.console, '/console/session', { method: 'POST', headers, body: key })).status;
    };
    expect(await login(service.adminApiKey)).toBe(200);
    // A browser keeps its half of a log-in in a cookie, which an attacker can make up.
    const flow = { verifier: 'v'.repeat(43), state: 's', nonce: 'n' };
    const cookie = `__Host-axiom-oidc=${Buffer.from(JSON.stringify(flow)).toString('base64url')}`;
    const bring = (code: number) =>
      send(service.console, `/console/oidc/callback?state=s&code=made-up-${code}`, { headers: { cookie } });
    const statuses: number[] = [];
    while (statuses.at(-1) !== 429 && statuses.length < 100)
      statuses.push((await bring(statuses.length)).status);
    expect(statuses.length).toBeGreaterThan(PER_MINUTE);
    expect(new Set(statuses.slice(0, PER_MINUTE))).toEqual(new Set([302]));
    expect(statuses.at(-1)).toBe(429);
    expect(await login(WRONG)).toBe(429);
    expect(await login(service.adminApiKey)).toBe(200);
    await service.stop();
    await provider.stop();
    rmSync(folder, { recursive: true });
  });
});

describe('A credential that has proved itself', () => {
  it('is judged whatever its neighbours do, while fewer than 10,000 others have proved themselves since it was used', async () => {
    const refuse = () => Promise.reject(new DomainError('UNAUTHENTICATED', 'no', 'NO'));
    const proofs = new FailedProofs(1, () => 0);
    const use = (credential: string) => proofs.judge('192.0.2.1', credential, {}, () => 'proven');
    await use('in use');
    for (let other = 0; other < 15_000; other++) {
      await use(`other ${other}`);
      if (other === 9_000) await use('in use');
    }
    for (const wrong of ['wrong', 'also wrong'])
      await proofs.judge('192.0.2.1', wrong, {}, refuse).catch(() => undefined);
    await expect(use('never seen')).rejects.toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
    expect(await use('in use')).toBe('proven');
  });
});

describe('Whoever leaves before it is known what its credential is worth', () => {
  const leave = () => Promise.reject(new DomainError('CANCELLED', 'gone', 'CANCELLED'));
  const prove = () => 'proven';
  const ofOne = (proofs: FailedProofs) => (credential: string, found: () => unknown) =>
    proofs.judge('192.0.2.1', credential, {}, found).catch(({ code }: DomainError) => code);

  it('has proved nothing, and is counted so', async () => {
    const judge = ofOne(new FailedProofs(2, () => 0));
    expect(await judge('first', leave)).toBe('CANCELLED');
    expect(await judge('second', leave)).toBe('CANCELLED');
    expect(await judge('third', prove)).toBe('RESOURCE_EXHAUSTED');
  });

  it('is not counted where it waited in line still, and nothing was looked up', async () => {
    const proofs = new FailedProofs(1, () => 0);
    const slots = new Slots(1);
    const giveBack = await slots.take({ owner: 'somebody else' });
    const leaves = new AbortController();
    const inLine = proofs.judge('192.0.2.1', 'slow', { signal: leaves.signal }, (waiter) =>
      slots.take(waiter),
    );
    leaves.abort(new DomainError('CANCELLED', 'gone', 'CANCELLED'));
    await expect(inLine).rejects.toMatchObject({ code: 'CANCELLED' });
    giveBack();
    const judge = ofOne(proofs);
    expect(await judge('wrong', leave)).toBe('CANCELLED');
    expect(await judge('also wrong', leave)).toBe('RESOURCE_EXHAUSTED');
  });

  it('loses nothing, and gets nobody else more, where its credential has proved itself', async () => {
    const judge = ofOne(new FailedProofs(1, () => 0));
    await judge('own', prove);
    expect(await judge('wrong', leave)).toBe('CANCELLED');
    expect(await judge('own', leave)).toBe('CANCELLED');
    expect(await judge('also wrong', leave)).toBe('RESOURCE_EXHAUSTED');
    expect(await judge('own', prove)).toBe('proven');
  });
});

describe('What is looked up of a credential', () => {
  it('has turns of its own where that has proved itself, and else those of its address', async () => {
    const proofs = new FailedProofs(1, () => 0);
    const ownerOf = (address: string, credential?: string) =>
      proofs.judge(address, credential, {}, ({ owner }) => owner);
    expect(await ownerOf('192.0.2.1', 'one')).toBe('192.0.2.1');
    expect(await ownerOf('2001:db8:1:2::a', 'two')).toBe('2001:db8:1:2::/64');
    expect(await ownerOf('2001:db8:1:2::b')).toBe('2001:db8:1:2::/64');
    const owners = [await ownerOf('192.0.2.1', 'one'), await ownerOf('192.0.2.1', 'two')];
    expect(await ownerOf('192.0.2.2', 'one')).toBe(owners[0]);
    expect(new Set([...owners, '192.0.2.1', '192.0.2.2']).size).toBe(4);
  });

  it('is read for whoever waits for it', async () => {
    const owners: unknown[] = [];
    const read = (_body: unknown, waiter?: Waiter) => {
      owners.push(waiter?.owner);
      return Promise.reject(new Error('not here'));
    };
    const store = { read } as unknown as Store;
    const limits = { idleMs: 1, lifetimeMs: 1 };
    const keys = createApiKeyAuthenticator(store, Date.now);
    const randomBytes = () => Buffer.alloc(32);
    const sessions = createSessions({ store, clock: Date.now, randomBytes, oidc: undefined, limits });
    const waiter = { owner: 'somebody' };
    await authenticateBearer(WRONG, keys, undefined, waiter).catch(() => undefined);
    await sessions.authenticate(`${SESSION_COOKIE}=token`, undefined, waiter).catch(() => undefined);
    await sessions.close(`${SESSION_COOKIE}=token`, '192.0.2.1').catch(() => undefined);
    expect(owners).toEqual(['somebody', 'somebody', '192.0.2.1']);
  });
});

describe('A session at the console', () => {
  it('has the same turns whatever cookies are beside its own, and another session has others', async () => {
    const ownerOf = (waiter?: Waiter) => Promise.resolve(waiter?.owner);
    const sessions = {
      authenticate: (_cookies: unknown, _whose: unknown, waiter?: Waiter) => ownerOf(waiter),
    };
    const parts = { sessions, failedProofs: new FailedProofs(1, () => 0) };
    const connection = { address: '192.0.2.1' };
    const visit = (cookie: string) =>
      judgeSession(parts as never, { connection, request: { headers: { cookie } } } as never, {});
    const own = `${SESSION_COOKIE}=one`;
    expect(await visit(own)).toBe('192.0.2.1');
    const owners = [await visit(`a=1; ${own}`), await visit(`a=2;${own}; b=3`), await visit(own)];
    expect(new Set(owners).size).toBe(1);
    expect(owners[0]).not.toBe('192.0.2.1');
    await visit(`${SESSION_COOKIE}=two`);
    expect(new Set([...owners, await visit(`${SESSION_COOKIE}=two`), '192.0.2.1']).size).toBe(3);
  });
});

describe('An address', () => {
  it('of IPv6 is its /64, and no other is held up by it', async () => {
    const refuse = () => Promise.reject(new DomainError('UNAUTHENTICATED', 'no', 'NO'));
    const proofs = new FailedProofs(2, () => 0);
    const tryFrom = (address: string) =>
      proofs
        .judge(address, Math.random().toString(), {}, refuse)
        .catch((error: { code: string }) => error.code);
    expect(await tryFrom('2001:db8:1:2::a')).toBe('UNAUTHENTICATED');
    expect(await tryFrom('2001:db8:1:2:ffff::b')).toBe('UNAUTHENTICATED');
    expect(await tryFrom('2001:db8:1:2::c')).toBe('RESOURCE_EXHAUSTED');
    expect(await tryFrom('2001:db8:1:3::a')).toBe('UNAUTHENTICATED');
  });
});
