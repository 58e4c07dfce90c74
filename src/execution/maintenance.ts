/** MaintenanceService on the operator's door: copies of the store, and proof that what it holds opens. */

import { isAbsolute } from 'node:path';
import type { Handlers } from '../domain/call';
import { invalid } from '../domain/errors';
import { parseTenantId } from '../domain/ids';
import type { OperatorPrincipal } from '../domain/principal';
import type { MaintenanceService } from '../gen/axiom/maintenance/v1/maintenance_pb';
import type { ExecutionServerContext } from './context';
import { verifyTenant } from './verify';

type Methods = 'backUpStore' | 'verifyTenant';

export function maintenanceHandlers(
  context: ExecutionServerContext,
): Handlers<typeof MaintenanceService, Methods, OperatorPrincipal> {
  return {
    async backUpStore(_call, { path }) {
      if (!isAbsolute(path))
        throw invalid({ field: 'path', description: 'is not an absolute path on the service’s machine' });
      return { sizeBytes: BigInt(await context.store.backUp(path)) };
    },

    verifyTenant: ({ signal }, { tenantId }) => verifyTenant(context, parseTenantId(tenantId), signal),
  };
}
