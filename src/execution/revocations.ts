/**
 * Taking values from executions that already run.
 *
 * A revocation names a scope and a name, and concerns executions that pinned a revision
 * up to it. What an execution read was its override where it had one, so revoking the
 * tenant's value leaves an override alone, and revoking an override does not bare the
 * tenant's value beneath it: the name is simply not found any more.
 */

import { fromBinary } from '@bufbuild/protobuf';
import type { TenantOpener } from '../crypto/open/opener';
import type { TenantId } from '../domain/ids';
import {
  ResolveForExecutionResponseSchema,
  type ResolvedSecret,
  type ResolveForExecutionResponse,
} from '../gen/axiom/secrets/v1/secrets_pb';
import { sealMessage } from './bundles';
import type { PinnedBundle } from './pinned';
import type { BundleRecord } from '../store/records';

/** What an execution may still read, and what it may not. The values are the caller's to wipe. */
export interface Remaining {
  readonly secrets: Record<string, ResolvedSecret>;
  /** Names that were pinned and have been revoked since, sorted. */
  readonly revokedNames: readonly string[];
}

/** Opens the pinned bundles and takes the revoked names out. */
export async function openRemaining(
  opener: TenantOpener,
  tenantId: TenantId,
  bundles: readonly PinnedBundle[],
): Promise<Remaining> {
  const secrets = new Map<string, ResolvedSecret>();
  const revokedNames = new Set<string>();
  try {
    for (const bundle of bundles) {
      const message = await openMessage(opener, tenantId, bundle);
      for (const [name, secret] of Object.entries(message.secrets)) {
        secrets.get(name)?.value.fill(0);
        secrets.delete(name);
        revokedNames.delete(name);
        if (bundle.revoked.has(name) || isTombstone(secret)) {
          secret.value.fill(0);
          revokedNames.add(name);
        } else {
          secrets.set(name, secret);
        }
      }
    }
  } catch (error) {
    for (const { value } of secrets.values()) value.fill(0);
    throw error;
  }
  return { secrets: Object.fromEntries(secrets), revokedNames: [...revokedNames].sort() };
}

/** The same bundle with the revoked values replaced by nothing: their ciphertext need not stay. */
export async function scrubBundle(
  opener: TenantOpener,
  tenantId: TenantId,
  bundle: PinnedBundle,
): Promise<BundleRecord> {
  const message = await openMessage(opener, tenantId, bundle);
  for (const [name, secret] of Object.entries(message.secrets)) {
    if (!bundle.revoked.has(name)) continue;
    secret.value.fill(0);
    secret.value = new Uint8Array();
  }
  const { scope, revision } = bundle;
  return { revision, ciphertext: await sealMessage(opener, message, { tenantId, scope, revision }) };
}

/** No stored value is empty, so an entry without one is what scrubbing left behind. */
function isTombstone(secret: ResolvedSecret): boolean {
  return secret.value.byteLength === 0;
}

async function openMessage(
  opener: TenantOpener,
  tenantId: TenantId,
  { scope, revision, ciphertext }: PinnedBundle,
): Promise<ResolveForExecutionResponse> {
  const plaintext = await opener.openBundle(ciphertext, { tenantId, scope, revision });
  try {
    // Values are views of the plaintext.
    return fromBinary(ResolveForExecutionResponseSchema, plaintext);
  } catch (error) {
    plaintext.fill(0);
    throw error;
  }
}
