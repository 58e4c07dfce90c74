/** Credentials on the management door: `authorization: Bearer`, and an API key or the provider's ID token. */

import { hashApiKey, isApiKey } from '../domain/api-key';
import type { Clock } from '../domain/clock';
import { DomainError } from '../domain/errors';
import type { TenantPrincipal } from '../domain/principal';
import type { Waiter } from '../domain/waiter';
import type { ApiKeyRecord } from '../store/records';
import type { Store } from '../store/store';
import type { IdTokenAuthenticator } from './oidc/id-token';
import { isJwt } from './oidc/is-jwt';
import { UseMarks } from './use-marks';

/** A key's last use is noted at most this often. */
const LAST_USE_RESOLUTION_MS = 60_000;

/** Answers who a key belongs to. */
export interface ApiKeyAuthenticator {
  /** @throws DomainError UNAUTHENTICATED, the same for an unknown, expired or revoked key. */
  authenticateKey(rawKey: string, waiter?: Waiter): Promise<TenantPrincipal>;
}

export function createApiKeyAuthenticator(store: Store, clock: Clock): ApiKeyAuthenticator {
  const marks = new UseMarks();
  return {
    async authenticateKey(rawKey, waiter) {
      if (!isApiKey(rawKey)) throw unauthenticated();
      const record = await store.read((tx) => tx.findApiKeyByHash(hashApiKey(rawKey)), waiter);
      const now = clock();
      if (record === undefined || !isApiKeyInForce(record, now)) throw unauthenticated();
      if (now - (record.lastUseTime ?? 0) >= LAST_USE_RESOLUTION_MS) {
        const own = { tenant: record.tenantId };
        marks.begin(record.keyId, () => store.write((tx) => tx.touchApiKey(record.keyId, now), own));
      }
      const { tenantId, role, keyId, displayName } = record;
      return { kind: 'tenant', tenantId, role, id: `api-key:${keyId}`, displayName, apiKeyId: keyId };
    },
  };
}

/** What an `authorization` header shows; undefined where it is not a bearer credential. */
export function bearerCredential(header: string | undefined): string | undefined {
  return /^Bearer +(\S+)$/i.exec(header ?? '')?.[1];
}

/**
 * Who a bearer credential stands for.
 * @param tokens undefined where no OpenID provider is set up.
 * @throws as the authenticators; UNAUTHENTICATED without a bearer credential.
 */
export async function authenticateBearer(
  credential: string | undefined,
  keys: ApiKeyAuthenticator,
  tokens: IdTokenAuthenticator | undefined,
  waiter?: Waiter,
): Promise<TenantPrincipal> {
  if (credential === undefined) throw unauthenticated();
  return tokens !== undefined && isJwt(credential)
    ? tokens.authenticateToken(credential, waiter)
    : keys.authenticateKey(credential, waiter);
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
