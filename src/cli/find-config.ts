/** Flow configs as commands name them. */

import { FlowConfigsService, type FlowConfig } from '../gen/axiom/flowconfigs/v1/flow_configs_pb';
import { allPages } from './all-pages';
import type { Management } from './connection';
import { EXIT } from './exit-codes';
import { CliError } from './failure';

/** By id, or by FLOW/PROFILE: a flow's id may hold slashes, a profile's name holds none. */
export async function findConfig(door: Management, config: string): Promise<FlowConfig> {
  const slash = config.lastIndexOf('/');
  if (slash < 0) {
    const { flowConfig } = await door
      .client(FlowConfigsService)
      .getFlowConfig({ configId: config }, door.options());
    if (flowConfig !== undefined) return flowConfig;
  }
  const [flowId, profileName] = [config.slice(0, slash), config.slice(slash + 1)];
  // A list without a flow is of all flows, and `"$UNSET/eu"` is the profile of none of them.
  if (flowId === '' || profileName === '')
    throw new CliError(`${config} is not FLOW/PROFILE; see \`axiom configs list\``, EXIT.usage);
  const found = (await listConfigs(door, flowId)).find((one) => one.profileName === profileName);
  if (found === undefined)
    throw new CliError(
      `flow ${flowId} has no profile ${profileName}; see \`axiom configs list\``,
      EXIT.notFound,
    );
  return found;
}

/** FLOW/PROFILE, also where somebody gave the id. */
export function nameOfConfig({ flowId, profileName }: FlowConfig): string {
  return `${flowId}/${profileName}`;
}

/** All profiles of a flow; of every flow where it is empty. */
export function listConfigs(door: Management, flowId: string): Promise<FlowConfig[]> {
  return allPages(
    (page) => door.client(FlowConfigsService).listFlowConfigs({ ...page, flowId }, door.options()),
    (page) => page.flowConfigs,
  );
}
