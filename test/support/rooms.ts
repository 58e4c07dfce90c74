/** The rooms behind the doors, without a socket: real store, real keys, a clock that a test may move. */

import { DEFAULT_SESSION_LIMITS } from '../../src/domain/session';
import { Separation } from '../../src/gen/axiom/access/v1/access_pb';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  create,
  fromBinary,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import pino from 'pino';
import { createLocalKek } from '../../src/crypto/kek/local-kek';
import { createKeyring } from '../../src/crypto/open/create-keyring';
import type { Keyring, NewServiceKeys } from '../../src/crypto/open/opener';
import { createSealerFactory } from '../../src/crypto/seal/create-sealer';
import { createReadBudget } from '../../src/domain/read-budget';
import { newApiKey } from '../../src/domain/api-key';
import type { Call } from '../../src/domain/call';
import { parseTenantId, type TenantId } from '../../src/domain/ids';
import type { OperatorPrincipal, Role, TenantPrincipal, WorkloadPrincipal } from '../../src/domain/principal';
import { auditLogsHandlers } from '../../src/execution/audit-logs';
import { openCheckpointSigner } from '../../src/execution/checkpoints';
import type { ExecutionServerContext } from '../../src/execution/context';
import { endExecution } from '../../src/execution/end';
import { BundleMaker } from '../../src/execution/bundle-maker';
import { OpenedBundles } from '../../src/execution/opened-bundles';
import { allTenantIds } from '../../src/execution/all-tenants';
import { takeOverFormat1 } from '../../src/execution/take-over';
import { maintenanceHandlers } from '../../src/execution/maintenance';
import { createOpeners } from '../../src/execution/openers';
import { reportReads } from '../../src/execution/reads';
import { createRevokedNames } from '../../src/execution/revoked-names';
import { SignedEnds } from '../../src/execution/signed-ends';
import { resolveForExecution } from '../../src/execution/resolve';
import { startExecution } from '../../src/execution/start';
import { serializeStarted } from '../../src/execution/started-message';
import { createTenant } from '../../src/execution/tenants';
import {
  ReportReadsRequestSchema,
  StartExecutionRequestSchema,
  StartExecutionResponseSchema,
  EndExecutionRequestSchema,
} from '../../src/gen/axiom/executions/v1/executions_pb';
import {
  ResolveForExecutionRequestSchema,
  ResolveForExecutionResponseSchema,
  SecretsService,
} from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { accessHandlers } from '../../src/management/access';
import { auditHandlers } from '../../src/management/audit';
import { auditSearchHandlers } from '../../src/management/audit-search';
import { flowConfigsHandlers } from '../../src/management/flow-configs';
import { overridesHandlers } from '../../src/management/overrides';
import { packagesHandlers } from '../../src/management/packages';
import { publicKeysetHandlers } from '../../src/management/public-keyset';
import { importSecretsHandlers } from '../../src/management/import-secrets';
import { secretsHandlers } from '../../src/management/secrets';
import { sessionsHandlers } from '../../src/management/sessions';
import { usageHandlers } from '../../src/management/usage';
import { AccessService } from '../../src/gen/axiom/access/v1/access_pb';
import { AuditLogsService, AuditService } from '../../src/gen/axiom/audit/v1/audit_pb';
import { MaintenanceService } from '../../src/gen/axiom/maintenance/v1/maintenance_pb';
import { FlowConfigsService } from '../../src/gen/axiom/flowconfigs/v1/flow_configs_pb';
import { PackagesService } from '../../src/gen/axiom/packages/v1/packages_pb';
import { UsageService } from '../../src/gen/axiom/usage/v1/usage_pb';
import { withDefaults } from './request-defaults';
import { signedStore } from '../../src/store/signed-store';
import { createWriterSigner } from '../../src/crypto/row-signer';
import { createSign, createVerify } from '../../src/crypto/tink/ecdsa';
import { generateSigningKeyset } from '../../src/crypto/tink/generate';
import { createCountedEvents } from '../../src/server/counted-events';
import { openSqliteStore } from '../../src/store/sqlite/open';
import type { Store } from '../../src/store/store';
import { WorkerPool } from '../../src/work/worker-pool';

export const SIDECAR: Call<WorkloadPrincipal> = {
  principal: { kind: 'sidecar', id: 'sidecar:test' },
  door: 'execution',
  source: '192.0.2.7',
};
export const ENGINE: Call<WorkloadPrincipal> = {
  principal: { kind: 'engine', id: 'engine:test' },
  door: 'execution',
  source: '192.0.2.7',
};
export const OPERATOR: Call<OperatorPrincipal> = {
  principal: { kind: 'operator', id: 'operator' },
  door: 'operator',
  source: 'unix',
};

interface RoomsOptions {
  readonly tokenTtlMs?: number;
  /** Opens another store than SQLite's; the rooms close it. */
  readonly openStore?: () => Promise<Store>;
  /** A folder with a store and the keys that it was made with; a new one otherwise. The rooms remove it. */
  readonly standing?: string;
}

