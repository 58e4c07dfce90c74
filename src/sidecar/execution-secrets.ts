/** What the sidecar holds of one execution, from its resolution until it is forgotten. */

import { timestampMs } from '@bufbuild/protobuf/wkt';
import { inspect } from 'node:util';
import { tokenNotInForce } from '../domain/execution-token';
import { PLATFORM_NODE_TIMEOUT_SECONDS } from '../domain/node-timeout';
import { REDACTED } from '../domain/secret-value';
import { ValueMasker } from './masking/value-masker';
import { encodeExecutionContext, type ExecutionIds } from './node-messages';
import type { Resolution } from './resolution';

/**
 * One execution's secrets. Prints its id and [REDACTED].
 *
 * Forgetting zeroes the values at once: an invocation under way has its own copy at the
 * node host. Only the masker outlives it, until the last invocation that may still log.
 */
export class ExecutionSecrets {
  readonly ids: ExecutionIds;
  /** Milliseconds since the epoch; nothing is kept longer. */
  readonly expireTime: number;
  /** How long one node may take, in milliseconds. */
  readonly nodeTimeoutMs: number;
  readonly #resolution: Resolution;
  readonly #values: Map<string, Uint8Array>;
  readonly #revoked: Set<string>;
  #context: Buffer | undefined;
  #masker: ValueMasker | undefined;
  #users = 0;
  #forgotten = false;

  constructor(resolution: Resolution) {
    const { receipt } = resolution;
    this.ids = { executionId: receipt.executionId, flowId: receipt.flowId, tenantId: receipt.tenantId };
    this.expireTime = receipt.expireTime === undefined ? 0 : timestampMs(receipt.expireTime);
    this.nodeTimeoutMs = Number(receipt.nodeTimeout?.seconds ?? PLATFORM_NODE_TIMEOUT_SECONDS) * 1_000;
    this.#resolution = resolution;
    this.#values = new Map(resolution.values());
    this.#revoked = new Set(receipt.revokedNames.filter((name) => !this.#values.has(name)));
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

  /** Masks every value that was resolved, those revoked since too: node code may still hold them. */
  mask(text: string): string {
    return this.#maskerNow().mask(text);
  }

  /**
   * A name that node code asked for, as it may be reported. Registered names are names; anything
   * else may hold a value (`get(value)` by mistake) and is masked.
   */
  reportable(name: string): string {
    return this.#values.has(name) || this.#revoked.has(name) ? name : this.mask(name);
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
    this.#maskerNow();
    for (const name of held) {
      this.#values.get(name)?.fill(0);
      this.#values.delete(name);
      this.#revoked.add(name);
    }
    this.#context?.fill(0);
    this.#context = undefined;
    return true;
  }

  /** Zeroes the values. */
  forget(): void {
    if (this.#forgotten) return;
    if (this.#users > 0) this.#maskerNow();
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

  #maskerNow(): ValueMasker {
    // Once forgotten the values are zeros; whoever may still mask made this before.
    this.#masker ??= ValueMasker.of(this.#values.values());
    return this.#masker;
  }

  #dropMaskerWhenDone(): void {
    if (!this.#forgotten || this.#users > 0) return;
    this.#masker?.wipe();
    this.#masker = undefined;
  }
}
