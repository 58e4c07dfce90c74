/** The thread that copies a live SQLite database: pages are read, written and flushed off the event loop. */

import { parentPort, workerData } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';

export interface BackUpData {
  readonly databasePath: string;
  /** An empty file. */
  readonly target: string;
}

/** What SQLite said by name and code, since an error that crosses threads loses its code. */
export type BackUpAnswer =
  { readonly ok: true } | { readonly ok: false; readonly name: string; readonly code: string };

async function copy({ databasePath, target }: BackUpData): Promise<void> {
  const source = new BetterSqlite3(databasePath, { readonly: true, fileMustExist: true });
  try {
    // The copy is of this snapshot: without it, every write of another connection would begin it anew
    // (https://www.sqlite.org/c3ref/backup_finish.html).
    source.exec('begin');
    source.pragma('schema_version');
    await source.backup(target);
  } finally {
    source.close();
  }
}

const answer = (message: BackUpAnswer) => parentPort?.postMessage(message);

copy(workerData as BackUpData).then(
  () => answer({ ok: true }),
  ({ name = '', code = '' }: { name?: string; code?: string }) => answer({ ok: false, name, code }),
);
