/** The authorization matrix: every RPC of the contract, every kind of caller, every door. */

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { getOption, type DescMethod } from '@bufbuild/protobuf';
import { Channel, Client, credentials, status, type ChannelCredentials } from '@grpc/grpc-js';
import { servedService } from '../../src/domain/served-service';
import { access, CallerKind, Door } from '../../src/gen/axiom/policy/v1/policy_pb';
import { Role } from '../../src/gen/axiom/access/v1/access_pb';
import { as, managementClients, operatorClients } from '../support/clients';
import { contractServices } from '../support/descriptors';
import { startTestService, type TestService } from '../support/service';

type DoorUnderTest = 'management' | 'execution' | 'operator';
const CALLERS = [
  'none',
  'viewer',
  'editor',
  'admin',
  'foreign admin',
  'expired',
  'revoked',
  'forged',
  'engine',
  'sidecar',
  'operator',
] as const;
type Caller = (typeof CALLERS)[number];

const DOORS: Record<DoorUnderTest, Door> = {
  management: Door.MANAGEMENT,
  execution: Door.EXECUTION,
  operator: Door.OPERATOR,
};
const KIND: Partial<Record<Caller, CallerKind>> = {
  viewer: CallerKind.VIEWER,
  editor: CallerKind.EDITOR,
  admin: CallerKind.ADMIN,
  'foreign admin': CallerKind.ADMIN,
  engine: CallerKind.ENGINE,
  sidecar: CallerKind.SIDECAR,
  operator: CallerKind.OPERATOR,
};

let service: TestService;
const keys: Partial<Record<Caller, string>> = { forged: `axk_${'0'.repeat(64)}` };
const channels = new Map<string, Channel>();

beforeAll(async () => {
  service = await startTestService();
  const clients = managementClients(service);
  const operator = operatorClients(service);
  const create = async (role: Role, ttl?: bigint) => {
    const request = { displayName: 'matrix', role, ...(ttl !== undefined && { ttl: { seconds: ttl } }) };
    return clients.access.createApiKey(request, as(service.adminApiKey));
  };
  keys.admin = service.adminApiKey;
  keys.viewer = (await create(Role.VIEWER)).rawKey;
  keys.editor = (await create(Role.EDITOR)).rawKey;
  keys['foreign admin'] = (await operator.access.createTenant({ tenantId: 'foreign' })).adminApiKey;
  const revoked = await create(Role.ADMIN);
  keys.revoked = revoked.rawKey;
  await clients.access.revokeApiKey({ keyId: revoked.apiKey?.keyId ?? '' }, as(service.adminApiKey));
  keys.expired = await expiredKey();
  clients.close();
  operator.close();
});

afterAll(async () => {
  for (const channel of channels.values()) channel.close();
  await service.stop();
});

/** A key past its end cannot be asked for, so its row is written with the end in the past. */
async function expiredKey(): Promise<string> {
  const { openSqliteStore } = await import('../../src/store/sqlite/open');
  const { hashApiKey, maskApiKey, newApiKey } = await import('../../src/domain/api-key');
  const { randomBytes } = await import('node:crypto');
  const { signedStore } = await import('../../src/store/signed-store');
  const { openWriterSigner } = await import('../../src/server/management-server');
  const { management, store: path } = service.dir;
  const signer = openWriterSigner(management, readFileSync(management.verifyingKeyset));
  const store = signedStore(await openSqliteStore({ path }), signer);
  const rawKey = newApiKey(randomBytes);
  await store.write((tx) =>
    tx.insertApiKey({
      ...{ keyId: 'expired' as never, tenantId: 'default' as never, displayName: 'expired', role: 'admin' },
      ...{
        keyHash: hashApiKey(rawKey),
        maskedKey: maskApiKey(rawKey),
        createTime: 0,
        expireTime: Date.now() - 1,
      },
      ...{ lastUseTime: undefined, revokeTime: undefined },
    }),
  );
  await store.close();
  return rawKey;
}

function channelFor(door: DoorUnderTest, caller: Caller): Channel {
  const id = `${door}/${caller}`;
  const existing = channels.get(id);
  if (existing !== undefined) return existing;
  const tls: ChannelCredentials =
    door === 'operator'
      ? credentials.createInsecure()
      : caller === 'engine' || caller === 'sidecar'
        ? service.mutualTls(caller)
        : service.tls();
  const address = {
    management: service.management,
    execution: service.execution,
    operator: `unix:${service.operatorSocket}`,
  }[door];
  const channel = new Channel(address, tls, {});
  channels.set(id, channel);
  return channel;
}

/**
 * Whoever is let in gets past the policy, to an answer or an error of the empty request. These two then judge
 * the execution token in it, which an empty request lacks; everywhere else UNAUTHENTICATED means shut out.
 */
