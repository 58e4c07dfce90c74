/** The flags of `axiom serve` that let people log in with an OpenID provider. */

import type { Command } from 'commander';
import { parseTenantId } from '../domain/ids';
import type { Role } from '../domain/principal';
import type { OidcConfig, OidcRole } from '../server/oidc/config';
import { EXIT } from './exit-codes';
import { CliError } from './cli-error';

export interface OidcFlags {
  readonly oidcIssuer?: string;
  readonly oidcClientId?: string;
  readonly oidcClientSecretFile?: string;
  readonly oidcName?: string;
  readonly oidcTenant: string;
  readonly oidcRoleClaim: string;
  readonly oidcRole: string[];
}

const ROLES: readonly string[] = ['viewer', 'editor', 'admin'] satisfies Role[];
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

export function addOidcOptions(command: Command): void {
  command
    .option(
      '--oidc-issuer <url>',
      'let people log in at the console with this OpenID provider, and programs call with its ID tokens',
    )
    .option(
      '--oidc-client-id <id>',
      "the console's client id at the provider; its redirect URI is https://HOST/console/oidc/callback",
    )
    .option('--oidc-client-secret-file <file>', "a file with the client's secret")
    .option(
      '--oidc-name <name>',
      "what the log-in button calls the provider; the issuer's host where it is left out",
    )
    .option('--oidc-tenant <tenant>', 'the tenant that people come into', 'default')
    .option('--oidc-role-claim <claim>', "the ID token's claim that --oidc-role looks at", 'groups')
    .option(
      '--oidc-role <value=role...>',
      'whom to let in, and as viewer, editor or admin: --oidc-role secret-admins=admin',
      [],
    );
}

/** @returns undefined where no provider is named. @throws CliError for settings that do not fit together. */
export function parseOidc(flags: OidcFlags): OidcConfig | undefined {
  const { oidcIssuer: issuer, oidcClientId: clientId } = flags;
  if (issuer === undefined && clientId === undefined && flags.oidcRole.length === 0) return undefined;
  if (issuer === undefined || clientId === undefined)
    throw new CliError('--oidc-issuer and --oidc-client-id go together', EXIT.usage);
  if (flags.oidcRole.length === 0)
    throw new CliError(
      'without an --oidc-role VALUE=ROLE nobody could log in; name at least one',
      EXIT.usage,
    );
  const { host } = parseIssuer(issuer);
  return {
    issuer,
    clientId,
    clientSecretFile: flags.oidcClientSecretFile,
    displayName: flags.oidcName ?? host,
    tenantId: parseTenantId(flags.oidcTenant, '--oidc-tenant'),
    roleClaim: flags.oidcRoleClaim,
    roles: flags.oidcRole.map(parseRole),
  };
}

function parseIssuer(issuer: string): URL {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  if (url?.protocol === 'https:') return url;
  if (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname)) return url;
  throw new CliError('--oidc-issuer is an https URL; http only for a provider on this machine', EXIT.usage);
}

function parseRole(text: string): OidcRole {
  const at = text.lastIndexOf('=');
  const role = text.slice(at + 1);
  if (at < 1 || !ROLES.includes(role)) {
    throw new CliError(
      `--oidc-role '${text}' is not VALUE=ROLE with the role viewer, editor or admin`,
      EXIT.usage,
    );
  }
  return { value: text.slice(0, at), role: role as Role };
}
