/** What people call the ids of the audit log, as far as the tenant still has what they name. */

import { useQuery } from '@connectrpc/connect-query';
import { useMemo } from 'react';
import { AccessService } from '../../../gen/axiom/access/v1/access_pb';
import { FlowConfigsService } from '../../../gen/axiom/flowconfigs/v1/flow_configs_pb';

export interface KnownNames {
  /** The display name of an API key's id. */
  ofKey(keyId: string): string | undefined;
  /** A config's id as its flow and profile. */
  ofConfig(configId: string): string | undefined;
}

export function useKnownNames(): KnownNames {
  const keys = useQuery(AccessService.method.listApiKeys, { pageSize: 1_000 }).data;
  const configs = useQuery(FlowConfigsService.method.listFlowConfigs, { pageSize: 1_000 }).data;
  return useMemo(() => {
    const ofKey = new Map(keys?.apiKeys.map(({ keyId, displayName }) => [keyId, displayName]));
    const ofConfig = new Map(
      configs?.flowConfigs.map(({ configId, flowId, profileName }) => [
        configId,
        `${flowId}, profile ${profileName}`,
      ]),
    );
    return { ofKey: (keyId) => ofKey.get(keyId), ofConfig: (configId) => ofConfig.get(configId) };
  }, [keys, configs]);
}