const JUDGES_A_TOKEN = ['SecretsService.ResolveForExecution', 'ExecutionsService.EndExecution'];

function wasLetIn(method: DescMethod, code: status): boolean {
  const { UNIMPLEMENTED, PERMISSION_DENIED, UNAVAILABLE, INTERNAL, UNAUTHENTICATED } = status;
  if (JUDGES_A_TOKEN.includes(`${method.parent.name}.${method.name}`)) return code === UNAUTHENTICATED;
  return ![UNIMPLEMENTED, PERMISSION_DENIED, UNAVAILABLE, INTERNAL, UNAUTHENTICATED].includes(code);
}

/** Sends an empty message. */
async function statusOf(method: DescMethod, door: DoorUnderTest, caller: Caller): Promise<status> {
  const client = new Client('', credentials.createInsecure(), { channelOverride: channelFor(door, caller) });
  const metadata = new (await import('@grpc/grpc-js')).Metadata();
  const key = keys[caller];
  if (key !== undefined) metadata.set('authorization', `Bearer ${key}`);
  const path = `/${method.parent.typeName}/${method.name}`;
  const asIs = (bytes: Buffer) => bytes;
  return new Promise((resolve) => {
    client.makeUnaryRequest(
      path,
      asIs,
      asIs,
      Buffer.alloc(0),
      metadata,
      { deadline: Date.now() + 60_000 },
      (error) => resolve(error?.code ?? status.OK),
    );
  });
}

/** What the proto says must happen. */
function expectation(
  method: DescMethod,
  door: DoorUnderTest,
  caller: Caller,
): 'absent' | 'unknown caller' | 'refused' | 'let in' {
  const rule = getOption(method, access);
  // Mutual TLS refuses the connection itself of whoever has no workload's certificate.
  if (door === 'execution' && caller !== 'engine' && caller !== 'sidecar') return 'unknown caller';
  if (rule.door !== DOORS[door]) return 'absent';
  if (door === 'operator') return 'let in';
  const kind = door === 'management' && keys[caller] === undefined ? undefined : KIND[caller];
  if (kind === undefined) return 'unknown caller';
  return rule.callers.includes(kind) ? 'let in' : 'refused';
}

const methods = contractServices()
  .flatMap((one) => one.methods)
  .filter((method) => Object.values(DOORS).includes(getOption(method, access).door));

describe('Every RPC is open to whom its option names, and to nobody else', () => {
  describe.each(['management', 'execution', 'operator'] as const)('on the %s door', (door) => {
    it.each(CALLERS)('%s', async (caller) => {
      const wrong: string[] = [];
      for (const method of methods) {
        const expected = expectation(method, door, caller);
        const code = await statusOf(method, door, caller);
        const fits = {
          absent: code === status.UNIMPLEMENTED,
          'unknown caller':
            door === 'execution' ? code === status.UNAVAILABLE : code === status.UNAUTHENTICATED,
          refused: code === status.PERMISSION_DENIED,
          'let in': wasLetIn(method, code),
        }[expected];
        if (!fits)
          wrong.push(`${method.parent.name}.${method.name}: expected ${expected}, got ${status[code]}`);
      }
      expect(wrong).toEqual([]);
    });
  });

  it('gives a foreign tenant’s admin nothing of ours', async () => {
    const clients = managementClients(service);
    await clients.secrets.addSecret(
      { name: 'OURS', content: { case: 'value', value: Buffer.from('v') } },
      as(service.adminApiKey),
    );
    const foreign = as(keys['foreign admin'] ?? '');
    expect((await clients.secrets.listSecretNames({}, foreign)).secrets).toEqual([]);
    await expect(clients.secrets.deleteSecret({ name: 'OURS' }, foreign)).rejects.toMatchObject({
      codeName: 'NOT_FOUND',
    });
    clients.close();
  });
});

describe('A server that finds an RPC without a rule does not start', () => {
  it('names the method and what to do', async () => {
    const { methodsAt } = await import('../../src/server/method-table');
    const { SecretsService } = await import('../../src/gen/axiom/secrets/v1/secrets_pb');
    const bare = {
      ...SecretsService.method.addSecret,
      proto: { ...SecretsService.method.addSecret.proto, options: undefined },
    };
    const withoutRule = { ...SecretsService, methods: [bare] };
    expect(() => methodsAt('management', [servedService(withoutRule as never, {})])).toThrow(
      /SecretsService.AddSecret does not say who may call it; give it the option/,
    );
  });

  it('refuses a door one of whose methods nobody serves', async () => {
    const { methodsAt } = await import('../../src/server/method-table');
    const { SecretsService } = await import('../../src/gen/axiom/secrets/v1/secrets_pb');
    expect(() => methodsAt('management', [servedService(SecretsService, {})])).toThrow(
      /no handler serves it/,
    );
  });
});
