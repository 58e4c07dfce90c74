/**
 * The executions this sidecar holds: each resolved once, forgotten when it ends, and never
 * more of them than the memory that is set aside for them.
 */

import { DomainError } from '../domain/errors';
import type { ExecutionSecrets } from './execution-secrets';
import { MaskingCredits } from './masking-credits';
import type { Resolve } from './resolver';

/** How much may be held; beyond, the least recently used is forgotten and resolved anew when it comes back. */
export interface HeldLimits {
  readonly executions: number;
  /** Bytes of values, and of what recognizes them in logs. One tenant's running executions get at most half. */
  readonly bytes: number;
}

/** By token. Single flight: calls that come while a token is being resolved wait for the same answer. */
export class Executions {
  readonly #held = new Map<string, ExecutionSecrets>();
  readonly #resolving = new Map<string, Promise<ExecutionSecrets>>();
  readonly #credits: MaskingCredits;

  /** @param now a clock that nobody sets, in milliseconds. */
  constructor(
    private readonly resolve: Resolve,
    private readonly limits: HeldLimits,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#credits = new MaskingCredits(now);
  }

  /**
   * @throws DomainError as Resolve does, RESOURCE_EXHAUSTED where what runs takes all memory
   *   there is. A failure is not remembered: the next call asks again.
   */
  async get(token: string): Promise<ExecutionSecrets> {
    return this.held(token) ?? this.#resolving.get(token) ?? this.#resolveOnce(token);
  }

  /** What is held already: of most invocations, so they wait for no promise. */
  held(token: string): ExecutionSecrets | undefined {
    const held = this.#held.get(token);
    if (held === undefined) return undefined;
    if (held.endsAt <= this.now()) {
      this.forget(token);
      return undefined;
    }
    this.#touch(token, held);
    return held;
  }

  /** The tokens whose secrets are held. */
  tokens(): string[] {
    return [...this.#held.keys()];
  }

  /** @returns whether anything changed. */
  revoke(token: string, names: readonly string[]): boolean {
    return this.#held.get(token)?.revoke(names) ?? false;
  }

  forget(token: string): void {
    this.#held.get(token)?.forget();
    this.#held.delete(token);
  }

  /** Forgets what the token's end has come for, and what has nothing to be remembered. */
  forgetExpired(): void {
    this.#credits.sweep();
    for (const [token, secrets] of this.#held) if (secrets.endsAt <= this.now()) this.forget(token);
  }

  forgetAll(): void {
    for (const token of this.tokens()) this.forget(token);
  }

  #resolveOnce(token: string): Promise<ExecutionSecrets> {
    const resolving = this.resolve(token)
      .then((secrets) => {
        secrets.maskOn(this.#credits.of(secrets.ids.tenantId));
        this.#held.set(token, secrets);
        this.#makeRoom(token, secrets);
        return secrets;
      })
      .finally(() => this.#resolving.delete(token));
    this.#resolving.set(token, resolving);
    return resolving;
  }

  /** A Map keeps the order of insertion: the least recently used is first. */
  #touch(token: string, secrets: ExecutionSecrets): void {
    this.#held.delete(token);
    this.#held.set(token, secrets);
  }

  #makeRoom(newest: string, added: ExecutionSecrets): void {
    let bytes = 0;
    let ofTenant = added.bytes;
    for (const held of this.#held.values()) {
      bytes += held.bytes;
      if (held !== added && held.inUse && held.ids.tenantId === added.ids.tenantId) ofTenant += held.bytes;
    }
    for (const [token, held] of this.#held) {
      if (this.#held.size <= this.limits.executions && bytes <= this.limits.bytes) break;
      if (token === newest || held.inUse) continue;
      bytes -= held.bytes;
      this.forget(token);
    }
    if (bytes <= this.limits.bytes && ofTenant <= this.limits.bytes / 2) return;
    this.forget(newest);
    throw new DomainError(
      'RESOURCE_EXHAUSTED',
      'the executions that run hold all the memory that this sidecar has for secrets, or their tenant’s half of it; try again when one has ended, or give it more',
      'SIDECAR_MEMORY_SPENT',
    );
  }
}
