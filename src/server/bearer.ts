/** API keys on the management door: `authorization: Bearer axk_…`. */

import { hashApiKey, isApiKey } from '../domain/api-key';
import type { Clock } from '../domain/clock';
import { DomainError } from '../domain/errors';
import type { TenantPrincipal } from '../domain/principal';
import type { ApiKeyRecord } from '../store/records';
import type { Store } from '../store/store';

/** A key's last use is noted at most so often. */
const LAST_USE_RESOLUTION_MS = 60_000;

/** Answers who a key belongs to. */
export interface ApiKeyAuthenticator {
  /** @throws DomainError UNAUTHENTICATED, the same for an unknown, expired or revoked key. */
  authenticateKey(rawKey: string): Promise<TenantPrincipal>;
  /** @param header the `authorization` header's value, if there is one. @throws as authenticateKey. */
  authenticateHeader(header: string | undefined): Promise<TenantPrincipal>;
}

export function createApiKeyAuthenticator(store: Store, clock: Clock): ApiKeyAuthenticator {
  const authenticateKey = async (rawKey: string): Promise<TenantPrincipal> => {
    if (!isApiKey(rawKey)) throw unauthenticated();
    const record = await store.read((tx) => tx.findApiKeyByHash(hashApiKey(rawKey)));
    const now = clock();
    if (record === undefined || !isApiKeyInForce(record, now)) throw unauthenticated();
    if (now - (record.lastUseTime ?? 0) >= LAST_USE_RESOLUTION_MS) {
      // Who calls is known by now: a full or locked store must not keep an admin from deleting.
      await store.write((tx) => tx.touchApiKey(record.keyId, now)).catch(() => {});
    }
    const { tenantId, role, keyId, displayName } = record;
    return { kind: 'tenant', tenantId, role, id: `api-key:${keyId}`, displayName, apiKeyId: keyId };
  };
  return {
    authenticateKey,
    async authenticateHeader(header) {
      const match = /^Bearer +(\S+)$/i.exec(header ?? '');
      if (match?.[1] === undefined) throw unauthenticated();
      return authenticateKey(match[1]);
    },
  };
}

/** Neither revoked nor past its end. */
export function isApiKeyInForce(record: ApiKeyRecord, now: number): boolean {
  return record.revokeTime === undefined && (record.expireTime === undefined || record.expireTime > now);
}

function unauthenticated(): DomainError {
  return new DomainError(
    'UNAUTHENTICATED',
    'send an API key that is in force as `authorization: Bearer axk_…`; an admin of the tenant creates API keys',
    'CREDENTIAL_NOT_IN_FORCE',
  );
}
