/**
 * ID tokens of the OpenID provider on the management door: `authorization: Bearer <JWT>`.
 *
 * For programs that a provider knows already, such as CI jobs: they keep no API key of ours. The
 * token is for this service only (its audience is the client id), and the role is the mapping's,
 * as for a person at the console.
 */

import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { DomainError } from '../../domain/errors';
import type { TenantPrincipal } from '../../domain/principal';
import type { Waiter } from '../../domain/waiter';
import type { Store } from '../../store/store';
import type { OidcConfig } from './config';
import type { DiscoverProvider } from './discovery';
import { principalOf } from './principal';

/** Signatures only: a MAC would be made with a secret that others hold too (RFC 8725 §3.1). */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/** What jose says when the provider answered its keys with an error, not at all, or with something else. */
const KEYS_NOT_HAD = ['ERR_JOSE_GENERIC', 'ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID'];

/** How far the provider's clock may be from ours, in seconds. */
const CLOCK_TOLERANCE_S = 30;

/** Answers whom a token stands for. */
export interface IdTokenAuthenticator {
  /**
   * @throws DomainError UNAUTHENTICATED for a token that does not prove anybody, PERMISSION_DENIED for somebody
   *   whom no mapping lets in, UNAVAILABLE when the provider's keys cannot be had.
   */
  authenticateToken(jwt: string, waiter?: Waiter): Promise<TenantPrincipal>;
}

interface Provider {
  readonly issuer: string;
  readonly keys: JWTVerifyGetKey;
}

/** What checking tokens needs of the service. */
export interface IdTokenParts {
  readonly config: OidcConfig;
  readonly provider: DiscoverProvider;
  readonly store: Store;
}

export function createIdTokenAuthenticator({
  config,
  provider: discover,
  store,
}: IdTokenParts): IdTokenAuthenticator {
  const provider = withKeys(discover);
  return {
    async authenticateToken(jwt, waiter) {
      const claims = await verify(jwt, await provider(), config.clientId);
      const principal = principalOf(claims, config);
      const tenant = await store.read((tx) => tx.getTenant(config.tenantId), waiter);
      if (principal === undefined || tenant === undefined) throw notLetIn();
      return principal;
    },
  };
}

function withKeys(discover: DiscoverProvider): () => Promise<Provider> {
  let keys: JWTVerifyGetKey | undefined;
  return async () => {
    try {
      const { issuer, jwks_uri: keysAt } = (await discover()).serverMetadata();
      keys ??= createRemoteJWKSet(withoutDowngrade(new URL(keysAt ?? ''), new URL(issuer)));
      return { issuer, keys };
    } catch (error) {
      throw error instanceof DomainError ? error : providerAway();
    }
  };
}

/**
 * Whoever is on the way to keys that are fetched without TLS puts in one of their own, and signs tokens for anybody.
 * @throws DomainError FAILED_PRECONDITION where only what the provider says of itself came with TLS (OpenID Connect
 *   Discovery 1.0 §3), or the keys of one on this machine are elsewhere.
 */
function withoutDowngrade(keysAt: URL, issuer: URL): URL {
  const isOnThisMachine = issuer.protocol === 'http:' && keysAt.hostname === issuer.hostname;
  if (keysAt.protocol === 'https:' || isOnThisMachine) return keysAt;
  throw new DomainError(
    'FAILED_PRECONDITION',
    'the OpenID provider publishes its keys at an address without TLS, so its tokens cannot be checked; have it publish them at an https URL, or use an API key',
    'PROVIDER_KEYS_WITHOUT_TLS',
  );
}

/** OpenID Connect Core §3.1.3.7, with the provider's published keys. */
async function verify(
  jwt: string,
  { issuer, keys }: Provider,
  clientId: string,
): Promise<JWTPayload & { sub: string }> {
  let payload: JWTPayload;
  try {
    const rules = { issuer, audience: clientId, algorithms: ALGORITHMS, clockTolerance: CLOCK_TOLERANCE_S };
    ({ payload } = await jwtVerify(jwt, keys, { ...rules, requiredClaims: ['sub', 'iat', 'exp'] }));
  } catch (error) {
    // Keys that could not be fetched say nothing about the token.
    throw error instanceof errors.JOSEError && !KEYS_NOT_HAD.includes(error.code)
      ? notProven()
      : providerAway();
  }
  const { aud, azp, sub } = payload;
  // Several audiences: made for us only where it says so (steps 4 and 5).
  if (Array.isArray(aud) && aud.length > 1 && azp !== clientId) throw notProven();
  if (typeof sub !== 'string' || sub === '') throw notProven();
  return { ...payload, sub };
}

function notProven(): DomainError {
  return new DomainError(
    'UNAUTHENTICATED',
    'this token proves nobody here: send an ID token in force that the OpenID provider made for this service’s client id, or an API key',
    'CREDENTIAL_NOT_IN_FORCE',
  );
}

function notLetIn(): DomainError {
  return new DomainError(
    'PERMISSION_DENIED',
    'the provider knows you, and no --oidc-role of this service lets you in; ask its operator',
    'NO_ROLE',
  );
}

function providerAway(): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    'the OpenID provider does not answer, so its tokens cannot be checked; try again, or use an API key',
    'PROVIDER_UNREACHABLE',
  );
}
