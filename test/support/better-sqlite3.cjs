// Stands for better-sqlite3 in test files: the module itself, loaded where it outlives them.

/* global requireOutsideOfTest */
module.exports = requireOutsideOfTest('better-sqlite3');
