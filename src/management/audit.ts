/** AuditService: the tenant's audit log and its newest checkpoint. */

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { auditEventMessage, parseAuditPage } from '../domain/audit-page';
import type { Handlers } from '../domain/call';
import { noCheckpoint } from '../domain/checkpoint';
import type { TenantPrincipal } from '../domain/principal';
import { AuditEventSchema, type AuditService } from '../gen/axiom/audit/v1/audit_pb';
import { fillPage } from '../work/fill-page';
import { inChunks } from '../work/in-chunks';
import type { ManagementContext } from './context';

type Methods = 'listAuditEvents' | 'getAuditCheckpoint';

export function auditHandlers({
  store,
}: ManagementContext): Handlers<typeof AuditService, Methods, TenantPrincipal> {
  return {
    async listAuditEvents(call, request) {
      const { principal } = call;
      const { size, after, filter } = parseAuditPage(request);
      const rows = inChunks(
        { limit: size + 1, after },
        (chunk) => store.read((tx) => tx.listAuditEvents(principal.tenantId, filter, chunk), call),
        (event) => event.sequence,
      );
      const { messages: events, nextPageToken } = await fillPage({
        ...{ rows, size, schema: AuditEventSchema, messageOf: auditEventMessage },
        keyOf: (event) => String(event.sequence),
      });
      return { events, nextPageToken };
    },

    /** The newest that exists: this server has no key to sign another with. */
    async getAuditCheckpoint(call) {
      const { principal } = call;
      const { newest, keys } = await store.read(
        async (tx) => ({
          newest: (await tx.listCheckpoints(principal.tenantId, 1))[0],
          keys: await tx.getCheckpointKeys(),
        }),
        call,
      );
      if (newest === undefined || keys === undefined) throw noCheckpoint();
      return {
        note: newest.note,
        verifierKey: keys.verifierKey,
        signTime: timestampFromMs(newest.signTime),
      };
    },
  };
}
