/**
 * What the node host holds of executions' secrets: each call under way there was sent a copy of its own. A tenant with many
 * secrets and thousands of calls would otherwise take the memory of everybody's host.
 */

import { DomainError } from '../domain/errors';

const TRY_AGAIN_MS = 100;

export class ContextMemory {
  #held = 0;
  readonly #byTenant = new Map<string, number>();

  /** @param limit in bytes; one tenant gets half. */
  constructor(private readonly limit: number) {}

  /** @returns what says that the call has ended, or was taken back; call it once. @throws DomainError RESOURCE_EXHAUSTED. */
  take(tenantId: string, bytes: number): () => void {
    const ofTenant = (this.#byTenant.get(tenantId) ?? 0) + bytes;
    if (ofTenant > this.limit / 2 || this.#held + bytes > this.limit) throw spent();
    this.#held += bytes;
    this.#byTenant.set(tenantId, ofTenant);
    return () => this.#giveBack(tenantId, bytes);
  }

  #giveBack(tenantId: string, bytes: number): void {
    this.#held -= bytes;
    const left = (this.#byTenant.get(tenantId) ?? 0) - bytes;
    if (left > 0) this.#byTenant.set(tenantId, left);
    else this.#byTenant.delete(tenantId);
  }
}

function spent(): DomainError {
  return new DomainError(
    'RESOURCE_EXHAUSTED',
    'the calls under way hold all the memory that a node host gets for secrets, or their tenant’s half of it; try again when one has ended, or raise --secrets-memory of its sidecar',
    'NODE_HOST_MEMORY_SPENT',
    [],
    TRY_AGAIN_MS,
  );
}
