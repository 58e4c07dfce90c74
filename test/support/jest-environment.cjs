// Jest's Node environment, with a way to load native modules outside of the test file's own context.
//
// Jest throws a file's context away when the file is done. On Node 24 a native object of
// better-sqlite3 that is collected after that aborts the process (its destructor looks for
// the context's environment). Loaded outside, the module belongs to the worker's own
// context, which lives as long as the worker: as in the service, which has only one.

const { TestEnvironment } = require('jest-environment-node');

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.requireOutsideOfTest = require;
  }
};
