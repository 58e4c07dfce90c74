/** `axiom secrets usage`: when and by what each secret was last read, and names that were asked for and missed. */

import { create } from '@bufbuild/protobuf';
import type { Command } from 'commander';
import {
  ListMissedReadsResponseSchema,
  ListSecretUsageResponseSchema,
  UsageService,
} from '../gen/axiom/usage/v1/usage_pb';
import { allPages } from './all-pages';
import { withConnection, withManagement, type ConnectionFlags, type Management } from './connection';
import { print, printJson, printTable, showTime } from './output';
import { parseWholeNumber } from './whole-number';

interface Flags extends ConnectionFlags {
  readonly json?: boolean;
  readonly unreadDays?: string;
  readonly missed?: boolean;
}

export function registerUsage(secrets: Command): void {
  withConnection(secrets.command('usage'))
    .description('show what node code really reads: names, times and counts')
    .option('--unread-days <days>', 'only secrets that nothing has read for so many days')
    .option('--missed', 'names that were asked for and not found, with the nearest registered name')
    .option('--json', 'print JSON')
    .action(async (flags: Flags) => {
      await withManagement(flags, (door) =>
        flags.missed ? showMissed(door, flags) : showUsage(door, flags),
      );
    });
}

async function showUsage(door: Management, flags: Flags): Promise<void> {
  const unreadDays =
    flags.unreadDays === undefined ? 0 : parseWholeNumber('--unread-days', flags.unreadDays, 1);
  const secrets = await allPages(
    (page) => door.client(UsageService).listSecretUsage({ ...page, unreadDays }, door.options()),
    (page) => page.secrets,
  );
  if (flags.json)
    return printJson(ListSecretUsageResponseSchema, create(ListSecretUsageResponseSchema, { secrets }));
  printTable(
    ['NAME', 'LAST READ', 'READS', 'BY'],
    secrets.map((row) => [row.name, showTime(row.lastReadTime, 'never'), String(row.readCount), reader(row)]),
  );
}

async function showMissed(door: Management, flags: Flags): Promise<void> {
  const misses = await allPages(
    (page) => door.client(UsageService).listMissedReads(page, door.options()),
    (page) => page.misses,
  );
  if (flags.json)
    return printJson(ListMissedReadsResponseSchema, create(ListMissedReadsResponseSchema, { misses }));
  if (misses.length === 0) return print('no node has asked for a name that is not registered');
  printTable(
    ['NAME', 'LAST ASKED FOR', 'TIMES', 'NEAREST', 'BY'],
    misses.map((row) => [
      row.name,
      showTime(row.lastReadTime),
      String(row.readCount),
      row.nearestName || '-',
      reader(row),
    ]),
  );
}

function reader(row: { readonly lastReadPackage: string; readonly lastReadNode: string }): string {
  return row.lastReadPackage === '' ? '-' : `${row.lastReadPackage}#${row.lastReadNode}`;
}
