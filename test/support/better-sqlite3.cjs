// Stands for better-sqlite3 in test files: the module itself, from jest-environment.cjs.

/* global betterSqlite3OutsideOfTest */
module.exports = betterSqlite3OutsideOfTest;
