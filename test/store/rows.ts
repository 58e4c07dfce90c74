/** Rows for tests of the store: complete, with what matters to a test given by it. */

import type { AuditEntry } from '../../src/domain/audit-entry';
import type { ConfigId, ExecutionId, FlowId, ProfileName, SecretName, TenantId } from '../../src/domain/ids';
import type {
  ApiKeyRecord,
  ExecutionRecord,
  FlowConfigRecord,
  PackageRecord,
  ReadsRecord,
  SealedSecretRecord,
  SessionRecord,
} from '../../src/store/records';

/** Any branded id from a text that its parser would take. */
export function id<T extends string>(text: string): T {
  return text as T;
}

export const name = (text: string) => text as SecretName;
export const bytes = (...values: number[]) => Uint8Array.from(values);

export const TENANT: TenantId = id('acme');
export const CONFIG: ConfigId = id('config-1');
const FLOW: FlowId = id('flow-1');

export function secret(
  secretName: string,
  version: number,
  fields: Partial<SealedSecretRecord> = {},
): SealedSecretRecord {
  return {
    name: name(secretName),
    version,
    paddedBytes: 3,
    sealId: bytes(version),
    createTime: 1,
    updateTime: version,
    ciphertext: bytes(version),
    ...fields,
  };
}

export function execution(executionId: string, fields: Partial<ExecutionRecord> = {}): ExecutionRecord {
  return {
    executionId: id<ExecutionId>(executionId),
    tenantId: TENANT,
    flowId: FLOW,
    configId: undefined,
    tenantRevision: 1,
    configRevision: 0,
    startTime: 1,
    expireTime: 1_000,
    endTime: undefined,
    ...fields,
  };
}

export function config(configId: string, flowId: string, profileName: string): FlowConfigRecord {
  return {
    configId: id(configId),
    flowId: id(flowId),
    profileName: id<ProfileName>(profileName),
    nodeTimeoutSeconds: 60,
    createTime: 1,
    updateTime: 2,
    revision: 1,
  };
}

export function apiKey(keyId: string, createTime: number): ApiKeyRecord {
  return {
    keyId: id(keyId),
    tenantId: TENANT,
    displayName: 'CI',
    role: 'editor',
    keyHash: `hash of ${keyId}`,
    maskedKey: 'ax_…',
    createTime,
    expireTime: 99,
    lastUseTime: undefined,
    revokeTime: undefined,
  };
}

export function session(sessionHash: string, fields: Partial<SessionRecord>): SessionRecord {
  return {
    sessionHash,
    tenantId: TENANT,
    role: 'viewer',
    principal: 'oidc:ada',
    displayName: 'Ada',
    apiKeyId: undefined,
    createTime: 1,
    expireTime: 99,
    roleClaims: undefined,
    ...fields,
  };
}

export function packageRecord(
  packageName: string,
  version: string,
  requiredSecrets: string[],
): PackageRecord {
  return {
    name: packageName,
    version,
    language: 'python',
    description: 'Greets — “kindly”',
    nodes: [
      { name: 'Greet', description: '', input: 'In', output: 'Out', pipeline: false, requiredSecrets },
      { name: 'Bye', description: '', input: 'In', output: 'Out', pipeline: true, requiredSecrets },
    ],
    manifest: bytes(1, 2, 3),
    publishedBy: TENANT,
    createTime: 4,
  };
}

export function reads(readName: string, found: boolean, lastReadTime: number, count: number): ReadsRecord {
  return {
    name: readName,
    found,
    lastReadTime,
    lastReadPackage: 'acme/greeter@1.0.0',
    lastReadNode: 'Greet',
    count,
  };
}

export function entry(fields: Partial<AuditEntry>): AuditEntry {
  return {
    time: 1,
    principal: 'api-key:k1',
    action: 'secret.add',
    allowed: true,
    door: 'management',
    resource: 'A',
    version: 1,
    scope: 'tenant',
    executionId: '',
    node: '',
    count: 1,
    status: 'OK',
    source: '',
    ...fields,
  };
}
