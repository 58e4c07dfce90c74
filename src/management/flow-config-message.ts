/** Turns stored flow configs into messages, with the names that they override and never a value. */

import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { etagOf } from '../domain/etag';
import type { ConfigId, TenantId } from '../domain/ids';
import { configScope } from '../domain/scope';
import { effectiveNodeTimeout } from '../domain/node-timeout';
import type { FlowConfigSchema, TenantDefaultSchema } from '../gen/axiom/flowconfigs/v1/flow_configs_pb';
import type { FlowConfigRecord, SecretRecord, TenantDefaultRecord } from '../store/records';
import { collect } from '../work/in-chunks';
import { secretNameOf } from './secret-message';
import { listedSecrets, type Reading } from './listed-names';

/** What the config overrides, by name. */
export function overridesOf(
  read: Reading,
  tenantId: TenantId,
  configId: ConfigId,
): Promise<readonly SecretRecord[]> {
  return collect(listedSecrets(read, tenantId, configScope(configId)));
}

export function flowConfigMessage(
  record: FlowConfigRecord,
  overrides: readonly SecretRecord[],
): MessageInitShape<typeof FlowConfigSchema> {
  return {
    configId: record.configId,
    flowId: record.flowId,
    profileName: record.profileName,
    ...timeout(record.nodeTimeoutSeconds),
    overrides: overrides.map(secretNameOf),
    createTime: timestampFromMs(record.createTime),
    updateTime: timestampFromMs(record.updateTime),
    etag: etagOf(record.revision),
  };
}

export function tenantDefaultMessage(
  record: TenantDefaultRecord | undefined,
): MessageInitShape<typeof TenantDefaultSchema> {
  return {
    ...timeout(record?.nodeTimeoutSeconds),
    effectiveNodeTimeout: { seconds: BigInt(effectiveNodeTimeout(undefined, record?.nodeTimeoutSeconds)) },
    etag: etagOf(record?.revision ?? 0),
  };
}

function timeout(seconds: number | undefined): { nodeTimeout?: { seconds: bigint } } {
  return seconds === undefined ? {} : { nodeTimeout: { seconds: BigInt(seconds) } };
}
