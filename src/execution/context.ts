/** What every execution and operator handler works with. It holds the keys that open. */

import type { Keyring, TokenMac } from '../crypto/open/opener';
import type { Clock, RandomBytes } from '../domain/clock';
import type { Store } from '../store/store';
import type { BundleMaker } from './bundle-maker';
import type { Openers } from './openers';

export interface ExecutionServerContext {
  readonly store: Store;
  readonly keyring: Keyring;
  readonly openers: Openers;
  readonly bundleMaker: BundleMaker;
  readonly tokenMac: TokenMac;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** How long an execution's token lives, in milliseconds. */
  readonly tokenTtlMs: number;
}
