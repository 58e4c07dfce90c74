/** UsageService: what nodes really read, from the reports of sidecars. Names, times and counts. */

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Handlers } from '../domain/call';
import { DAY_MS } from '../domain/clock';
import { invalid, parseAll } from '../domain/errors';
import { parseConfigId, parseSecretName } from '../domain/ids';
import { cutPage, parsePageSize, parsePageToken } from '../domain/page';
import type { TenantPrincipal } from '../domain/principal';
import { configScope, MAX_SCOPE_NAMES, TENANT_SCOPE } from '../domain/scope';
import { KEPT_MISSED_NAMES, MISSED_NAMES_SLACK } from '../domain/usage-limits';
import { SecretUsageSchema, type UsageService } from '../gen/axiom/usage/v1/usage_pb';
import type { ReadsRecord, SecretReadsRecord } from '../store/records';
import { fillPage } from '../work/fill-page';
import { collect, inChunks } from '../work/in-chunks';
import type { ManagementContext } from './context';
import { listedSecrets, type Reading } from './listed-names';
import { getStanding } from './sealed-write';

const MAX_UNREAD_DAYS = 3_650;
/** Each missed name is compared with every registered one, so a page holds fewer of them than other lists do. */
const MAX_MISSED_PAGE = 100;

/** More than a person tells apart. */
const MAX_COUNTED_EXECUTIONS = 10_000;

type Methods = 'listSecretUsage' | 'getSecretUsage' | 'listMissedReads';

export function usageHandlers(
  context: ManagementContext,
): Handlers<typeof UsageService, Methods, TenantPrincipal> {
  const { store, clock, workers } = context;
  return {
    async listSecretUsage(call, request) {
      const { size, after, unreadDays } = parseAll({
        size: () => parsePageSize(request.pageSize),
        after: () => parsePageToken(request.pageToken),
        unreadDays: () => parseUnreadDays(request.unreadDays),
      });
      const readBefore = unreadDays === 0 ? Infinity : clock() - unreadDays * DAY_MS;
      const { tenantId } = call.principal;
      // One list is the whole scope, so the filter cannot starve a page.
      const all = inChunks(
        { limit: MAX_SCOPE_NAMES, after },
        (chunk) => store.read((tx) => tx.listSecretReads(tenantId, chunk), call),
        ({ name }): string => name,
      );
      const { messages: secrets, nextPageToken } = await fillPage({
        rows: lastReadBefore(readBefore, all),
        size,
        keyOf: (row) => row.name,
        schema: SecretUsageSchema,
        messageOf: usageMessage,
      });
      return { secrets, nextPageToken };
    },

    async getSecretUsage(call, request) {
      const { name, scope } = parseAll({
        name: () => parseSecretName(request.name),
        scope: () => (request.configId === '' ? TENANT_SCOPE : configScope(parseConfigId(request.configId))),
      });
      const { tenantId } = call.principal;
      return store.read(async (tx) => {
        const { version, createTime } = await getStanding(tx, { tenantId, scope, name, etag: '' });
        const reads = await tx.getSecretReads(tenantId, name);
        // A value's version is the revision of its scope that it came with.
        const running = { tenantId, scope, revision: version, now: clock(), limit: MAX_COUNTED_EXECUTIONS };
        return {
          usage: usageMessage(sinceItStands({ name, createTime, reads })),
          runningExecutionCount: await tx.countRunningExecutions(running),
          olderExecutionCount: await tx.countOlderExecutions(running),
        };
      }, call);
    },

    async listMissedReads(call, request) {
      const { size, after } = parseAll({
        size: () => Math.min(parsePageSize(request.pageSize), MAX_MISSED_PAGE),
        after: () => parsePageToken(request.pageToken),
      });
      const { tenantId } = call.principal;
      const read: Reading = (step) => store.read(step, call);
      const names = (await collect(listedSecrets(read, tenantId, TENANT_SCOPE))).map((one) => one.name);
      const registered = new Set<string>(names);
      const missing: ReadsRecord[] = [];
      const missed = inChunks(
        { limit: KEPT_MISSED_NAMES + MISSED_NAMES_SLACK, after },
        (chunk) => read((tx) => tx.listReads(tenantId, false, chunk)),
        (row) => row.name,
      );
      for await (const row of missed) {
        if (missing.length > size) break;
        if (!registered.has(row.name)) missing.push(row);
      }
      const page = cutPage(missing, size, (row) => row.name);
      const nearest = await workers.run(
        'nearestNames',
        { missed: page.rows.map((row) => row.name), names },
        { tenantId, waiter: call },
      );
      const misses = page.rows.map((row, index) => ({
        ...readsMessage(row),
        name: row.name,
        nearestName: nearest[index] ?? '',
      }));
      return { misses, nextPageToken: page.nextPageToken };
    },
  };
}

/** @param all by name. */
async function* lastReadBefore(time: number, all: AsyncIterable<SecretReadsRecord>) {
  for await (const one of all) {
    const row = sinceItStands(one);
    if ((row.reads?.lastReadTime ?? row.createTime) < time) yield row;
  }
}

/** Reads from before it was added were of another secret of that name, since deleted. */
function sinceItStands(row: SecretReadsRecord): SecretReadsRecord {
  return row.reads !== undefined && row.reads.lastReadTime < row.createTime
    ? { ...row, reads: undefined }
    : row;
}

function usageMessage({ name, createTime, reads }: SecretReadsRecord) {
  return {
    name,
    createTime: timestampFromMs(createTime),
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

function parseUnreadDays(days: number): number {
  if (days < 0 || days > MAX_UNREAD_DAYS) {
    throw invalid({ field: 'unread_days', description: 'is not 1 to 3,650; leave it out for every secret' });
  }
  return days;
}
