/** `axiom audit`: who did what, newest first. */

import { setTimeout as sleep } from 'node:timers/promises';
import { Option, type Command } from 'commander';
import { SERVICE_ACTIONS, TENANT_ACTIONS } from '../domain/audit-actions';
import type { AuditEvent } from '../gen/axiom/audit/v1/audit_pb';
import { allPages } from './all-pages';
import { registerAuditCheckpoint } from './audit-checkpoint';
import { auditLine, registerAuditExport } from './audit-export';
import {
  isWanted,
  parseTime,
  withAuditLog,
  withLogFlags,
  type AuditLog,
  type LogFlags,
  type SearchFilter,
} from './audit-log';
import { registerAuditPrune } from './audit-prune';
import { EXIT } from './exit-codes';
import { CliError } from './failure';
import { outlast } from './outlast';
import { print, printTable, showTime, writeOut } from './output';
import { parseWholeNumber } from './whole-number';

interface Flags extends LogFlags {
  readonly json?: boolean;
  readonly limit: string;
  readonly action?: string;
  readonly resource?: string;
  readonly actor?: string;
  readonly since?: string;
  readonly until?: string;
  readonly follow?: boolean;
}

/** How often --follow looks, in milliseconds. */
const LOOK_EVERY_MS = 1_000;
const PAGE_SIZE = 1_000;

const EXAMPLES = `
With --json each event is one line of JSON, as \`axiom audit export\` prints it.

Examples:
  axiom audit --limit 20
  axiom audit --action secret.replace --resource ANTHROPIC_API_KEY
  axiom audit --actor api-key:KEY_ID --since 2026-01-31 --until 2026-02-01T12:00:00Z
  axiom audit --follow --json                        until Ctrl-C, oldest first
  axiom audit --service --action session.denied`;

export function registerAudit(program: Command): void {
  const audit = withLogFlags(program.command('audit'))
    .description("show your tenant's audit log, newest first: names, ids and times, never values")
    .option('--limit <count>', 'the newest events, at most this many', '100')
    .addOption(
      new Option('--action <action>', 'only this action').choices([...TENANT_ACTIONS, ...SERVICE_ACTIONS]),
    )
    .option('--resource <name>', 'only what was done to this name or id')
    .option(
      '--actor <principal>',
      'only what principals did that begin so: api-key:ID, oidc:SUBJECT, engine:',
    )
    .option('--since <time>', 'only from that day (UTC) or time on')
    .option('--until <time>', 'only before that day (UTC) or time')
    .option('--follow', 'go on with new events as they come, oldest first')
    .option('--json', 'print JSON, one event a line')
    .addHelpText('after', EXAMPLES)
    .action(showAudit);
  for (const register of [registerAuditExport, registerAuditPrune, registerAuditCheckpoint]) register(audit);
}

async function showAudit(flags: Flags): Promise<void> {
  const limit = parseWholeNumber('--limit', flags.limit, 1);
  const filter = parseFilter(flags);
  if (flags.follow && filter.until !== undefined)
    throw new CliError('--follow goes on without an end; leave out --until', EXIT.usage);
  await withAuditLog(flags, async (log) => {
    if (flags.follow) return follow(log, filter, limit, flags.json ?? false);
    const events = await newest(log, filter, limit);
    if (flags.json) return writeOut(events.map(auditLine).join(''));
    printTable(HEADER, events.map(row));
  });
}

function parseFilter({ action, resource, actor, since, until }: Flags): SearchFilter {
  return {
    ...(action !== undefined && { action }),
    ...(resource !== undefined && { resource }),
    ...(actor !== undefined && { actor }),
    ...(since !== undefined && { since: parseTime('--since', since) }),
    ...(until !== undefined && { until: parseTime('--until', until) }),
  };
}

/** The list knows actions and resources by index; the rest is searched for. */
function newest(log: AuditLog, filter: SearchFilter, limit: number): Promise<AuditEvent[]> {
  const { action = '', resource = '', actor, since, until } = filter;
  const isSearch = [actor, since, until].some((part) => part !== undefined);
  return allPages(
    (page) => (isSearch ? log.search({ ...page, ...filter }) : log.list({ ...page, action, resource })),
    (page) => page.events,
    limit,
  ).then((events) => events.slice(0, limit));
}

/** Prints the newest events, then those that come, each once and in the log's order, until the command is stopped. */
async function follow(log: AuditLog, filter: SearchFilter, limit: number, json: boolean): Promise<never> {
  const tell = async (some: readonly AuditEvent[]) => {
    if (json) await writeOut(some.map(auditLine).join(''));
    else for (const event of some) print(row(event).join('  '));
  };
  const latest = async () => (await log.list({ pageSize: 1, pageToken: '' })).events[0]?.sequence ?? 0n;
  // Asked for first: what comes while the others are looked for is told once, and not left out.
  let seen = await latest();
  const events = await newest(log, filter, limit);
  const told = events[0]?.sequence ?? 0n;
  if (told > seen) seen = told;
  await tell(events.reverse());
  for (;;) {
    await sleep(LOOK_EVERY_MS);
    const from = seen;
    const [through, come] = await outlast(async () => {
      const last = await latest();
      return [last, last === from ? [] : await after(log, from, last, filter)] as const;
    });
    await tell(come);
    seen = through;
  }
}

/** The wanted events after one and through another, oldest first. */
async function after(
  log: AuditLog,
  from: bigint,
  through: bigint,
  filter: SearchFilter,
): Promise<AuditEvent[]> {
  const found: AuditEvent[] = [];
  for (let pageToken = ''; ;) {
    const page = await log.list({ pageSize: PAGE_SIZE, pageToken });
    found.push(...page.events.filter(({ sequence }) => sequence > from && sequence <= through));
    pageToken = page.nextPageToken;
    if (pageToken === '' || page.events.some(({ sequence }) => sequence <= from)) break;
  }
  return found.filter(isWanted(filter)).reverse();
}

const HEADER = ['#', 'TIME', 'WHO', 'DID', 'TO', 'COUNT', 'BY NODE', 'DOOR', 'FROM', 'STATUS'];

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
