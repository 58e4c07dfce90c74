/** A service with something of everything, its database to be lied in, and what whoever uses it sees afterwards. */

import { Separation } from '../../src/gen/axiom/access/v1/access_pb';
import { randomBytes } from 'node:crypto';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, fromBinary } from '@bufbuild/protobuf';
import { createLocalKek } from '../../src/crypto/kek/local-kek';
import { createKeyring } from '../../src/crypto/open/create-keyring';
import type { Keyring } from '../../src/crypto/open/opener';
import { createWriterSigner, type StatementSigner } from '../../src/crypto/row-signer';
import { createSealerFactory } from '../../src/crypto/seal/create-sealer';
import { createSign, createVerify } from '../../src/crypto/tink/ecdsa';
import { generateSigningKeyset } from '../../src/crypto/tink/generate';
import { newApiKey } from '../../src/domain/api-key';
import type { Call } from '../../src/domain/call';
import { parseApiKeyId, parseTenantId } from '../../src/domain/ids';
import type { TenantPrincipal, WorkloadPrincipal } from '../../src/domain/principal';
import { BundleMaker } from '../../src/execution/bundle-maker';
import { OpenedBundles } from '../../src/execution/opened-bundles';
import type { ExecutionServerContext } from '../../src/execution/context';
import { endExecution } from '../../src/execution/end';
import { pruneLog } from '../../src/execution/prune';
import { reportReads } from '../../src/execution/reads';
import { createOpeners } from '../../src/execution/openers';
import { resolveForExecution } from '../../src/execution/resolve';
import { startExecution } from '../../src/execution/start';
import { createTenant } from '../../src/execution/tenants';
import { verifyTenant } from '../../src/execution/verify';
import { Role } from '../../src/gen/axiom/access/v1/access_pb';
import { AccessService } from '../../src/gen/axiom/access/v1/access_pb';
import {
  EndExecutionRequestSchema,
  ExecutionReadsSchema,
  SecretReadSchema,
  ReportReadsRequestSchema,
  StartExecutionRequestSchema,
} from '../../src/gen/axiom/executions/v1/executions_pb';
import { FlowConfigsService } from '../../src/gen/axiom/flowconfigs/v1/flow_configs_pb';
import { PackagesService } from '../../src/gen/axiom/packages/v1/packages_pb';
import {
  ResolveForExecutionRequestSchema,
  ResolveForExecutionResponseSchema,
  SecretsService,
} from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { accessHandlers } from '../../src/management/access';
import type { ManagementContext } from '../../src/management/context';
import { flowConfigsHandlers } from '../../src/management/flow-configs';
import { overridesHandlers } from '../../src/management/overrides';
import { packagesHandlers } from '../../src/management/packages';
import { secretsHandlers } from '../../src/management/secrets';
import { createApiKeyAuthenticator } from '../../src/server/bearer';
import { createReadBudget } from '../../src/domain/read-budget';
import { openCheckpointSigner, signMovedLogs } from '../../src/execution/checkpoints';
import { createRevokedNames } from '../../src/execution/revoked-names';
import { SignedEnds } from '../../src/execution/signed-ends';
import { DEFAULT_SESSION_LIMITS } from '../../src/domain/session';
import { createSessions } from '../../src/server/console/sessions';
import { signedStore } from '../../src/store/signed-store';
import { openSqliteStore } from '../../src/store/sqlite/open';
import { WorkerPool } from '../../src/work/worker-pool';
import { withDefaults } from '../support/request-defaults';

const NOW = Date.UTC(2026, 5, 10);
const clock = () => NOW;
const OPERATOR: Call = { principal: { kind: 'operator', id: 'operator' }, door: 'operator', source: '' };
const ENGINE: Call<WorkloadPrincipal> = {
  principal: { kind: 'engine', id: 'engine:e' },
  door: 'execution',
  source: '',
};
const SIDECAR: Call<WorkloadPrincipal> = {
  principal: { kind: 'sidecar', id: 'sidecar:s' },
  door: 'execution',
  source: '',
};
const bytes = (text: string) => new Uint8Array(Buffer.from(text));

