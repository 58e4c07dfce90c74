/** MaintenanceService on the operator's door: copies of the store, and proof that what it holds opens. */

import { isAbsolute } from 'node:path';
import { auditEntry, type AuditDetails } from '../domain/audit-entry';
import { SERVICE_LOG } from '../domain/audit-log';
import type { Call, Handlers } from '../domain/call';
import { DomainError, invalid } from '../domain/errors';
import { parseTenantId } from '../domain/ids';
import type { OperatorPrincipal } from '../domain/principal';
import type { MaintenanceService } from '../gen/axiom/maintenance/v1/maintenance_pb';
import type { ExecutionServerContext } from './context';
import { isUnreadableStore } from '../store/store-errors';
import { verifyTenant } from './verify';
import { verifyCheckpoint, verifyServiceLog } from './verify-audit';

type Methods = 'backUpStore' | 'verifyTenant' | 'verifyServiceLog' | 'verifyCheckpoint';

export function maintenanceHandlers(
  context: ExecutionServerContext,
): Handlers<typeof MaintenanceService, Methods, OperatorPrincipal> {
  return {
    async backUpStore(call, { path }) {
      if (!isAbsolute(path))
        throw invalid({ field: 'path', description: 'is not an absolute path on the service’s machine' });
      let status = 'OK';
      try {
        return { sizeBytes: BigInt(await context.store.backUp(path, call)) };
      } catch (error) {
        status = error instanceof DomainError ? error.code : 'INTERNAL';
        throw error;
      } finally {
        await tell(context, call, { action: 'store.backup', resource: '', status });
      }
    },

    async verifyTenant(call, request) {
      const tenantId = parseTenantId(request.tenantId);
      const verified = await proven(context, () => verifyTenant(context, tenantId, call));
      await tellVerified(context, call, tenantId, verified.faults.length);
      return verified;
    },

    async verifyServiceLog(call) {
      const verified = await proven(context, () => verifyServiceLog(context, call));
      await tellVerified(context, call, SERVICE_LOG, verified.faults.length);
      return verified;
    },

    async verifyCheckpoint(call, { note }) {
      const verified = await verifyCheckpoint(context, note, call);
      await tellVerified(context, call, verified.tenantId, verified.faults.length);
      return verified;
    },
  };
}

/** One read that failed says nothing; a file that SQLite finds damaged is DATA_LOSS. */
async function proven<T>({ store }: ExecutionServerContext, verify: () => Promise<T>): Promise<T> {
  try {
    return await verify();
  } catch (error) {
    if (isUnreadableStore(error)) await store.checkFile?.();
    throw error;
  }
}

async function tellVerified(
  context: ExecutionServerContext,
  call: Call,
  resource: string,
  faults: number,
): Promise<void> {
  const status = faults === 0 ? 'OK' : 'DATA_LOSS';
  await tell(context, call, { action: 'store.verify', resource, count: faults, status });
}

/** What is done to the whole store is in the service's own log. */
async function tell(
  { store, clock }: ExecutionServerContext,
  call: Call,
  details: AuditDetails,
): Promise<void> {
  const entry = auditEntry(call, clock(), details);
  await store.write((tx) => tx.appendAudit(SERVICE_LOG, entry));
}
