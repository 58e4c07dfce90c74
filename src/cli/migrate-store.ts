/** `axiom migrate-store`: a standing service goes from SQLite to PostgreSQL. */

import type { Command } from 'commander';
import type * as MigrateStore from '../server/migrate-store';
import { checkReadable } from './flag-file';
import { note, print, printTable } from './output';

interface Flags {
  readonly from: string;
  readonly toPostgresUrlFile: string;
  readonly insecurePostgres?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Stop the service first. Every row is copied and then compared with the one it was copied from; what an attempt that
ended half-way has copied stays. The database has to be empty. The folder's store is put aside as store.sqlite.moved,
its keys stay: the service is started on the same folder, with the database named.

Examples:
  axiom audit checkpoint --tenant acme > acme.checkpoint
  axiom migrate-store --from ./axiom-data --to-postgres-url-file ./postgres-url
  axiom serve --data-dir ./axiom-data --postgres-url-file ./postgres-url
  axiom verify --data-dir ./axiom-data --checkpoint acme.checkpoint`;

export function registerMigrateStore(program: Command): void {
  program
    .command('migrate-store')
    .description('move the store of a data folder from SQLite to an empty PostgreSQL database')
    .requiredOption('--from <folder>', 'data folder of the service, which is stopped')
    .requiredOption(
      '--to-postgres-url-file <file>',
      'private file with the URL of a database user that may make tables',
    )
    .option('--insecure-postgres', 'accept a connection that others on the way can read and change')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async ({ from, toPostgresUrlFile, insecurePostgres = false, json }: Flags) => {
      checkReadable('--to-postgres-url-file', toPostgresUrlFile);
      // eslint-disable-next-line @typescript-eslint/no-require-imports -- PostgreSQL's driver, for this command only
      const { migrateStore } = require('../server/migrate-store') as typeof MigrateStore;
      const { tables, putAside } = await migrateStore({
        dataDir: from,
        postgresUrlFile: toPostgresUrlFile,
        insecurePostgres,
        onTable: ({ table, rows }) => note(`${table}: ${rows} row${rows === 1 ? '' : 's'}`),
      });
      if (json) return print(JSON.stringify({ tables, putAside }));
      printTable(
        ['TABLE', 'ROWS', 'THERE BEFORE'],
        tables.map(({ table, rows, stood }) => [table, String(rows), String(stood)]),
      );
      note(`every row is in the database as it was; the old store is ${putAside}`);
      note(`start the service with: axiom serve --data-dir ${from} --postgres-url-file ${toPostgresUrlFile}`);
    });
}