export async function openRooms({ tokenTtlMs = 900_000, openStore, standing }: RoomsOptions = {}) {
  const folder = standing ?? mkdtempSync(join(tmpdir(), 'axiom-rooms-'));
  const time = { now: Date.UTC(2026, 5, 10) };
  const clock = () => time.now;
  const storePath = join(folder, 'store.sqlite');
  const unsigned = await (openStore?.() ?? openSqliteStore({ path: storePath }));
  const keyring = createKeyring(await createLocalKek(join(folder, 'kek.tink')));
  const { verifyingKeyset, ...serviceKeys } = await serviceKeysOf(unsigned, keyring, folder);
  const writer = await generateSigningKeyset();
  const store = signedStore(unsigned, await keyring.openRowSigner(serviceKeys, writer.publicKeyset));
  const writerSigner = createWriterSigner({
    sign: createSign(writer.privateKeyset),
    verify: createVerify(writer.publicKeyset),
    verifyingKeyset,
  });
  const tokenMac = await keyring.openTokenMac(serviceKeys.wrappedTokenKeyset);
  const openers = createOpeners(keyring);
  const countedEvents = createCountedEvents(store, clock, pino({ enabled: false }));
  const execution: ExecutionServerContext = {
    ...{
      store,
      keyring,
      openers,
      bundleMaker: new BundleMaker(),
      openedBundles: new OpenedBundles(),
      tokenMac,
      countedEvents,
      clock,
      randomBytes,
      tokenTtlMs,
    },
    onDamagedBundle: () => {},
    onUnusableSecret: () => {},
    onUnsoundExecutions: () => {},
    checkpointSigner: await openCheckpointSigner(store, keyring),
    signedEnds: new SignedEnds(() => {}),
    revokedNames: createRevokedNames(openers),
    readBudget: createReadBudget(time.now),
  };
  const workers = new WorkerPool();
  const management = {
    store: signedStore(unsigned, writerSigner),
    sealers: createSealerFactory(verifyingKeyset),
    clock,
    randomBytes,
    workers,
    separation: Separation.KEYS_ONLY,
    sessionLimits: DEFAULT_SESSION_LIMITS,
    serviceVersion: '0.0.0',
  };
  const addTenant = (id: string) =>
    createTenant(execution, OPERATOR, parseTenantId(id), id, newApiKey(randomBytes));
  if (standing === undefined) await addTenant('acme');

  return {
    store,
    storePath,
    time,
    countedEvents,
    execution,
    management,
    addTenant,
    secrets: withDefaults(SecretsService, {
      ...secretsHandlers(management),
      ...importSecretsHandlers(management),
      ...publicKeysetHandlers(management),
    }),
    configs: withDefaults(FlowConfigsService, {
      ...flowConfigsHandlers(management),
      ...overridesHandlers(management),
    }),
    packages: withDefaults(PackagesService, packagesHandlers(management)),
    access: withDefaults(AccessService, { ...accessHandlers(management), ...sessionsHandlers(management) }),
    audit: withDefaults(AuditService, {
      ...auditHandlers(management),
      ...auditSearchHandlers(management),
    }),
    auditLogs: withDefaults(AuditLogsService, auditLogsHandlers(execution)),
    maintenance: withDefaults(MaintenanceService, maintenanceHandlers(execution)),
    usage: withDefaults(UsageService, usageHandlers(management)),

    /** What a start does with a store of a version that signed nothing. */
    async takeOver() {
      const found = await takeOverFormat1({ ...execution, store: unsigned });
      for await (const tenantId of allTenantIds(unsigned))
        await store.write((tx) => tx.signAsFound(tenantId));
      return found;
    },
    /** The answer as engines read it. */
    async start(request: MessageInitShape<typeof StartExecutionRequestSchema>) {
      const whole = filled(StartExecutionRequestSchema, { tenantId: 'acme', flowId: 'flow', ...request });
      const started = await startExecution(execution, ENGINE, whole);
      return fromBinary(StartExecutionResponseSchema, serializeStarted(started));
    },
    end: (executionToken: string) =>
      endExecution(execution, ENGINE, filled(EndExecutionRequestSchema, { executionToken })),
    reportReads: (request: MessageInitShape<typeof ReportReadsRequestSchema>) =>
      reportReads(execution, SIDECAR, filled(ReportReadsRequestSchema, request)),
    /** The whole answer, parsed. */
    async resolve(executionToken: string) {
      const request = filled(ResolveForExecutionRequestSchema, { executionToken });
      const answer = await resolveForExecution(execution, SIDECAR, request);
      try {
        return fromBinary(ResolveForExecutionResponseSchema, Buffer.concat(answer.expose()));
      } finally {
        answer.wipe();
      }
    },
    /** Only the values, as text. */
    async values(executionToken: string): Promise<Record<string, string>> {
      const { secrets } = await this.resolve(executionToken);
      return Object.fromEntries(
        Object.entries(secrets).map(([name, { value }]) => [name, Buffer.from(value).toString('utf8')]),
      );
    },
    async close() {
      await workers.close();
      await countedEvents.stop();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function serviceKeysOf(store: Store, keyring: Keyring, folder: string): Promise<NewServiceKeys> {
  const stored = await store.read((tx) => tx.getServiceKeys());
  if (stored !== undefined)
    return { ...stored, verifyingKeyset: readFileSync(join(folder, 'verifying-keyset.tink')) };
  const made = await keyring.createServiceKeys();
  await store.write((tx) => tx.insertServiceKeys(made));
  return made;
}

export type Rooms = Awaited<ReturnType<typeof openRooms>>;

/** A call of a tenant's member. */
export function member(tenantId = 'acme', role: Role = 'admin'): Call<TenantPrincipal> {
  const id = tenantId as TenantId;
  return {
    principal: { kind: 'tenant', tenantId: id, role, id: 'api-key:test', displayName: 'test' },
    door: 'management',
    source: '192.0.2.8',
  };
}

export function text(value: string): Uint8Array {
  return new Uint8Array(Buffer.from(value, 'utf8'));
}

/** A message with every default in place. */
export function filled<D extends DescMessage>(schema: D, init: MessageInitShape<D>): MessageShape<D> {
  return create(schema, init);
}
