/** What audit logs tell of: everything that is done, or refused, by the log that has it. */

/** Of a tenant's log. */
export const TENANT_ACTIONS = [
  ...(['secret.add', 'secret.replace', 'secret.delete', 'secret.revoke', 'secret.read'] as const),
  ...(['secret.take_over', 'override.set', 'override.delete'] as const),
  ...(['flow_config.create', 'flow_config.update', 'flow_config.delete', 'tenant_default.update'] as const),
  ...(['package.publish', 'package.unpublish', 'package.remove'] as const),
  /** `handle.move` is of before it was told which way. */
  ...(['handle.move', 'handle.move_in', 'handle.move_out'] as const),
  ...(['api_key.create', 'api_key.revoke', 'session.open', 'session.close', 'session.end'] as const),
  ...(['execution.start', 'execution.resolve', 'execution.end', 'call.denied'] as const),
  ...(['tenant.create', 'tenant.sign_as_found', 'audit.prune'] as const),
] as const;

/** Of the service's own log alone: what belongs to no tenant. */
export const SERVICE_ACTIONS = [
  ...(['call.unauthenticated', 'session.denied', 'token.denied'] as const),
  ...(['store.backup', 'store.restore', 'store.verify'] as const),
] as const;

export type AuditAction = (typeof TENANT_ACTIONS)[number] | (typeof SERVICE_ACTIONS)[number];
