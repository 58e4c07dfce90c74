/**
 * How many credentials that prove nothing one address may show in a minute: each costs a look-up or a signature check.
 * A credential that has proved itself since the server started, and is used, is judged whatever its neighbours do, so
 * nobody behind the same address locks its holder out.
 */

import { hash } from 'node:crypto';
import { DomainError, type ErrorCode } from '../domain/errors';
import { RecentMap } from '../domain/recent-map';
import { TokenBucket } from '../domain/token-bucket';
import { onBehalfOf, type Waiter } from '../domain/waiter';
import { sourceOf } from '../wire/listener/source-address';
import { toDomainError } from './status';

/** Addresses that failed of late, and credentials that proved themselves: those that were used last are kept. */
const KEPT_SOURCES = 10_000;
const KEPT_PROVEN = 10_000;
const SECONDS = 60;
/**
 * Of who left before it was known what the credential is worth: it may have cost all that a wrong one costs, unless it
 * waited in line still.
 */
const HAS_LEFT: readonly ErrorCode[] = ['CANCELLED', 'DEADLINE_EXCEEDED'];

export class FailedProofs {
  readonly #sources = new RecentMap<string, TokenBucket>(KEPT_SOURCES);
  /** SHA-256 of credentials. */
  readonly #known = new RecentMap<string, true>(KEPT_PROVEN);

  /** @param now in milliseconds, on a clock that never goes back. */
  constructor(
    private readonly perMinute: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * @param credential as it was sent, without anything that may be beside it; undefined where none was, which costs nothing to find out.
   * @param client who waits for it.
   * @param prove is given the same, with whose turn it is to look up: each credential that has proved itself has its turns,
   *   and each address of others, however many of them come at once.
   * @returns what it finds.
   * @throws what `prove` throws; DomainError RESOURCE_EXHAUSTED, with when to try again.
   */
  async judge<T>(
    address: string,
    credential: string | undefined,
    client: Waiter,
    prove: (waiter: Waiter) => T | Promise<T>,
  ): Promise<Awaited<T>> {
    const source = sourceOf(address);
    if (credential === undefined) return await prove(onBehalfOf(source, client));
    const id = hash('sha256', credential);
    const isKnown = this.#known.get(id) === true;
    // Taken before it is known, so that those that are judged at the same time count too.
    const taken = isKnown ? undefined : this.#sources.get(source);
    if (taken?.take(this.now()) === false) throw tooMany(taken.nextAfterMs());
    let hasLeftInLine = false;
    try {
      const proven = await prove(
        onBehalfOf(isKnown ? id : source, client, () => {
          hasLeftInLine = true;
        }),
      );
      taken?.giveBack();
      this.#known.set(id, true);
      return proven;
    } catch (error) {
      const { code } = toDomainError(error);
      if (code === 'UNAUTHENTICATED') this.#known.delete(id);
      const provesNothing =
        code === 'UNAUTHENTICATED' || (!isKnown && !hasLeftInLine && HAS_LEFT.includes(code));
      if (!provesNothing) taken?.giveBack();
      else if (taken === undefined) this.#bucketOf(source).take(this.now());
      throw error;
    }
  }

  #bucketOf(source: string): TokenBucket {
    let bucket = this.#sources.get(source);
    if (bucket === undefined) {
      const limits = { perSecond: this.perMinute / SECONDS, burst: this.perMinute };
      bucket = new TokenBucket(limits, this.now());
      this.#sources.set(source, bucket);
    }
    return bucket;
  }
}

function tooMany(retryAfterMs: number): DomainError {
  return new DomainError(
    'RESOURCE_EXHAUSTED',
    'too many credentials from this address proved nothing in the last minute; wait, and try again with one that is in force',
    TOO_MANY_FAILED_PROOFS,
    [],
    retryAfterMs,
  );
}

export const TOO_MANY_FAILED_PROOFS = 'TOO_MANY_FAILED_PROOFS';
