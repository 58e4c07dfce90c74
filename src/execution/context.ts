/** What every execution and operator handler works with. It holds the keys that open. */

import type { Keyring, TokenMac } from '../crypto/open/opener';
import type { Clock, RandomBytes } from '../domain/clock';
import type { SignedStore } from '../store/signed-store';
import type { ExecutionId, TenantId } from '../domain/ids';
import type { Scope } from '../domain/scope';
import type { BundleMaker } from './bundle-maker';
import type { CountedEvents } from '../domain/counted-events';
import type { ReadBudget } from '../domain/read-budget';
import type { NoteSigner } from '../domain/signed-note';
import type { OpenedBundles } from './opened-bundles';
import type { Openers } from './openers';
import type { RevokedNames } from './revoked-names';
import type { SignedEnds } from './signed-ends';

export interface ExecutionServerContext {
  readonly store: SignedStore;
  readonly keyring: Keyring;
  readonly openers: Openers;
  readonly bundleMaker: BundleMaker;
  readonly openedBundles: OpenedBundles;
  readonly tokenMac: TokenMac;
  /** Signs checkpoints of the audit logs. */
  readonly checkpointSigner: NoteSigner;
  readonly signedEnds: SignedEnds;
  readonly revokedNames: RevokedNames;
  readonly readBudget: ReadBudget;
  readonly countedEvents: CountedEvents;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
  /** Is told of a bundle that does not open and is made again. */
  readonly onDamagedBundle: (tenantId: TenantId, scope: Scope, revision: number) => void;
  /** Is told of a secret or override that keeps executions from starting. */
  readonly onUnusableSecret: (tenantId: TenantId, scope: Scope, name: string) => void;
  /** Is told, once for each report and reason of an error, of the executions whose values are taken from their sidecar. */
  readonly onUnsoundExecutions: (reason: string, executions: ReadonlyMap<ExecutionId, TenantId>) => void;
  /** How long an execution's token lives, in milliseconds. */
  readonly tokenTtlMs: number;
}
