/** AuditLogsService on the operator's door: every tenant's audit log and the service's own. */

import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { parseAuditLogId, SERVICE_LOG, type AuditLogId } from '../domain/audit-log';
import { auditEventMessage, parseAuditPage } from '../domain/audit-page';
import type { Handlers } from '../domain/call';
import { noCheckpoint } from '../domain/checkpoint';
import { invalid } from '../domain/errors';
import type { OperatorPrincipal } from '../domain/principal';
import { formatVerifierKey } from '../domain/signed-note';
import {
  AuditEventSchema,
  type AuditLogsService,
  type PruneAuditLogRequest,
} from '../gen/axiom/audit/v1/audit_pb';
import type { ReadTx } from '../store/store';
import { signLog } from './checkpoints';
import { fillPage } from '../work/fill-page';
import { inChunks } from '../work/in-chunks';
import type { ExecutionServerContext } from './context';
import { tenantNotFound } from './openers';
import { pruneLog } from './prune';

type Methods = 'listAuditLogEvents' | 'getAuditLogCheckpoint' | 'pruneAuditLog';

export function auditLogsHandlers(
  context: ExecutionServerContext,
): Handlers<typeof AuditLogsService, Methods, OperatorPrincipal> {
  const { store, checkpointSigner } = context;
  return {
    async listAuditLogEvents(call, request) {
      const log = parseAuditLogId(request.tenantId);
      const { size, after, filter } = parseAuditPage(request);
      await store.read((tx) => checkExists(tx, log), call);
      const rows = inChunks(
        { limit: size + 1, after },
        (chunk) => store.read((tx) => tx.listAuditEvents(log, filter, chunk), call),
        (event) => event.sequence,
      );
      const { messages: events, nextPageToken } = await fillPage({
        ...{ rows, size, schema: AuditEventSchema, messageOf: auditEventMessage },
        keyOf: (event) => String(event.sequence),
      });
      return { events, nextPageToken };
    },

    async getAuditLogCheckpoint(call, { tenantId }) {
      const log = parseAuditLogId(tenantId);
      await store.read((tx) => checkExists(tx, log), call);
      const signed = await signLog(context, log, call);
      if (signed === undefined) throw noCheckpoint();
      return {
        note: signed.note,
        verifierKey: formatVerifierKey(checkpointSigner),
        signTime: timestampFromMs(signed.signTime),
      };
    },

    async pruneAuditLog(call, request) {
      const log = parseAuditLogId(request.tenantId);
      const before = parseBefore(request, context.clock());
      await store.read((tx) => checkExists(tx, log), call);
      const { count, through, note } = await pruneLog(context, call, log, before);
      return { prunedCount: BigInt(count), throughSequence: BigInt(through), note };
    },
  };
}

async function checkExists(tx: ReadTx, log: AuditLogId): Promise<void> {
  if (log !== SERVICE_LOG && (await tx.getTenant(log)) === undefined) throw tenantNotFound(log);
}

function parseBefore({ before }: PruneAuditLogRequest, now: number): number {
  const time = before === undefined ? Infinity : timestampMs(before);
  if (time > now) throw invalid({ field: 'before', description: 'is not a time that has passed' });
  return time;
}
