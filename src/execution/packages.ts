/** PackagesService on the operator's door: anybody's version can be removed, and a handle moved. */

import { auditEntry } from '../domain/audit-entry';
import type { Handlers } from '../domain/call';
import { DomainError, parseAll } from '../domain/errors';
import { parseTenantId, type TenantId } from '../domain/ids';
import {
  handleOf,
  packageNotFound,
  parseHandle,
  parsePackageName,
  parsePackageVersion,
} from '../domain/package-name';
import type { OperatorPrincipal } from '../domain/principal';
import type { PackagesService } from '../gen/axiom/packages/v1/packages_pb';
import type { ExecutionServerContext } from './context';
import { tenantNotFound } from './openers';

type Methods = 'removePackage' | 'moveHandle';

export function operatorPackagesHandlers(
  context: ExecutionServerContext,
): Handlers<typeof PackagesService, Methods, OperatorPrincipal> {
  const { store, clock } = context;
  return {
    async removePackage(call, request) {
      const which = parseAll({
        name: () => parsePackageName(request.name),
        version: () => parsePackageVersion(request.version),
      });
      await store.write(
        async (tx) => {
          const owner = await tx.getHandleOwner(handleOf(which.name));
          if (owner === undefined || (await tx.getPackage(which.name, which.version)) === undefined)
            throw packageNotFound();
          const now = clock();
          await tx.removePackage(which, now);
          const details = { action: 'package.remove', resource: `${which.name}@${which.version}` } as const;
          await tx.appendAudit(owner, auditEntry(call, now, details));
        },
        { waiter: call },
      );
      return {};
    },

    async moveHandle(call, request) {
      const { handle, tenantId } = parseAll({
        handle: () => parseHandle(request.handle),
        tenantId: () => parseTenantId(request.tenantId),
      });
      return store.write(
        async (tx) => {
          const previous = await tx.getHandleOwner(handle);
          if (previous === undefined) throw handleNotFound(handle);
          if ((await tx.getTenant(tenantId)) === undefined) throw tenantNotFound(tenantId);
          await tx.moveHandle(handle, tenantId);
          // Both tenants find it in their logs, by which an owner that was set back is refused.
          const note = (log: TenantId, action: 'handle.move_in' | 'handle.move_out') =>
            tx.appendAudit(log, auditEntry(call, clock(), { action, resource: handle }));
          if (previous !== tenantId) await note(previous, 'handle.move_out');
          await note(tenantId, 'handle.move_in');
          return { previousTenantId: previous };
        },
        { waiter: call },
      );
    },
  };
}

function handleNotFound(handle: string): DomainError {
  return new DomainError(
    'NOT_FOUND',
    `no tenant has the handle ${handle}; list the packages to see which handles there are`,
    'HANDLE_NOT_FOUND',
  );
}
