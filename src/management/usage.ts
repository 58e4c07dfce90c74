/** UsageService: what nodes really read, from the reports of sidecars. Names, times and counts. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { closest, distance } from 'fastest-levenshtein';
import type { Handlers } from '../domain/call';
import { invalid, parseAll } from '../domain/errors';
import type { TenantId } from '../domain/ids';
import { cutPage, parsePageSize, parsePageToken } from '../domain/page';
import type { TenantPrincipal } from '../domain/principal';
import { MAX_SCOPE_NAMES, TENANT_SCOPE } from '../domain/scope';
import type { UsageService } from '../gen/axiom/usage/v1/usage_pb';
import type { ReadsRecord, SecretRecord } from '../store/records';
import type { ReadTx } from '../store/store';
import type { ManagementContext } from './context';

const DAY_MS = 86_400_000;
const MAX_UNREAD_DAYS = 3_650;

type Methods = 'listSecretUsage' | 'listMissedReads';

export function usageHandlers(context: ManagementContext): Handlers<typeof UsageService, Methods, TenantPrincipal> {
  const { store, clock } = context;
  return {
    async listSecretUsage(call, request) {
      const { size, after, unreadDays } = parseAll({
        size: () => parsePageSize(request.pageSize),
        after: () => parsePageToken(request.pageToken),
        unreadDays: () => parseUnreadDays(request.unreadDays),
      });
      const readBefore = unreadDays === 0 ? Infinity : clock() - unreadDays * DAY_MS;
      const { tenantId } = call.principal;
      const rows = await store.read(async (tx) => {
        // A scope has at most 1,000 names, so one list is the whole scope: the filter cannot starve a page.
        const secrets = await tx.listSecrets(tenantId, TENANT_SCOPE, { limit: MAX_SCOPE_NAMES, after });
        const usage = await Promise.all(secrets.map((secret) => usageOf(tx, tenantId, secret)));
        return usage.filter((row) => (row.reads?.lastReadTime ?? row.secret.createTime) < readBefore).slice(0, size + 1);
      });
      const page = cutPage(rows, size, (row) => row.secret.name);
      return { secrets: page.rows.map(usageMessage), nextPageToken: page.nextPageToken };
    },

    async listMissedReads(call, request) {
      const { size, after } = parseAll({
        size: () => parsePageSize(request.pageSize),
        after: () => parsePageToken(request.pageToken),
      });
      const { tenantId } = call.principal;
      const { page, names } = await store.read(async (tx) => ({
        page: cutPage(await tx.listReads(tenantId, false, { limit: size + 1, after }), size, (row) => row.name),
        names: (await tx.listSecrets(tenantId, TENANT_SCOPE, { limit: MAX_SCOPE_NAMES })).map((one) => one.name),
      }));
      const misses = [];
      for (const row of page.rows) {
        // Up to 10 ms each, and 1,000 of them: other calls get their turn in between.
        await nextTurn();
        misses.push({ ...readsMessage(row), name: row.name, nearestName: nearest(row.name, names) });
      }
      return { misses, nextPageToken: page.nextPageToken };
    },
  };
}

interface Usage {
  readonly secret: SecretRecord;
  readonly reads: ReadsRecord | undefined;
}

async function usageOf(tx: ReadTx, tenantId: TenantId, secret: SecretRecord): Promise<Usage> {
  return { secret, reads: await tx.getReads(tenantId, secret.name, true) };
}

function usageMessage({ secret, reads }: Usage) {
  return {
    name: secret.name,
    createTime: timestampFromMs(secret.createTime),
    ...(reads !== undefined && readsMessage(reads)),
  };
}

function readsMessage(reads: ReadsRecord) {
  return {
    lastReadTime: timestampFromMs(reads.lastReadTime),
    lastReadPackage: reads.lastReadPackage,
    lastReadNode: reads.lastReadNode,
    readCount: BigInt(reads.count),
  };
}

/** The registered name within a third of the letters by Levenshtein distance, case aside; '' where none is. */
function nearest(missed: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const byFolded = new Map(names.map((name) => [name.toUpperCase(), name]));
  const folded = missed.toUpperCase();
  const best = closest(folded, [...byFolded.keys()]);
  return distance(folded, best) <= Math.max(1, Math.floor(missed.length / 3)) ? (byFolded.get(best) ?? '') : '';
}

function parseUnreadDays(days: number): number {
  if (days < 0 || days > MAX_UNREAD_DAYS) {
    throw invalid({ field: 'unread_days', description: 'is not 1 to 3,650; leave it out for every secret' });
  }
  return days;
}
