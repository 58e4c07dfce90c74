/** Who a provider's ID token lets in, and as what. Fails closed: no mapping, nobody. */

import type { TenantId } from '../../domain/ids';
import type { Role, TenantPrincipal } from '../../domain/principal';
import type { OidcConfig } from './config';

/** The claims that matter here (OpenID Connect Core §5.1), and whatever the provider adds. */
export interface IdTokenClaims {
  readonly sub: string;
  readonly [claim: string]: unknown;
}

const MAX_DISPLAY_NAME = 128;
/** OpenID Connect Core §2: no subject is longer. It stands in each audit row of whoever has it. */
const MAX_SUBJECT = 255;
const ROLES_FROM_HIGHEST: readonly Role[] = ['admin', 'editor', 'viewer'];

/**
 * @returns undefined for somebody whom no mapping lets in, or whose subject is longer than subjects are; otherwise with
 *   the highest role that a mapping gives.
 */
export function principalOf(claims: IdTokenClaims, config: OidcConfig): TenantPrincipal | undefined {
  const role = roleOf(claimValues(claims, config.roleClaim), config);
  if (role === undefined || claims.sub.length > MAX_SUBJECT) return undefined;
  return {
    kind: 'tenant',
    tenantId: config.tenantId,
    role,
    id: `oidc:${claims.sub}`,
    displayName: displayName(claims),
  };
}

/** What the provider said of the person's roles, to be kept with a session. */
export function roleClaimsOf(claims: IdTokenClaims, config: OidcConfig): string {
  const values = claimValues(claims, config.roleClaim);
  return JSON.stringify(config.roles.map(({ value }) => value).filter((value) => values.includes(value)));
}

/** The role that the mapping gives today for what the provider said at log-in; undefined: none. */
export function roleOfClaims(roleClaims: string, tenantId: TenantId, config: OidcConfig): Role | undefined {
  if (tenantId !== config.tenantId) return undefined;
  return roleOf(JSON.parse(roleClaims) as unknown[], config);
}

function roleOf(values: readonly unknown[], config: OidcConfig): Role | undefined {
  const given = new Set(config.roles.filter(({ value }) => values.includes(value)).map(({ role }) => role));
  return ROLES_FROM_HIGHEST.find((one) => given.has(one));
}

function claimValues(claims: IdTokenClaims, name: string): readonly unknown[] {
  // An address that the provider has not verified is whatever its owner typed (Core §5.7).
  if (name === 'email' && claims['email_verified'] !== true) return [];
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  return Array.isArray(value) ? value : [value];
}

function displayName({ sub, name, preferred_username, email }: IdTokenClaims): string {
  const found = [name, preferred_username, email].find((one) => typeof one === 'string' && one !== '');
  return (typeof found === 'string' ? found : sub).slice(0, MAX_DISPLAY_NAME);
}
