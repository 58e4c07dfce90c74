/** The key of a page of flow configs: where a list by flow and profile name goes on. No id holds a NUL. */

import type { FlowConfigRecord } from './records';

export function flowConfigKey({
  flowId,
  profileName,
}: Pick<FlowConfigRecord, 'flowId' | 'profileName'>): string {
  return `${flowId}\u0000${profileName}`;
}

/** @returns the flow and the profile name; both empty before the first page. */
export function splitFlowConfigKey(key: string | undefined): readonly [flowId: string, profileName: string] {
  const [flowId = '', profileName = ''] = (key ?? '').split('\u0000');
  return [flowId, profileName];
}