interface Keys {
  readonly keyring: Keyring;
  readonly writer: { readonly publicKeyset: Uint8Array; readonly signer: StatementSigner };
  readonly verifyingKeyset: Uint8Array;
}

/** What a service left behind, and what its users hold. */
export interface Seeded {
  readonly keys: Keys;
  /** The database as it is, and as it was before the last changes. */
  readonly database: string;
  readonly earlier: string;
  readonly adminKey: string;
  readonly viewerKey: string;
  readonly revokedKey: string;
  readonly globexKey: string;
  readonly cookie: string;
  readonly globexCookie: string;
  readonly runningToken: string;
  readonly globexToken: string;
  readonly newToken: string;
  readonly endedToken: string;
  /** Each name of acme with its etag. */
  readonly listed: readonly string[];
}

/** What was seen of a database with a lie in it. */
export interface Seen {
  /** Values, absences and rights that nobody gave. */
  readonly wrong: readonly string[];
  /** What is to be given and was not. */
  readonly refused: readonly string[];
  /** How many `verify` found. */
  readonly faults: number;
}

export interface World {
  look(): Promise<Seen>;
  close(): Promise<void>;
}

function member(tenantId: string): Call<TenantPrincipal> {
  const principal = { kind: 'tenant', role: 'admin', id: 'api-key:seed', displayName: 'seed' } as const;
  return { principal: { ...principal, tenantId: parseTenantId(tenantId) }, door: 'management', source: '' };
}

/** Both halves over one database. @throws as a start of the service does. */
export async function open(keys: Keys, path: string) {
  const unsigned = await openSqliteStore({ path });
  try {
    const { keyring, writer, verifyingKeyset } = keys;
    const serviceKeys = await unsigned.read((tx) => tx.getServiceKeys());
    if (serviceKeys === undefined) throw new Error('no service keys');
    const store = signedStore(unsigned, await keyring.openRowSigner(serviceKeys, writer.publicKeyset));
    const openers = createOpeners(keyring);
    const execution: ExecutionServerContext = {
      ...{
        store,
        keyring,
        openers,
        bundleMaker: new BundleMaker(),
        openedBundles: new OpenedBundles(),
        clock,
        randomBytes,
      },
      tokenMac: await keyring.openTokenMac(serviceKeys.wrappedTokenKeyset),
      tokenTtlMs: 900_000,
      onDamagedBundle: () => {},
      onUnusableSecret: () => {},
      onUnsoundExecutions: () => {},
      checkpointSigner: await openCheckpointSigner(store, keyring),
      signedEnds: new SignedEnds(() => {}),
      revokedNames: createRevokedNames(openers),
      readBudget: createReadBudget(NOW),
      countedEvents: { record: async () => {} },
    };
    const management: ManagementContext = {
      store: signedStore(unsigned, writer.signer),
      sealers: createSealerFactory(verifyingKeyset),
      separation: Separation.KEYS_ONLY,
      sessionLimits: DEFAULT_SESSION_LIMITS,
      serviceVersion: '0.0.0',
      ...{ clock, randomBytes, workers },
    };
    return { unsigned, execution, management };
  } catch (error) {
    await unsigned.close();
    throw error;
  }
}

const workers = new WorkerPool();
export const closeWorkers = () => workers.close();

type Opened = Awaited<ReturnType<typeof open>>;

function start({ execution }: Opened, tenantId: string, flowId: string): Promise<string> {
  const request = create(StartExecutionRequestSchema, { tenantId, flowId });
  return startExecution(execution, ENGINE, request).then(({ executionToken }) => executionToken);
}

