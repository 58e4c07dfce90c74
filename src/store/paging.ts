/** Where a page of a list begins: after the last row's key. Keys of two columns are joined by a NUL, which no id holds. */

import type { ApiKeyRecord, FlowConfigRecord } from './records';

/** Keyset pagination: at most `limit` rows whose key is greater than `after` (all rows when undefined). */
export interface PageRequest<K = string> {
  readonly limit: number;
  readonly after?: K | undefined;
}

/** By flow, then profile name. */
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

/** By create time, then id. */
export function apiKeyKey({ createTime, keyId }: Pick<ApiKeyRecord, 'createTime' | 'keyId'>): string {
  return `${createTime}\u0000${keyId}`;
}

/** @returns the create time and the id; a time before all before the first page. undefined for another list's key. */
export function splitApiKeyKey(
  key: string | undefined,
): readonly [createTime: number, keyId: string] | undefined {
  if (key === undefined) return [-1, ''];
  const [, createTime, keyId] = /^([0-9]{1,15})\0([A-Za-z0-9_-]{1,64})$/.exec(key) ?? [];
  return createTime === undefined || keyId === undefined ? undefined : [Number(createTime), keyId];
}
