/** `axiom audit`: who did what, newest first. */

import { create } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { AuditService, ListAuditEventsResponseSchema, type AuditEvent } from '../gen/axiom/audit/v1/audit_pb';
import { allPages } from './all-pages';
import { withConnection, withManagement, type ConnectionFlags } from './connection';
import { printJson, printTable, showTime } from './output';
import { parseWholeNumber } from './whole-number';

interface Flags extends ConnectionFlags {
  readonly json?: boolean;
  readonly limit: string;
  readonly action?: string;
  readonly resource?: string;
}

const EXAMPLES = `
Examples:
  axiom audit --limit 20
  axiom audit --action secret.replace --resource ANTHROPIC_API_KEY`;

export function registerAudit(program: Command): void {
  withConnection(program.command('audit'))
    .description("show your tenant's audit log, newest first: names, ids and times, never values")
    .option('--limit <count>', 'at most so many events', '100')
    .option('--action <action>', 'only this action, as secret.replace')
    .option('--resource <name>', 'only what was done to this name or id')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => {
      const limit = parseWholeNumber('--limit', flags.limit, 1);
      const filter = { action: flags.action ?? '', resource: flags.resource ?? '' };
      const events = await withManagement(flags, (door) =>
        allPages(
          (page) => door.client(AuditService).listAuditEvents({ ...page, ...filter }, door.options()),
          (page) => page.events,
          limit,
        ),
      );
      if (flags.json)
        return printJson(ListAuditEventsResponseSchema, create(ListAuditEventsResponseSchema, { events }));
      printTable(['#', 'TIME', 'WHO', 'DID', 'TO', 'BY NODE', 'DOOR', 'STATUS'], events.map(row));
    });
}

function row(event: AuditEvent): string[] {
  const to = event.scope.startsWith('config:') ? `${event.resource} (${event.scope})` : event.resource;
  return [
    String(event.sequence),
    showTime(event.time),
    event.principal,
    event.action,
    to,
    event.node || '-',
    event.door,
    event.status,
  ];
}
