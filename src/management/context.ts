/** What every management handler works with. It can seal and cannot open. */

import type { SealerFactory } from '../crypto/seal/sealer';
import type { Separation } from '../gen/axiom/access/v1/access_pb';
import type { Clock, RandomBytes } from '../domain/clock';
import type { SessionLimits } from '../domain/session';
import type { Store } from '../store/store';
import type { WorkerPool } from '../work/worker-pool';

export interface ManagementContext {
  readonly store: Store;
  readonly sealers: SealerFactory;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** What keeps this half from the other. */
  readonly separation: Separation;
  readonly sessionLimits: SessionLimits;
  readonly serviceVersion: string;
  /** Does what takes longer than a call should keep the event loop. */
  readonly workers: WorkerPool;
}
