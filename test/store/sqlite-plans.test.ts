/** What SQLite is given, so that a statement that was prepared once stays prepared. */

import { describe, expect, it } from '@jest/globals';
import { sqliteCompiler } from '../../src/store/sqlite/compiler';

describe('a limit that is bound on SQLite', () => {
  // SQLite looks at a bare parameter's number when it plans, and plans anew whenever one is bound.
  it('is an expression, so that the statement is not prepared anew at each call', () => {
    const query = sqliteCompiler.selectFrom('flows').select('flow_id').limit(3);
    expect(query.compile()).toMatchObject({
      sql: 'select "flow_id" from "flows" limit (? + 0)',
      parameters: [3],
    });
  });
});
