/** `axiom audit export`: an audit log as JSON lines, oldest first, as it is chained. */

import { toJson } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import type { Command } from 'commander';
import { AuditEventSchema, type AuditEvent } from '../gen/axiom/audit/v1/audit_pb';
import { parseTime, withAuditLog, withLogFlags, type AuditLog, type LogFlags } from './audit-log';
import { note, writeOut } from './output';

interface Flags extends LogFlags {
  readonly before?: string;
}

const PAGE_SIZE = 1_000;

const EXAMPLES = `
Each line is one event with its hash, which covers the hash of the line before.

Examples:
  axiom audit export > acme-2026.jsonl
  axiom audit export --tenant acme --before 2026-01-01 > acme-2025.jsonl
  axiom audit prune --tenant acme --before 2026-01-01`;

export function registerAuditExport(audit: Command): void {
  withLogFlags(audit.command('export'))
    .description('print an audit log as JSON lines, oldest first')
    .option('--before <date>', 'only events of before that day or time, as prune takes them')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => {
      const before = flags.before === undefined ? Infinity : parseTime('--before', flags.before);
      const exported = await withAuditLog(flags, (log) => exportEvents(log, before));
      note(
        exported.count === 0 ? 'no events' : `${exported.count} events, through event ${exported.through}`,
      );
    });
}

/** Page by page: a log may be larger than memory. */
async function exportEvents(log: AuditLog, before: number) {
  let count = 0;
  let through = 0n;
  for (let pageToken = ''; ;) {
    const page = await log.list({ pageSize: PAGE_SIZE, pageToken, oldestFirst: true });
    const end = page.events.findIndex(({ time }) => time !== undefined && timestampMs(time) >= before);
    const events = end < 0 ? page.events : page.events.slice(0, end);
    await writeOut(events.map(auditLine).join(''));
    count += events.length;
    through = events[events.length - 1]?.sequence ?? through;
    pageToken = page.nextPageToken;
    if (end >= 0 || pageToken === '') return { count, through };
  }
}

/** One event as one line of JSON. */
export function auditLine(event: AuditEvent): string {
  return `${JSON.stringify(toJson(AuditEventSchema, event, { alwaysEmitImplicit: true }))}\n`;
}
