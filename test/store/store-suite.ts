/** What every engine of the store must do, told once and run against each. */

import { afterEach, beforeEach, describe } from '@jest/globals';
import { describeAccess } from './suite/access';
import { describeAudit } from './suite/audit';
import { describeBundles } from './suite/bundles';
import { describeFlowConfigs } from './suite/flow-configs';
import { describeOneStatement } from './suite/one-statement';
import { describeHeads } from './suite/heads';
import { describePackages } from './suite/packages';
import { describeReads } from './suite/reads';
import { describeSecrets } from './suite/secrets';
import { describeTenants } from './suite/tenants';
import { describeTransactions } from './suite/transactions';
import type { TestDatabase } from './test-database';

export function describeStore(engine: string, open: () => Promise<TestDatabase>): void {
  describe(`the store on ${engine}`, () => {
    let database: TestDatabase;
    beforeEach(async () => {
      database = await open();
    });
    afterEach(() => database.dispose());

    const current = () => database;
    describeTenants(current);
    describeSecrets(current);
    describeHeads(current);
    describeBundles(current);
    describeFlowConfigs(current);
    describeOneStatement(current);
    describeAccess(current);
    describePackages(current);
    describeReads(current);
    describeAudit(current);
    describeTransactions(current);
  });
}
