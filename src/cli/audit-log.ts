/** Which audit log a command is about, and the door to it: a member's own tenant's, or any at the operator's door. */

import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import type { Command } from 'commander';
import {
  AuditLogsService,
  AuditService,
  type AuditEvent,
  type GetAuditCheckpointResponse,
  type GetAuditLogCheckpointResponse,
} from '../gen/axiom/audit/v1/audit_pb';
import type { PageRequest } from './all-pages';
import { withConnection, withManagement, type ConnectionFlags } from './connection';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { atOperatorDoor } from './operator-door';

export interface LogFlags extends ConnectionFlags {
  readonly tenant?: string;
  readonly service?: boolean;
}

/** Which events, and in which order. */
export interface EventFilter {
  readonly action?: string;
  readonly resource?: string;
  readonly oldestFirst?: boolean;
}

/** Which events a search is for; what is not set is not looked at. */
export interface SearchFilter {
  readonly action?: string;
  readonly resource?: string;
  /** How their principal begins. */
  readonly actor?: string;
  /** Milliseconds since the Unix epoch: from then on. */
  readonly since?: number;
  /** Only before then. */
  readonly until?: number;
}

/** One audit log, through the door that was found. */
export interface AuditLog {
  list(
    page: PageRequest & EventFilter,
  ): Promise<{ readonly events: readonly AuditEvent[]; readonly nextPageToken: string }>;
  /** Newest first. A page may have few events, or none, and a nextPageToken all the same. */
  search(
    page: PageRequest & SearchFilter,
  ): Promise<{ readonly events: readonly AuditEvent[]; readonly nextPageToken: string }>;
  checkpoint(): Promise<GetAuditCheckpointResponse | GetAuditLogCheckpointResponse>;
}

/** Adds the flags that say which log. */
export function withLogFlags(command: Command): Command {
  return withConnection(command)
    .option('--tenant <id>', "that tenant's log, through the operator's door")
    .option('--service', "the service's own log, through the operator's door");
}

/** Opens the door that the flags lead to for `body` and closes it after. */
export async function withAuditLog<T>(flags: LogFlags, body: (log: AuditLog) => Promise<T>): Promise<T> {
  if (flags.tenant === undefined && flags.service !== true) {
    return withManagement(flags, (door) => {
      const client = door.client(AuditService);
      return body({
        list: (request) => client.listAuditEvents(request, door.options()),
        search: async ({ pageSize, pageToken, ...filter }) => {
          const { action = '', actor = '', resource = '', since, until } = filter;
          const request = {
            ...{ pageSize, pageToken, action, principalPrefix: actor, part: resource },
            ...(since !== undefined && { fromTime: timestampFromMs(since) }),
            ...(until !== undefined && { untilTime: timestampFromMs(until) }),
          };
          const page = await client.searchAuditEvents(request, door.options());
          return { ...page, events: page.events.filter(isWanted(filter)) };
        },
        checkpoint: () => client.getAuditCheckpoint({}, door.options()),
      });
    });
  }
  const tenantId = operatorsLog(flags);
  return atOperatorDoor(flags, (door) => {
    const client = door(AuditLogsService);
    return body({
      list: (request) => client.listAuditLogEvents({ ...request, tenantId }),
      // The operator's door has no search: the events of a page are looked through here.
      search: async ({ pageSize, pageToken, ...filter }) => {
        const { action = '', resource = '' } = filter;
        const page = await client.listAuditLogEvents({ pageSize, pageToken, tenantId, action, resource });
        const isPast = page.events.some((event) => timeOf(event) < (filter.since ?? -Infinity));
        return {
          events: page.events.filter(isWanted(filter)),
          nextPageToken: isPast ? '' : page.nextPageToken,
        };
      },
      checkpoint: () => client.getAuditLogCheckpoint({ tenantId }),
    });
  });
}

/** Whether an event is what a search is for. */
export function isWanted(filter: SearchFilter): (event: AuditEvent) => boolean {
  const { action = '', resource = '', actor = '', since = -Infinity, until = Infinity } = filter;
  return (event) =>
    (action === '' || event.action === action) &&
    (resource === '' || event.resource === resource) &&
    event.principal.startsWith(actor) &&
    timeOf(event) >= since &&
    timeOf(event) < until;
}

function timeOf({ time }: AuditEvent): number {
  return time === undefined ? 0 : timestampMs(time);
}

/** @returns the tenant's id; empty for the service's own log. @throws CliError unless exactly one log is named. */
export function operatorsLog({ tenant, service }: LogFlags): string {
  if ((tenant === undefined) === (service !== true))
    throw new CliError("name one log: --tenant <id>, or --service for the service's own", EXIT.usage);
  return tenant ?? '';
}

/** Milliseconds since the Unix epoch of a day (its beginning, UTC) or an instant. @throws CliError. */
export function parseTime(flag: string, text: string): number {
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.test(text);
  const time = isTime ? Date.parse(text) : NaN;
  if (Number.isNaN(time))
    throw new CliError(`${flag} is a date as 2026-01-31, or a time as 2026-01-31T12:00:00Z`, EXIT.usage);
  return time;
}
