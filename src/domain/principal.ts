/** Who calls: what a door has proved about the other side before a handler runs. */

import type { ApiKeyId, TenantId } from './ids';

/** What a tenant's member may do, each including the one before. */
export type Role = 'viewer' | 'editor' | 'admin';

/** A person or program of one tenant, on the management or console door. */
export interface TenantPrincipal {
  readonly kind: 'tenant';
  readonly tenantId: TenantId;
  readonly role: Role;
  /** `api-key:<id>` or `oidc:<subject>`. */
  readonly id: string;
  readonly displayName: string;
  /** The API key that proved it, if one did. */
  readonly apiKeyId?: ApiKeyId;
  /** The console session that the call came in, as listings name it. */
  readonly sessionId?: string;
}

/** A machine with a client certificate, on the execution door. */
export interface WorkloadPrincipal {
  readonly kind: 'engine' | 'sidecar';
  /** `engine:<name>` or `sidecar:<name>`, from the certificate's URI. */
  readonly id: string;
}

/** Whoever may open the operator's Unix socket. */
export interface OperatorPrincipal {
  readonly kind: 'operator';
  readonly id: 'operator';
}

export type Principal = TenantPrincipal | WorkloadPrincipal | OperatorPrincipal;

/** The door a call came through, as the audit log names it. */
export type DoorName = 'management' | 'console' | 'execution' | 'operator' | 'sidecar' | 'node';
