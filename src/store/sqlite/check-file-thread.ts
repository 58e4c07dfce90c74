/** The thread that has SQLite look through a database's file. */

import { parentPort, workerData } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';

/** What SQLite found, `ok` alone where nothing is wrong; or what it said by name and code when it could not look. */
export interface CheckAnswer {
  readonly found: readonly string[];
  readonly failure?: { readonly name: string; readonly code: string };
}

function check(path: string): CheckAnswer {
  const db = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
  try {
    const rows = db.pragma('quick_check(10)') as { readonly quick_check: string }[];
    return { found: rows.map((row) => row.quick_check) };
  } finally {
    db.close();
  }
}

function answer(): CheckAnswer {
  try {
    return check(workerData as string);
  } catch (error) {
    const { name = '', code = '' } = error as { name?: string; code?: string };
    return { found: [], failure: { name, code } };
  }
}

parentPort?.postMessage(answer());
