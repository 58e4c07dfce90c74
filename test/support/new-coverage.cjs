// Of what a test file covered, only what no file before it in the same worker did is told.
//
// After each test file jest copies the counters of every source that was loaded, sends them from the worker to its
// parent and adds them up there, which takes more time than many of the files themselves. Whether a line is covered
// at all is told as well by those sources of which more was reached than before.

module.exports = class NewCoverage {
  /** Of each source: the statements, functions and branches that were reached so far. */
  #reached = new Map();

  /** Takes out the sources of which nothing new was reached. @param coverage istanbul's `__coverage__`. */
  keepNew(coverage) {
    for (const [path, counters] of Object.entries(coverage)) {
      const reached = this.#reached.get(path) ?? new Set();
      const before = reached.size;
      for (const kind of ['s', 'f', 'b'])
        for (const [id, counts] of Object.entries(counters[kind]))
          [counts].flat().forEach((count, branch) => count > 0 && reached.add(`${kind}${id}.${branch}`));
      if (this.#reached.has(path) && reached.size === before) delete coverage[path];
      this.#reached.set(path, reached);
    }
  }
};
