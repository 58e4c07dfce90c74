/** AuditService: the tenant's audit log, newest first. */

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Handlers } from '../domain/call';
import { invalid, parseAll } from '../domain/errors';
import { cutPage, parsePageSize, parsePageToken } from '../domain/page';
import type { TenantPrincipal } from '../domain/principal';
import type { AuditService } from '../gen/axiom/audit/v1/audit_pb';
import type { ManagementContext } from './context';

export function auditHandlers(
  context: ManagementContext,
): Handlers<typeof AuditService, 'listAuditEvents', TenantPrincipal> {
  return {
    async listAuditEvents(call, request) {
      const { size, after } = parseAll({
        size: () => parsePageSize(request.pageSize),
        after: () => parseSequence(parsePageToken(request.pageToken)),
      });
      const filter = {
        ...(request.action !== '' && { action: request.action }),
        ...(request.resource !== '' && { resource: request.resource }),
      };
      const rows = await context.store.read((tx) =>
        tx.listAuditEvents(call.principal.tenantId, filter, { limit: size + 1, after }),
      );
      const page = cutPage(rows, size, (row) => String(row.sequence));
      const events = page.rows.map(({ sequence, time, version, ...entry }) => ({
        ...entry,
        sequence: BigInt(sequence),
        time: timestampFromMs(time),
        version: BigInt(version),
      }));
      return { events, nextPageToken: page.nextPageToken };
    },
  };
}

function parseSequence(key: string | undefined): number | undefined {
  if (key === undefined) return undefined;
  if (!/^[1-9][0-9]{0,14}$/.test(key)) {
    throw invalid({
      field: 'page_token',
      description: 'is not a next_page_token of this list; start again without it',
    });
  }
  return Number(key);
}
