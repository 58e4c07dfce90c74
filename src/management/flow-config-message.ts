/** Turns stored flow configs into messages, with the names that they override and never a value. */

import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { etagOf } from '../domain/etag';
import type { TenantId } from '../domain/ids';
import { configScope } from '../domain/scope';
import { effectiveNodeTimeout } from '../domain/node-timeout';
import type { FlowConfigSchema, TenantDefaultSchema } from '../gen/axiom/flowconfigs/v1/flow_configs_pb';
import type { FlowConfigRecord, TenantDefaultRecord } from '../store/records';
import { collect } from '../work/in-chunks';
import { secretNameOf } from './secret-message';
import { listedSecrets, type Reading } from './listed-names';

export async function flowConfigMessage(
  read: Reading,
  tenantId: TenantId,
  record: FlowConfigRecord,
): Promise<MessageInitShape<typeof FlowConfigSchema>> {
  const overrides = await collect(listedSecrets(read, tenantId, configScope(record.configId)));
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
