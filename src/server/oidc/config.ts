/** The settings of one generic OpenID Connect provider. */

import type { TenantId } from '../../domain/ids';
import type { Role } from '../../domain/principal';

/** What an operator says of the provider. Paths and names, never a secret. */
export interface OidcConfig {
  /** The issuer's URL, as the provider's discovery document says it. */
  readonly issuer: string;
  readonly clientId: string;
  /** A file with the client's secret; undefined for a public client. PKCE is used either way. */
  readonly clientSecretFile: string | undefined;
  /** What the log-in button says. */
  readonly displayName: string;
  /** The tenant that people come into. */
  readonly tenantId: TenantId;
  /** The ID token's claim that says what a person may do: a text or a list of texts. */
  readonly roleClaim: string;
  /** The claim's values that let somebody in, and as what. Nobody else comes in. */
  readonly roles: readonly OidcRole[];
}

export interface OidcRole {
  readonly value: string;
  readonly role: Role;
}
