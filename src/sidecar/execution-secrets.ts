/** What the sidecar holds of one execution, from its resolution until it is forgotten. */

import { timestampMs } from '@bufbuild/protobuf/wkt';
import { inspect } from 'node:util';
import { millisecondsOf } from '../domain/duration';
import { tokenNotInForce } from '../domain/execution-token';
import { PLATFORM_NODE_TIMEOUT_SECONDS } from '../domain/node-timeout';
import { REDACTED } from '../domain/secret-value';
import { ValueMasker } from './masking/value-masker';
import { UNLIMITED, type Credit } from './masking/work';
import type { SlicedWork } from './fair-queue';
import { encodeExecutionContext, type ExecutionIds } from './node-messages';
import type { ResolutionReceipt } from '../gen/axiom/secrets/v1/secrets_pb';
import type { Resolution } from './resolution';

/** Maps, ids and names. */
const OVERHEAD_BYTES = 4_096;

/**
 * One execution's secrets. Prints its id and [REDACTED].
 *
 * Forgetting zeroes the values at once: an invocation under way has its own copy at the
 * node host. Only the masker outlives it, until the last invocation that may still log.
 */
export class ExecutionSecrets {
  readonly ids: ExecutionIds;
  /** By performance.now(): nothing is kept longer. */
  readonly endsAt: number;
  /** How much memory it may take, at most: the values twice, and what recognizes them in logs. */
  readonly bytes: number;
  /** How long one node may take, in milliseconds. */
  readonly nodeTimeoutMs: number;
  readonly #resolution: Resolution;
  readonly #values: Map<string, Uint8Array>;
  readonly #revoked: Set<string>;
  #names: ReadonlySet<string>;
  #context: Buffer | undefined;
  #masker: ValueMasker | undefined;
  #credit = UNLIMITED;
  #users = 0;
  #forgotten = false;

  /** @param askedAt by performance.now(), when the resolution was asked for. */
  constructor(resolution: Resolution, askedAt: number) {
    const { receipt } = resolution;
    this.ids = { executionId: receipt.executionId, flowId: receipt.flowId, tenantId: receipt.tenantId };
    this.endsAt = endOf(receipt, askedAt);
    this.nodeTimeoutMs = Number(receipt.nodeTimeout?.seconds ?? PLATFORM_NODE_TIMEOUT_SECONDS) * 1_000;
    this.#resolution = resolution;
    this.#values = new Map(resolution.values());
    this.#names = new Set(this.#values.keys());
    this.#revoked = new Set(receipt.revokedNames.filter((name) => !this.#values.has(name)));
    this.bytes = 2 * resolution.byteLength + ValueMasker.bytesFor(this.#values.values()) + OVERHEAD_BYTES;
  }

  /** The names whose values an invocation that begins now is given. */
  get names(): ReadonlySet<string> {
    return this.#names;
  }

  /** Whether an invocation of it runs. */
  get inUse(): boolean {
    return this.#users > 0;
  }

  get forgotten(): boolean {
    return this.#forgotten;
  }

  /** The serialized axiom.node.v1.ExecutionContext, made once. @throws DomainError UNAUTHENTICATED once forgotten. */
  context(): Uint8Array {
    if (this.#forgotten) throw tokenNotInForce();
    this.#context ??= encodeExecutionContext(this.ids, this.#values, this.#revoked);
    return this.#context;
  }

  /** Says what pays for texts that are dear to mask: all executions of a tenant have one credit. */
  maskOn(credit: Credit): void {
    this.#credit = credit;
  }

  /** Makes what `mask` needs, in slices; without it the first text waits for all of it. */
  *prepareMasking(): SlicedWork<void> {
    if (this.#masker !== undefined || this.#forgotten) return;
    const masker = yield* ValueMasker.inSlices(this.#values.values());
    // Values that were zeroed meanwhile are only in the one that was made before that.
    if (this.#masker === undefined && !this.#forgotten) this.#masker = masker;
    else masker.wipe();
  }

  /**
   * Masks every value that was resolved, those revoked since too: node code may still hold them.
   * @param limit the text is cut after so many bytes.
   */
  mask(text: string | Uint8Array, limit?: number): string {
    return this.masker().mask(text, limit, this.#credit);
  }

  /** What masks them, for texts of more executions than this one. */
  masker(): ValueMasker {
    // Once forgotten the values are zeros; whoever may still mask made this before.
    this.#masker ??= ValueMasker.of(this.#values.values());
    return this.#masker;
  }

  /** Whether it is a name of a value that was resolved, be it revoked since. */
  isRegistered(name: string): boolean {
    return this.#values.has(name) || this.#revoked.has(name);
  }

  /** Keeps the masker until the function that is answered is called; call it once. */
  use(): () => void {
    this.#users++;
    return () => {
      this.#users--;
      this.#dropMaskerWhenDone();
    };
  }

  /** Takes values from invocations to come. @returns whether anything changed. */
  revoke(names: readonly string[]): boolean {
    const held = names.filter((name) => this.#values.has(name));
    if (this.#forgotten || held.length === 0) return false;
    this.masker();
    for (const name of held) {
      this.#values.get(name)?.fill(0);
      this.#values.delete(name);
      this.#revoked.add(name);
    }
    this.#names = new Set(this.#values.keys());
    this.#context?.fill(0);
    this.#context = undefined;
    return true;
  }

  /** Zeroes the values. */
  forget(): void {
    if (this.#forgotten) return;
    if (this.#users > 0) this.masker();
    this.#forgotten = true;
    this.#values.clear();
    this.#resolution.wipe();
    this.#context?.fill(0);
    this.#context = undefined;
    this.#dropMaskerWhenDone();
  }

  toJSON(): string {
    return `${this.ids.executionId} ${REDACTED}`;
  }

  [inspect.custom](): string {
    return this.toJSON();
  }

  #dropMaskerWhenDone(): void {
    if (!this.#forgotten || this.#users > 0) return;
    this.#masker?.wipe();
    this.#masker = undefined;
  }
}

/** By what is left and not by the date: this machine's clock may be wrong. */
function endOf({ timeLeft, expireTime }: ResolutionReceipt, askedAt: number): number {
  if (timeLeft !== undefined) return askedAt + millisecondsOf(timeLeft);
  return expireTime === undefined ? 0 : askedAt + timestampMs(expireTime) - Date.now();
}
