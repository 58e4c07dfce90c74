/** What an engine gives the suites to work on. */

import type { Store } from '../../src/store/store';

/** A database for one test. */
export interface TestDatabase {
  readonly store: Store;
  /** A second store on the same database, as another process would open it. */
  openAnother(): Promise<Store>;
  dispose(): Promise<void>;
}
