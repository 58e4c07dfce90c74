/** StartExecution: pins one revision of the tenant's scope and one of the config's, and answers a token. */

import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { auditEntry, type AuditDetails } from '../domain/audit-entry';
import type { Call } from '../domain/call';
import { randomId } from '../domain/clock';
import { DomainError, parseAll } from '../domain/errors';
import {
  DEFAULT_PROFILE,
  parseConfigId,
  parseExecutionId,
  parseFlowId,
  parseProfileName,
  parseTenantId,
  type ConfigId,
  type ExecutionId,
  type FlowId,
  type ProfileName,
  type TenantId,
} from '../domain/ids';
import { effectiveNodeTimeout } from '../domain/node-timeout';
import type { WorkloadPrincipal } from '../domain/principal';
import { configScope, TENANT_SCOPE, type Scope } from '../domain/scope';
import type {
  StartExecutionRequest,
  StartExecutionResponseSchema,
} from '../gen/axiom/executions/v1/executions_pb';
import type { BundleRecord, ExecutionRecord, FlowConfigRecord } from '../store/records';
import type { ReadTx, WriteTx } from '../store/store';
import { makeBundle, readBundleSource } from './bundles';
import type { ExecutionServerContext } from './context';
import { tenantNotFound } from './openers';
import { issueToken } from './tokens';

/** A write may come between making a bundle and pinning it; so often it is made again. */
const MAX_ATTEMPTS = 10;

interface ParsedStart {
  readonly tenantId: TenantId;
  readonly flowId: FlowId;
  readonly executionId: ExecutionId;
  readonly config: { readonly id?: ConfigId; readonly name?: ProfileName };
}

interface Pinned {
  readonly record: ExecutionRecord;
  readonly nodeTimeoutSeconds: number;
}

export async function startExecution(
  context: ExecutionServerContext,
  call: Call<WorkloadPrincipal>,
  request: StartExecutionRequest,
) {
  const start = parseStart(context, request);
  const { record, nodeTimeoutSeconds } = await pin(context, call, start);
  const token = await issueToken(context.tokenMac, { ...record, nodeTimeoutSeconds });
  return {
    executionId: record.executionId,
    executionToken: token,
    expireTime: timestampFromMs(record.expireTime),
    configId: record.configId ?? '',
    nodeTimeout: { seconds: BigInt(nodeTimeoutSeconds) },
  } satisfies MessageInitShape<typeof StartExecutionResponseSchema>;
}

function parseStart(context: ExecutionServerContext, request: StartExecutionRequest): ParsedStart {
  const { config } = request;
  return parseAll({
    tenantId: () => parseTenantId(request.tenantId),
    flowId: () => parseFlowId(request.flowId),
    executionId: () => parseExecutionId(request.executionId || randomId(context.randomBytes)),
    config: () => {
      if (config.case === 'configId') return { id: parseConfigId(config.value) };
      return config.case === 'profileName' ? { name: parseProfileName(config.value) } : {};
    },
  });
}

/** Makes what bundles are missing, then pins in one write, if nothing has changed in between. */
async function pin(context: ExecutionServerContext, call: Call, start: ParsedStart): Promise<Pinned> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const made = await makeMissingBundles(context, start);
    const pinned = await context.store.write((tx) => tryPin(context, tx, call, start, made));
    if (pinned !== undefined) return pinned;
  }
  throw new DomainError(
    'UNAVAILABLE',
    'the secrets of this tenant keep changing; try to start the execution again',
    'SECRETS_KEEP_CHANGING',
  );
}

type MadeBundles = ReadonlyMap<'tenant' | 'config', BundleRecord>;

async function makeMissingBundles(context: ExecutionServerContext, start: ParsedStart): Promise<MadeBundles> {
  const { tenantId } = start;
  const { opener, sources } = await context.store.read(async (tx) => {
    if ((await tx.getTenant(tenantId)) === undefined) throw tenantNotFound(tenantId);
    const config = await findConfig(tx, start);
    return {
      opener: await context.openers.openerOf(tx, tenantId),
      sources: [
        await readBundleSource(tx, tenantId, TENANT_SCOPE),
        config && (await readBundleSource(tx, tenantId, configScope(config.configId))),
      ],
    };
  });
  const made = new Map<'tenant' | 'config', BundleRecord>();
  for (const source of sources) {
    if (source !== undefined) made.set(source.scope.kind, await makeBundle(opener, source));
  }
  return made;
}

/** @returns undefined when a scope has moved on since its bundle was made. */
async function tryPin(
  context: ExecutionServerContext,
  tx: WriteTx,
  call: Call,
  start: ParsedStart,
  made: MadeBundles,
): Promise<Pinned | undefined> {
  const { tenantId, flowId, executionId } = start;
  if ((await tx.getExecution(executionId)) !== undefined) {
    throw new DomainError(
      'ALREADY_EXISTS',
      `execution ${executionId} has been started already; give each run an id of its own`,
      'EXECUTION_EXISTS',
    );
  }
  const config = await findConfig(tx, start);
  const tenantRevision = await pinScope(tx, tenantId, TENANT_SCOPE, made.get('tenant'));
  const configRevision =
    config && (await pinScope(tx, tenantId, configScope(config.configId), made.get('config')));
  if (tenantRevision === undefined || (config !== undefined && configRevision === undefined))
    return undefined;

  const now = context.clock();
  const record: ExecutionRecord = {
    ...{ executionId, tenantId, flowId, configId: config?.configId },
    ...{ tenantRevision, configRevision: configRevision ?? 0 },
    ...{ startTime: now, expireTime: now + context.tokenTtlMs, endTime: undefined },
  };
  await tx.insertExecution(record);
  const details: AuditDetails = {
    action: 'execution.start',
    resource: config?.configId ?? flowId,
    version: tenantRevision,
    executionId,
  };
  await tx.appendAudit(tenantId, auditEntry(call, now, details));
  const tenantDefault = await tx.getTenantDefault(tenantId);
  const nodeTimeoutSeconds = effectiveNodeTimeout(
    config?.nodeTimeoutSeconds,
    tenantDefault?.nodeTimeoutSeconds,
  );
  return { record, nodeTimeoutSeconds };
}

/** @returns the scope's revision once its bundle stands in the store; undefined when it moved on. */
async function pinScope(
  tx: WriteTx,
  tenantId: TenantId,
  scope: Scope,
  made: BundleRecord | undefined,
): Promise<number | undefined> {
  const { revision } = await tx.getScope(tenantId, scope);
  if (made?.revision === revision) {
    await tx.putBundle(tenantId, scope, made);
    return revision;
  }
  const stands = revision === 0 || (await tx.getBundle(tenantId, scope, revision)) !== undefined;
  return stands ? revision : undefined;
}

/** The config that applies: the one named, else the flow's `default` profile if it has one. */
async function findConfig(
  tx: ReadTx,
  { tenantId, flowId, config }: ParsedStart,
): Promise<FlowConfigRecord | undefined> {
  if (config.id === undefined && config.name === undefined)
    return tx.findFlowConfig(tenantId, flowId, DEFAULT_PROFILE);
  const found =
    config.id !== undefined
      ? await tx.getFlowConfig(tenantId, config.id)
      : await tx.findFlowConfig(tenantId, flowId, config.name ?? DEFAULT_PROFILE);
  if (found === undefined || found.flowId !== flowId) {
    throw new DomainError(
      'NOT_FOUND',
      `flow ${flowId} has no such config; list its profiles to see which it has`,
      'FLOW_CONFIG_NOT_FOUND',
    );
  }
  return found;
}
