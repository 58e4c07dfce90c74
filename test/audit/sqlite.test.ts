/** Checkpoints and pruning of the audit logs on SQLite: the suites of every engine. */

import { dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { openSqliteStore } from '../../src/store/sqlite/open';
import { openRooms } from '../support/rooms';
import type { AuditedRooms } from './audited-rooms';
import { describeCheckpoints } from './checkpoint-suite';
import { describePruning } from './prune-suite';

async function open(): Promise<AuditedRooms> {
  const rooms = await openRooms();
  const run = async (body: (database: BetterSqlite3.Database) => void) => {
    const database = new BetterSqlite3(rooms.storePath);
    try {
      body(database);
    } finally {
      database.close();
    }
  };
  return {
    rooms,
    ask: (sql) => run((database) => database.exec(sql)),
    change: (sql) =>
      run((database) => {
        const triggers = database.prepare("select name from sqlite_master where type = 'trigger'").all();
        for (const { name } of triggers as { name: string }[]) database.exec(`drop trigger ${name}`);
        database.exec(sql);
      }),
    bytes: (hex) => `x'${hex}'`,
    async openCopy() {
      const path = join(dirname(rooms.storePath), 'older.sqlite');
      await rooms.store.backUp(path);
      return openSqliteStore({ path });
    },
  };
}

describeCheckpoints({ name: 'SQLite', open, backUpStatuses: ['ALREADY_EXISTS', 'OK'] });
describePruning('SQLite', open);
