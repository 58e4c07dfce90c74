/**
 * How many rows the reads of node code may add to the audit log: node code may ask for any name as often as it
 * likes, so what it asks for has no natural end. What exceeds a budget is counted in one row for each execution.
 */

import type { TenantId } from './ids';
import { TokenBucket } from './token-bucket';

/** Of one execution: pairs of node and name that have a row of their own. A full scope read by one node fits. */
export const MAX_EXECUTION_READS = 1_000;

/** Of those, names that the tenant has not registered. */
export const MAX_EXECUTION_MISSES = 100;

/** Rows that one tenant's executions may add through all workers of a service. */
const TENANT_ROWS = { perSecond: 500, burst: 5_000 };

/** Rows that all executions may. */
const ALL_ROWS = { perSecond: 2_000, burst: 20_000 };

/** Tenants whose budgets are remembered at once; a full budget is forgotten without loss. */
const MAX_TENANTS = 10_000;

/** Decides whether one more row may be written now. */
export interface ReadBudget {
  take(tenantId: TenantId, now: number): boolean;
}

/** @param workers that share the budget evenly. */
export function createReadBudget(now: number, workers = 1): ReadBudget {
  const part = ({ perSecond, burst }: typeof ALL_ROWS) => ({
    perSecond: perSecond / workers,
    burst: burst / workers,
  });
  const [ofAll, ofTenant] = [part(ALL_ROWS), part(TENANT_ROWS)];
  const all = new TokenBucket(ofAll, now);
  const tenants = new Map<TenantId, TokenBucket>();
  return {
    take(tenantId, at) {
      let tenant = tenants.get(tenantId);
      if (tenant === undefined) {
        if (tenants.size >= MAX_TENANTS) forgetFull(tenants, at);
        // More tenants than are remembered read in the same seconds: the others' rows are for this one too.
        if (tenants.size >= MAX_TENANTS) return false;
        tenants.set(tenantId, (tenant = new TokenBucket(ofTenant, at)));
      }
      return tenant.take(at) && all.take(at);
    },
  };
}

function forgetFull(tenants: Map<TenantId, TokenBucket>, now: number): void {
  for (const [tenantId, bucket] of tenants) if (bucket.isFull(now)) tenants.delete(tenantId);
}
