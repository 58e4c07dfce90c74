/** SearchAuditEvents: parts of words, looked for stretch by stretch, so that no search costs more than its bound. */

import { timestampMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import { auditEventMessage, parseSequence } from '../domain/audit-page';
import type { Handlers } from '../domain/call';
import { invalid, parseAll } from '../domain/errors';
import { pageToken, parsePageSize, parsePageToken } from '../domain/page';
import type { TenantPrincipal } from '../domain/principal';
import { AuditOutcome, type AuditService } from '../gen/axiom/audit/v1/audit_pb';
import type { AuditOutcome as Outcome } from '../store/queries/audit-search';
import { sliced } from '../work/pace';
import type { ManagementContext } from './context';

/** So many events are looked at in one transaction, about a millisecond, and so many times for one page. */
const STRETCH = 250;
const STRETCHES = 80;
const MAX_TEXT = 256;

const OUTCOMES: Readonly<Record<AuditOutcome, Outcome>> = {
  [AuditOutcome.UNSPECIFIED]: 'any',
  [AuditOutcome.OK]: 'ok',
  [AuditOutcome.FAILED]: 'failed',
  [AuditOutcome.DENIED]: 'denied',
};

export function auditSearchHandlers({
  store,
}: ManagementContext): Handlers<typeof AuditService, 'searchAuditEvents', TenantPrincipal> {
  return {
    async searchAuditEvents(call, request) {
      const { tenantId } = call.principal;
      const { size, below, ...search } = parseAll({
        size: () => parsePageSize(request.pageSize),
        below: () => parseSequence(parsePageToken(request.pageToken)),
        part: () => parseText(request.part, 'part'),
        action: () => parseText(request.action, 'action'),
        principalPrefix: () => parseText(request.principalPrefix, 'principal_prefix'),
        outcome: () => parseOutcome(request.outcome),
        fromTime: () => msOf(request.fromTime, 0),
        untilTime: () => msOf(request.untilTime, Number.MAX_SAFE_INTEGER),
      });
      const found: ReturnType<typeof auditEventMessage>[] = [];
      let end = below ?? (await store.read((tx) => tx.getNewestAuditSequence(tenantId), call)) + 1;
      const pause = sliced();
      for (let count = 0; count < STRETCHES && end > 1 && found.length < size; count++) {
        const stretch = { from: Math.max(end - STRETCH, 1), below: end, limit: size - found.length };
        const rows = await store.read((tx) => tx.searchAuditEvents(tenantId, search, stretch), call);
        found.push(...rows.map(auditEventMessage));
        end = found.length < size ? stretch.from : (rows.at(-1)?.sequence ?? 1);
        await pause();
      }
      return { events: found, nextPageToken: end > 1 ? pageToken(String(end)) : '' };
    },
  };
}

function parseText(text: string, field: string): string {
  if (text.length > MAX_TEXT)
    throw invalid({ field, description: `is longer than ${MAX_TEXT} characters; search for less of it` });
  return text;
}

function parseOutcome(outcome: AuditOutcome): Outcome {
  const found = OUTCOMES[outcome] as Outcome | undefined;
  if (found === undefined)
    throw invalid({ field: 'outcome', description: 'is not an outcome of audit.proto' });
  return found;
}

function msOf(time: Timestamp | undefined, none: number): number {
  return time === undefined ? none : timestampMs(time);
}
