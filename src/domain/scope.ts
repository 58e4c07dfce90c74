/** A scope: one set of names and values, a tenant's own or one flow config's overrides. */

import { parseConfigId, type ConfigId } from './ids';

/** At most this many names in a scope. */
export const MAX_SCOPE_NAMES = 1_000;

/** At most this many bytes of values in a scope, counted as they are padded. */
export const MAX_SCOPE_BYTES = 1024 * 1024;

/** Which scope of a tenant. */
export type Scope = { readonly kind: 'tenant' } | { readonly kind: 'config'; readonly configId: ConfigId };

export const TENANT_SCOPE: Scope = { kind: 'tenant' };

export function configScope(configId: ConfigId): Scope {
  return { kind: 'config', configId };
}

/**
 * The scope as one string, the form that the store keys by, that associated data binds
 * and that the audit log shows: `tenant` or `config:<id>`.
 */
export function scopeKey(scope: Scope): string {
  return scope.kind === 'tenant' ? 'tenant' : `config:${scope.configId}`;
}

/** The scope of a key that scopeKey made. */
export function parseScopeKey(key: string): Scope {
  return key === 'tenant' ? TENANT_SCOPE : configScope(parseConfigId(key.slice('config:'.length)));
}
