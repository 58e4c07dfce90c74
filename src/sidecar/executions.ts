/** The executions this sidecar holds: each resolved once, forgotten when it ends. */

import { ExecutionSecrets } from './execution-secrets';
import type { Resolve } from './resolver';

/** By token. Single flight: calls that come while a token is being resolved wait for the same answer. */
export class Executions {
  readonly #held = new Map<string, ExecutionSecrets>();
  readonly #resolving = new Map<string, Promise<ExecutionSecrets>>();

  constructor(
    private readonly resolve: Resolve,
    private readonly maxExecutions: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws DomainError as Resolve does. A failure is not remembered: the next call asks again. */
  get(token: string): Promise<ExecutionSecrets> {
    const held = this.#held.get(token);
    if (held !== undefined && held.expireTime > this.now()) {
      this.#touch(token, held);
      return Promise.resolve(held);
    }
    this.forget(token);
    return this.#resolving.get(token) ?? this.#resolveOnce(token);
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

  /** Forgets what the token's end has come for. */
  forgetExpired(): void {
    for (const [token, secrets] of this.#held) if (secrets.expireTime <= this.now()) this.forget(token);
  }

  forgetAll(): void {
    for (const token of this.tokens()) this.forget(token);
  }

  #resolveOnce(token: string): Promise<ExecutionSecrets> {
    const resolving = this.resolve(token)
      .then((resolution) => {
        const secrets = new ExecutionSecrets(resolution);
        this.#held.set(token, secrets);
        this.#makeRoom();
        return secrets;
      })
      .finally(() => this.#resolving.delete(token));
    this.#resolving.set(token, resolving);
    return resolving;
  }

  /** A Map keeps the order of insertion: the least recently used stands first. */
  #touch(token: string, secrets: ExecutionSecrets): void {
    this.#held.delete(token);
    this.#held.set(token, secrets);
  }

  #makeRoom(): void {
    for (const token of this.#held.keys()) {
      if (this.#held.size <= this.maxExecutions) return;
      this.forget(token);
    }
  }
}
