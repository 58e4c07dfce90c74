/** `axiom restore`: a backup becomes the store of a data folder that has none. */

import type { Command } from 'commander';
import { restoreStore } from '../server/restore';
import { defaultDataDir } from './data-folder';
import { note, print } from './output';

interface Flags {
  readonly dataDir?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
The folder's management/ and execution/ must be those of the service that the backup is of; nothing else opens it.
What was deleted or revoked since the backup is there again.

Examples:
  cp -a /safe/management /safe/execution /safe/ca ./new/
  axiom restore /backups/axiom-2026-11-23.sqlite --data-dir ./new
  axiom serve --data-dir ./new
  axiom verify --data-dir ./new`;

export function registerRestore(program: Command): void {
  program
    .command('restore <file>')
    .description('put a backup into a data folder without a store')
    .option('--data-dir <folder>', 'data folder that is to serve it')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (file: string, flags: Flags) => {
      const dataDir = flags.dataDir ?? defaultDataDir();
      const { tenants, hasKeys } = await restoreStore(file, dataDir);
      if (flags.json) return print(JSON.stringify({ tenants, hasKeys }));
      note(`restored the store of ${tenants} tenant${tenants === 1 ? '' : 's'} into ${dataDir}`);
      note(
        'what was deleted or revoked after the backup is in force again: delete those secrets and revoke those API keys once more, and certificates where ca/ is of a time before',
      );
      if (!hasKeys)
        note(
          `put the management/, execution/ and ca/ folders of that service into ${dataDir} before you start it: without them nothing opens`,
        );
    });
}