async function resolve({ execution }: Opened, executionToken: string): Promise<Record<string, string>> {
  const request = create(ResolveForExecutionRequestSchema, { executionToken });
  const answer = await resolveForExecution(execution, SIDECAR, request);
  const { secrets } = fromBinary(ResolveForExecutionResponseSchema, Buffer.concat(answer.expose()));
  return Object.fromEntries(
    Object.entries(secrets).map(([name, { value }]) => [name, Buffer.from(value).toString()]),
  );
}

const READ = create(SecretReadSchema, {
  ...{
    name: 'A',
    found: true,
    package: 'acme-handle/greeter',
    packageVersion: '0.1.0',
    node: 'Greet',
    count: 1,
  },
});

const MANIFEST = bytes(
  'name: acme-handle/greeter\nversion: 0.1.0\nlanguage: python\nnodes:\n' +
    '  - name: Greet\n    input: In\n    output: Out\n    required_secrets: [A]\n',
);

export async function seed(folder: string): Promise<Seeded> {
  const keyring = createKeyring(await createLocalKek(join(folder, 'kek.tink')));
  const { verifyingKeyset, ...serviceKeys } = await keyring.createServiceKeys();
  const { privateKeyset, publicKeyset } = await generateSigningKeyset();
  const signer = createWriterSigner({
    sign: createSign(privateKeyset),
    verify: createVerify(publicKeyset),
    verifyingKeyset,
  });
  const keys: Keys = { keyring, verifyingKeyset, writer: { publicKeyset, signer } };
  const database = join(folder, 'store.sqlite');
  const first = await openSqliteStore({ path: database });
  await first.write((tx) => tx.insertServiceKeys(serviceKeys));
  await first.close();

  const world = await open(keys, database);
  const [adminKey, globexKey] = [newApiKey(randomBytes), newApiKey(randomBytes)];
  await createTenant(world.execution, OPERATOR, parseTenantId('acme'), 'acme', adminKey);
  await createTenant(world.execution, OPERATOR, parseTenantId('globex'), 'globex', globexKey);
  const secrets = withDefaults(SecretsService, secretsHandlers(world.management));
  const configs = withDefaults(FlowConfigsService, {
    ...flowConfigsHandlers(world.management),
    ...overridesHandlers(world.management),
  });
  const access = withDefaults(AccessService, accessHandlers(world.management));
  const packages = withDefaults(PackagesService, packagesHandlers(world.management));
  const [acme, globex] = [member('acme'), member('globex')];
  for (const name of ['A', 'B', 'D'])
    await secrets.addSecret(acme, { name, content: { case: 'value', value: bytes(`${name} of acme`) } });
  await secrets.addSecret(globex, { name: 'A', content: { case: 'value', value: bytes('A of globex') } });
  const configOf = async (flowId: string, profileName: string) =>
    (await configs.createFlowConfig(acme, { flowId, profileName })).flowConfig?.configId ?? '';
  const configId = await configOf('flow', 'default');
  const another = await configOf('other', 'staging');
  await configs.setSecretOverride(acme, {
    configId,
    name: 'A',
    content: { case: 'value', value: bytes('A overridden') },
  });
  await configs.setSecretOverride(acme, {
    configId: another,
    name: 'D',
    content: { case: 'value', value: bytes('D overridden') },
  });
  await configs.updateTenantDefault(acme, { nodeTimeout: { seconds: 30n } });
  const viewer = await access.createApiKey(acme, { displayName: 'viewer', role: Role.VIEWER });
  const revoked = await access.createApiKey(acme, { displayName: 'leaked', role: Role.ADMIN });
  await packages.publishPackage(acme, { manifest: MANIFEST });
  // A session has the rights of the key that opened it.
  const withKey = async (call: typeof acme): Promise<TenantPrincipal> => {
    const made = await access.createApiKey(call, { displayName: 'console', role: Role.ADMIN });
    return { ...call.principal, apiKeyId: parseApiKeyId(made.apiKey?.keyId ?? '') };
  };
  const sessions = createSessions({
    ...{ store: world.management.store, clock, randomBytes, oidc: undefined },
    limits: DEFAULT_SESSION_LIMITS,
  });
  const cookie = ((await sessions.open(await withKey(acme), '')).split(';')[0] ?? '').trim();
  const globexCookie = ((await sessions.open(await withKey(globex), '')).split(';')[0] ?? '').trim();
  const runningToken = await start(world, 'acme', 'flow');
  const endedToken = await start(world, 'acme', 'plain');
  const globexToken = await start(world, 'globex', 'flow');
  await world.unsigned.close();
  const earlier = join(folder, 'earlier.sqlite');
  copyFileSync(database, earlier);

  const later = await open(keys, database);
  const now = {
    secrets: withDefaults(SecretsService, secretsHandlers(later.management)),
    configs: withDefaults(FlowConfigsService, {
      ...flowConfigsHandlers(later.management),
      ...overridesHandlers(later.management),
    }),
    access: withDefaults(AccessService, accessHandlers(later.management)),
  };
  await now.secrets.replaceSecret(acme, { name: 'A', content: { case: 'value', value: bytes('A anew') } });
  await now.secrets.addSecret(acme, { name: 'C', content: { case: 'value', value: bytes('C of acme') } });
  await now.secrets.deleteSecret(acme, { name: 'B', revokeRunning: true });
  // Its place stays, and is free.
  await now.secrets.addSecret(globex, {
    name: 'L',
    content: { case: 'value', value: new Uint8Array(5_000).fill(65) },
  });
  await now.secrets.deleteSecret(globex, { name: 'L' });
  await now.configs.setSecretOverride(acme, {
    configId,
    name: 'A',
    content: { case: 'value', value: bytes('A overridden anew') },
  });
  await now.configs.updateTenantDefault(acme, { nodeTimeout: { seconds: 40n } });
  await now.access.revokeApiKey(acme, { keyId: revoked.apiKey?.keyId ?? '' });
  await endExecution(
    later.execution,
    ENGINE,
    create(EndExecutionRequestSchema, { executionToken: endedToken }),
  );
  const newToken = await start(later, 'acme', 'flow');
  const { unpublishPackage, publishPackage } = withDefaults(
    PackagesService,
    packagesHandlers(later.management),
  );
  await publishPackage(acme, { manifest: bytes(Buffer.from(MANIFEST).toString().replace('0.1.0', '0.1.1')) });
  await unpublishPackage(acme, { name: 'acme-handle/greeter', version: '0.1.1' });
  await reportReads(later.execution, SIDECAR, {
    ...create(ReportReadsRequestSchema),
    executions: [create(ExecutionReadsSchema, { executionToken: newToken, reads: [READ] })],
  });
  // A minute on, so that its use is noted.
  await createSessions({
    ...{ store: later.management.store, clock: () => NOW + 60_000, randomBytes, oidc: undefined },
    limits: DEFAULT_SESSION_LIMITS,
  }).authenticate(cookie);
  const initech = parseTenantId('initech');
  await createTenant(later.execution, OPERATOR, initech, 'initech', newApiKey(randomBytes));
  await pruneLog(later.execution, OPERATOR, initech, NOW + 1);
  const names = await now.secrets.listSecretNames(acme, {});
  const listed = names.secrets?.map(({ name, etag }) => `${name} ${etag}`) ?? [];
  // As the service does every second.
  await signMovedLogs(later.execution);
  await start(later, 'globex', 'since');
  await later.unsigned.close();
  return {
    ...{
      keys,
      database,
      earlier,
      adminKey,
      globexKey,
      cookie,
      globexCookie,
      runningToken,
      globexToken,
      newToken,
      endedToken,
      listed,
    },
    ...{ viewerKey: viewer.rawKey ?? '', revokedKey: revoked.rawKey ?? '' },
  };
}

