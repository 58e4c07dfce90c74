/** `axiom audit prune`: takes the oldest events of a log out, through the operator's door. */

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Command } from 'commander';
import { AuditLogsService, PruneAuditLogResponseSchema } from '../gen/axiom/audit/v1/audit_pb';
import { operatorsLog, parseTime } from './audit-log';
import { atOperatorDoor, type OperatorFlags } from './operator-door';
import { note, printJson, printText } from './output';

interface Flags extends OperatorFlags {
  readonly before: string;
  readonly tenant?: string;
  readonly service?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Export them first: they are gone. A signed checkpoint of the last of them is printed, and kept in the store for
\`axiom verify\`. The log itself says that it was pruned.

Examples:
  axiom audit export --tenant acme --before 2026-01-01 > acme-2025.jsonl
  axiom audit prune --tenant acme --before 2026-01-01 > acme-2025.checkpoint
  axiom audit prune --service --before 2026-01-01`;

export function registerAuditPrune(audit: Command): void {
  audit
    .command('prune')
    .description("take the oldest events out of an audit log, through the operator's door")
    .requiredOption('--before <date>', 'the events of before that day or time')
    .option('--data-dir <folder>', 'data folder of the service')
    .option('--tenant <id>', "that tenant's log")
    .option('--service', "the service's own log")
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (flags: Flags) => {
      const tenantId = operatorsLog(flags);
      const before = timestampFromMs(parseTime('--before', flags.before));
      const answer = await atOperatorDoor(flags, (client) =>
        client(AuditLogsService).pruneAuditLog({ tenantId, before }),
      );
      if (flags.json) return printJson(PruneAuditLogResponseSchema, answer);
      if (answer.note !== '') printText(answer.note.trimEnd());
      note(`took out ${answer.prunedCount} events; out are those through event ${answer.throughSequence}`);
    });
}
