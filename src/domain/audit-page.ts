/** One page of an audit log: what a request of it says, and the events as messages. */

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ChainedEntry } from './audit-chain';
import { invalid, parseAll } from './errors';
import { parsePageSize, parsePageToken } from './page';

/** What requests of pages have in common. */
interface PageOfEvents {
  readonly pageSize: number;
  readonly pageToken: string;
  readonly action: string;
  readonly resource: string;
  readonly oldestFirst: boolean;
}

/** @throws DomainError INVALID_ARGUMENT. */
export function parseAuditPage(request: PageOfEvents) {
  const { action, resource, oldestFirst } = request;
  const { size, after } = parseAll({
    size: () => parsePageSize(request.pageSize),
    after: () => parseSequence(parsePageToken(request.pageToken)),
    order: () => checkOrder(request),
  });
  const filter = { ...(action !== '' && { action }), ...(resource !== '' && { resource }), oldestFirst };
  return { size, after, filter };
}

/** An event in its place. */
type ChainedEvent = ChainedEntry & { readonly sequence: number; readonly hash: string };

export function auditEventMessage({ sequence, time, version, source, ...entry }: ChainedEvent) {
  return {
    ...entry,
    ...(source !== undefined && { source }),
    sequence: BigInt(sequence),
    time: timestampFromMs(time),
    version: BigInt(version),
  };
}

function checkOrder({ action, resource, oldestFirst }: PageOfEvents): void {
  if (oldestFirst && (action !== '' || resource !== ''))
    throw invalid({
      field: 'oldest_first',
      description: 'goes with neither action nor resource; leave those out, or take the newest first',
    });
}

/** The key of a page of events. @throws DomainError INVALID_ARGUMENT. */
export function parseSequence(key: string | undefined): number | undefined {
  if (key === undefined) return undefined;
  if (!/^[1-9][0-9]{0,14}$/.test(key)) {
    throw invalid({
      field: 'page_token',
      description: 'is not a next_page_token of this list; start again without it',
    });
  }
  return Number(key);
}