const ACME = { A: 'A anew', C: 'C of acme', D: 'D of acme' };
const OVERRIDDEN = { ...ACME, A: 'A overridden anew' };
const PINNED = { A: 'A overridden', D: 'D of acme' };

export async function openWorld(seeded: Seeded, path: string): Promise<World> {
  const opened = await open(seeded.keys, path);
  const { management, execution } = opened;
  const keys = createApiKeyAuthenticator(management.store, clock);
  const sessions = createSessions({
    ...{ store: management.store, clock, randomBytes, oidc: undefined },
    limits: management.sessionLimits,
  });
  const packages = withDefaults(PackagesService, packagesHandlers(management));
  const secrets = withDefaults(SecretsService, secretsHandlers(management));
  const listed = async () =>
    (await secrets.listSecretNames(member('acme'), {})).secrets?.map(({ name, etag }) => `${name} ${etag}`);
  const rightOf = ({ tenantId, role }: TenantPrincipal) => `${role} of ${tenantId}`;
  const run = async (tenantId: string, flowId: string) =>
    resolve(opened, await start(opened, tenantId, flowId));

  const publish = async (tenantId: string, version: string) => {
    const manifest = bytes(Buffer.from(MANIFEST).toString().replace('0.1.0', version));
    return (await packages.publishPackage(member(tenantId), { manifest })).package?.name;
  };

  /** What is asked, and the only answer that is no lie; undefined: nothing is to be given. */
  const questions: readonly (readonly [string, () => Promise<unknown>, unknown])[] = [
    ['values with a config', () => run('acme', 'flow'), OVERRIDDEN],
    ['values without a config', () => run('acme', 'plain'), ACME],
    ['values of another tenant', () => run('globex', 'flow'), { A: 'A of globex' }],
    ['values that were pinned', () => resolve(opened, seeded.runningToken), PINNED],
    ['values that another tenant pinned', () => resolve(opened, seeded.globexToken), { A: 'A of globex' }],
    ['values that were pinned last', () => resolve(opened, seeded.newToken), OVERRIDDEN],
    ['values of an ended execution', () => resolve(opened, seeded.endedToken), undefined],
    ['names that are listed', listed, seeded.listed],
    ['an admin’s key', async () => rightOf(await keys.authenticateKey(seeded.adminKey)), 'admin of acme'],
    ['a viewer’s key', async () => rightOf(await keys.authenticateKey(seeded.viewerKey)), 'viewer of acme'],
    [
      'another tenant’s key',
      async () => rightOf(await keys.authenticateKey(seeded.globexKey)),
      'admin of globex',
    ],
    ['a revoked key', async () => rightOf(await keys.authenticateKey(seeded.revokedKey)), undefined],
    ['a session', async () => rightOf(await sessions.authenticate(seeded.cookie)), 'admin of acme'],
    [
      'another tenant’s session',
      async () => rightOf(await sessions.authenticate(seeded.globexCookie)),
      'admin of globex',
    ],
    ['another’s handle', () => publish('globex', '0.2.0'), undefined],
    ['a version that was unpublished', () => publish('acme', '0.1.1'), undefined],
    ['one’s own handle', () => publish('acme', '0.3.0'), 'acme-handle/greeter'],
  ];
  return {
    async look() {
      const wrong: string[] = [];
      const refused: string[] = [];
      let faults = 0;
      // Looked at first: what is asked below is written down, over what was lied about.
      for (const tenantId of ['acme', 'globex', 'initech']) {
        const verified = await verifyTenant(execution, parseTenantId(tenantId)).catch(() => undefined);
        faults += verified?.faults.length ?? 1;
      }
      for (const [what, ask, right] of questions) {
        const answer = await ask().catch((error: Error) => error);
        if (answer instanceof Error && right !== undefined) refused.push(what);
        else if (answer instanceof Error) continue;
        else if (JSON.stringify(sorted(answer)) !== JSON.stringify(sorted(right)))
          wrong.push(`${what}: ${JSON.stringify(answer)}`);
      }
      return { wrong, refused, faults };
    },
    close: () => opened.unsigned.close(),
  };
}

function sorted(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? Object.entries(value).sort() : value;
}
