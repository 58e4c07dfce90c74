// Jest's Node environment, with better-sqlite3 loaded where it outlives the test file, and with coverage told once.
//
// Jest throws a file's context away when the file is done. On Node 24 a native object of
// better-sqlite3 12 that is collected after that aborts the process: its destructor looks for
// the environment of a context that is gone. So the module belongs to the worker's own
// context, and on Node 24 the worker keeps its native objects for as long as it lives.

const { TestEnvironment } = require('jest-environment-node');
const Database = require('better-sqlite3');
const NewCoverage = require('./new-coverage.cjs');

const newCoverage = new NewCoverage();
const kept = [];

/** A database that is never collected, nor any statement of it. */
function KeptDatabase(...args) {
  const database = new Database(...args);
  const [native] = Object.getOwnPropertySymbols(database).map((symbol) => database[symbol]);
  const prepare = native.prepare;
  native.prepare = (...statement) => {
    const prepared = prepare.apply(native, statement);
    kept.push(prepared);
    return prepared;
  };
  kept.push(database, native);
  return database;
}
KeptDatabase.prototype = Database.prototype;
KeptDatabase.SqliteError = Database.SqliteError;

const collectsBadly = Number(process.versions.node.split('.')[0]) >= 24;

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.betterSqlite3OutsideOfTest = collectsBadly ? KeptDatabase : Database;
  }

  /** After the last event jest takes the coverage. */
  handleTestEvent({ name }) {
    if (name === 'teardown') newCoverage.keepNew(this.global.__coverage__ ?? {});
  }
};
