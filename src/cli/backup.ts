/** `axiom backup`: a consistent copy of the live store, through the operator's door. */

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { BackUpStoreResponseSchema, MaintenanceService } from '../gen/axiom/maintenance/v1/maintenance_pb';
import { atOperatorDoor, type OperatorFlags } from './operator-door';
import { note, printJson } from './output';

interface Flags extends OperatorFlags {
  readonly json?: boolean;
}

const EXAMPLES = `
The copy holds names, dates, audit log and ciphertexts. Without the KEK (in execution/ of the data folder)
it opens nothing: keep a copy of management/, execution/ and ca/ too, and not beside this one.

Examples:
  axiom backup /backups/axiom-$(date +%F).sqlite
  axiom restore /backups/axiom-2026-11-23.sqlite --data-dir ./new && axiom serve --data-dir ./new`;

export function registerBackup(program: Command): void {
  program
    .command('backup <file>')
    .description('copy the live store to a new file, while it serves')
    .option('--data-dir <folder>', 'data folder of the service')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, flags: Flags) => {
      const path = resolve(file);
      const answer = await atOperatorDoor(flags, (client) =>
        client(MaintenanceService).backUpStore({ path }, {}),
      );
      if (flags.json) return printJson(BackUpStoreResponseSchema, answer);
      note(
        `wrote ${answer.sizeBytes} bytes to ${path}; it opens only with the keys in this service's data folder`,
      );
    });
}
