/** `axiom audit`: who did what, newest first. */

import { create } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import { ListAuditEventsResponseSchema, type AuditEvent } from '../gen/axiom/audit/v1/audit_pb';
import { allPages } from './all-pages';
import { registerAuditCheckpoint } from './audit-checkpoint';
import { registerAuditExport } from './audit-export';
import { withAuditLog, withLogFlags, type LogFlags } from './audit-log';
import { registerAuditPrune } from './audit-prune';
import { printJson, printTable, showTime } from './output';
import { parseWholeNumber } from './whole-number';

interface Flags extends LogFlags {
  readonly json?: boolean;
  readonly limit: string;
  readonly action?: string;
  readonly resource?: string;
}

const EXAMPLES = `
Examples:
  axiom audit --limit 20
  axiom audit --action secret.replace --resource ANTHROPIC_API_KEY
  axiom audit --service --action session.denied`;

export function registerAudit(program: Command): void {
  const audit = withLogFlags(program.command('audit'))
    .description("show your tenant's audit log, newest first: names, ids and times, never values")
    .option('--limit <count>', 'the newest events, at most this many', '100')
    .option('--action <action>', 'only this action, as secret.replace')
    .option('--resource <name>', 'only what was done to this name or id')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => {
      const limit = parseWholeNumber('--limit', flags.limit, 1);
      const filter = { action: flags.action ?? '', resource: flags.resource ?? '' };
      const events = await withAuditLog(flags, (log) =>
        allPages(
          (page) => log.list({ ...page, ...filter }),
          (page) => page.events,
          limit,
        ),
      );
      if (flags.json)
        return printJson(ListAuditEventsResponseSchema, create(ListAuditEventsResponseSchema, { events }));
      printTable(
        ['#', 'TIME', 'WHO', 'DID', 'TO', 'COUNT', 'BY NODE', 'DOOR', 'FROM', 'STATUS'],
        events.map(row),
      );
    });
  for (const register of [registerAuditExport, registerAuditPrune, registerAuditCheckpoint]) register(audit);
}

function row(event: AuditEvent): string[] {
  const to = event.scope.startsWith('config:') ? `${event.resource} (${event.scope})` : event.resource;
  return [
    String(event.sequence),
    showTime(event.time),
    event.principal || '-',
    event.action,
    to,
    String(event.count),
    event.node || '-',
    event.door,
    event.source || '-',
    event.status,
  ];
}
