/** How much of the service one principal may take: calls under way, calls a second, bytes that are held for it. */

import { DomainError } from '../domain/errors';
import type { Principal } from '../domain/principal';
import { HeldBytes } from './held-bytes';

/** The budget of each principal of a kind. */
export interface CallBudget {
  readonly underWay: number;
  /** A second's worth may come at once. */
  readonly perSecond: number;
  /** Request bytes of calls that have not ended. */
  readonly bytes: number;
}

export interface CallBudgets {
  /** Request bytes of all together; beyond, each tenant and each workload keeps an equal part. */
  readonly bytes: number;
  /** Each API key, and each person. */
  readonly members: CallBudget;
  /** Each engine and each sidecar: they call for many tenants. */
  readonly workloads: CallBudget;
}

export const DEFAULT_CALL_BUDGETS: CallBudgets = {
  bytes: 256 * 1024 * 1024,
  members: { underWay: 128, perSecond: 5_000, bytes: 32 * 1024 * 1024 },
  workloads: { underWay: 4_000, perSecond: 50_000, bytes: 64 * 1024 * 1024 },
};

/** What one call has taken. */
export interface Taken {
  /** @returns false where the principal's bytes are used up; the call is to be ended. */
  addBytes(count: number): boolean;
  /** So many of them are held no more, while the call goes on. */
  giveBytesBack(count: number): void;
  /** The bytes are held also when everything else is given back. @returns what says that they are no longer. */
  keepBytes(): () => void;
  /** Gives everything back; safe to call again. */
  giveBack(): void;
}

interface Account {
  readonly budget: CallBudget;
  /** For whom its bytes are held, among all: a tenant's members together. */
  readonly holder: string;
  underWay: number;
  bytes: number;
  /** Calls that may come at once, as of `at`. */
  tokens: number;
  at: number;
}

const FORGET_EVERY_MS = 60_000;
const UNLIMITED: Taken = {
  addBytes: () => true,
  giveBytesBack: () => undefined,
  keepBytes: () => () => undefined,
  giveBack: () => undefined,
};

export class CallAccounts {
  readonly #accounts = new Map<string, Account>();
  readonly #held: HeldBytes;
  #forgottenAt = 0;

  /** @param now in milliseconds, on a clock that never goes back. */
  constructor(
    private readonly budgets: CallBudgets,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#held = new HeldBytes(budgets.bytes);
  }

  /** @throws DomainError RESOURCE_EXHAUSTED, with when to try again. */
  take(principal: Principal): Taken {
    if (principal.kind === 'operator') return UNLIMITED; // whoever may open the socket may stop the service too
    const account = this.#accountOf(principal);
    if (account.underWay >= account.budget.underWay) throw tooMany('TOO_MANY_CALLS_UNDER_WAY', 100);
    if (account.tokens < 1)
      throw tooMany('TOO_MANY_CALLS', Math.ceil((1_000 * (1 - account.tokens)) / account.budget.perSecond));
    account.tokens -= 1;
    account.underWay += 1;
    return new TakenFrom(account, this.#held);
  }

  #accountOf(principal: Exclude<Principal, { kind: 'operator' }>): Account {
    const now = this.now();
    if (now - this.#forgottenAt > FORGET_EVERY_MS) this.#forgetIdle(now);
    const isMember = principal.kind === 'tenant';
    const key = isMember ? `${principal.tenantId}/${principal.id}` : principal.id;
    const standing = this.#accounts.get(key);
    if (standing !== undefined) {
      refill(standing, now);
      return standing;
    }
    const budget = isMember ? this.budgets.members : this.budgets.workloads;
    const holder = isMember ? principal.tenantId : principal.id;
    const account = { budget, holder, underWay: 0, bytes: 0, tokens: budget.perSecond, at: now };
    this.#accounts.set(key, account);
    return account;
  }

  #forgetIdle(now: number): void {
    this.#forgottenAt = now;
    for (const [key, account] of this.#accounts) {
      refill(account, now);
      if (account.underWay === 0 && account.bytes === 0 && account.tokens >= account.budget.perSecond)
        this.#accounts.delete(key);
    }
  }
}

function refill(account: Account, now: number): void {
  const { perSecond } = account.budget;
  account.tokens = Math.min(perSecond, account.tokens + ((now - account.at) * perSecond) / 1_000);
  account.at = now;
}

class TakenFrom implements Taken {
  #bytes = 0;
  #isGivenBack = false;
  #isKept = false;

  constructor(
    private readonly account: Account,
    private readonly held: HeldBytes,
  ) {}

  addBytes(count: number): boolean {
    if (this.#isGivenBack) return false;
    const { account } = this;
    this.#bytes += count;
    account.bytes += count;
    return this.held.add(account.holder, count) && account.bytes <= account.budget.bytes;
  }

  giveBytesBack(count: number): void {
    if (!this.#isGivenBack) this.#letGo(count);
  }

  giveBack(): void {
    if (this.#isGivenBack) return;
    this.#isGivenBack = true;
    this.account.underWay -= 1;
    if (!this.#isKept) this.#letGo(this.#bytes);
  }

  keepBytes(): () => void {
    this.#isKept = true;
    return () => {
      this.#isKept = false;
      if (this.#isGivenBack) this.#letGo(this.#bytes);
    };
  }

  #letGo(count: number): void {
    this.#bytes -= count;
    this.account.bytes -= count;
    this.held.giveBack(this.account.holder, count);
  }
}

function tooMany(reason: string, retryAfterMs: number): DomainError {
  return new DomainError(
    'RESOURCE_EXHAUSTED',
    'this credential has more calls under way, or made more in this second, than it may; wait a moment and try again',
    reason,
    [],
    retryAfterMs,
  );
}
