/** How long one node may take: the platform's default, the tenant's, then the profile's (spec: Flow configs). */

import { invalid } from './errors';

/** Seconds, where neither tenant nor profile says otherwise. */
export const PLATFORM_NODE_TIMEOUT_SECONDS = 300;

const MAX_SECONDS = 3_600;

/** @param duration as google.protobuf.Duration. @throws DomainError INVALID_ARGUMENT unless it is 1 to 3,600 whole seconds. */
export function parseNodeTimeout(
  duration: { readonly seconds: bigint; readonly nanos: number } | undefined,
  field = 'node_timeout',
): number | undefined {
  if (duration === undefined) return undefined;
  const seconds = Number(duration.seconds);
  if (duration.nanos !== 0 || seconds < 1 || seconds > MAX_SECONDS) {
    throw invalid({ field, description: 'is not 1 to 3,600 whole seconds' });
  }
  return seconds;
}

/** The layer that wins. */
export function effectiveNodeTimeout(profile: number | undefined, tenantDefault: number | undefined): number {
  return profile ?? tenantDefault ?? PLATFORM_NODE_TIMEOUT_SECONDS;
}
