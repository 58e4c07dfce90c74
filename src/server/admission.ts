/**
 * What is decided of every call on every door before its body is read, in this order: who is it, is
 * there room for it, may they.
 */

import type { Logger } from 'pino';
import type { Call } from '../domain/call';
import type { Clock } from '../domain/clock';
import type { CountedEvents } from '../domain/counted-events';
import type { DomainError } from '../domain/errors';
import type { DoorName, Principal } from '../domain/principal';
import { sourceAddress } from '../domain/source-address';
import type { Waiter } from '../domain/waiter';
import type { Store } from '../store/store';
import type { Lanes } from '../work/lanes';
import type { CallUnderWay } from '../work/pace';
import { errorPlace } from '../wire/error-place';
import { authorize } from '../wire/policy';
import type { CallAccounts, Taken } from '../wire/call-budgets';
import type { LazyAbort } from './lazy-abort';
import type { ServedMethod } from './method-table';
import { tellRefusal } from './refusals';
import { toDomainError } from './status';

/** What all calls of a process share. */
export interface DispatchContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly accounts: CallAccounts;
  readonly countedEvents: CountedEvents;
  /** A tenant's calls that answer pages of rows. */
  readonly listings: Lanes;
}

/** So many listings of one tenant are made at a time; each reads some milliseconds in one go. */
export const LISTINGS_AT_ONCE = 2;

/** A call as a transport sees it when its headers have come. */
export interface IncomingCall {
  readonly door: DoorName;
  readonly connection: { readonly address: string; prove(): void } | undefined;
  /** Ends with the request's stream. */
  readonly underWay: CallUnderWay;
  /** Who waits for the answer; its transport aborts it when the client is gone before the call was let in. */
  readonly client: LazyAbort;
  /** @throws DomainError UNAUTHENTICATED; CANCELLED or DEADLINE_EXCEEDED when nobody waits any more. */
  readonly authenticate: (waiter: Waiter) => Principal | Promise<Principal>;
}

/** A call that has been let in. Its transport tells when the client is gone. */
export class AdmittedCall implements Call {
  #isRunning = false;
  #isDone = false;

  constructor(
    readonly method: ServedMethod,
    readonly principal: Principal,
    readonly door: DoorName,
    readonly source: string,
    private readonly client: LazyAbort,
    readonly startedAt: number,
    readonly underWay: CallUnderWay,
    private readonly taken: Taken,
  ) {}

  get owner(): string | undefined {
    return this.principal.kind === 'tenant' ? this.principal.tenantId : undefined;
  }

  get deadline(): number | undefined {
    return this.client.deadline;
  }

  get signal(): AbortSignal {
    return this.client.signal;
  }

  throwIfAborted(): void {
    this.client.throwIfAborted();
  }

  whenGone(listener: () => void): void {
    this.client.whenAborted(listener);
  }

  /** Bytes of the body have come. @returns false where they are too many, and the call is to be ended. */
  received(bytes: number): boolean {
    return this.taken.addBytes(bytes);
  }

  running(): void {
    this.#isRunning = true;
  }

  /** Nobody waits for the answer any more. What runs keeps its place in the budget until it has stopped. */
  abandoned(): void {
    if (this.#isDone) return;
    this.client.abort();
    if (!this.#isRunning) this.taken.giveBack();
  }

  done(): void {
    this.#isRunning = false;
    this.#isDone = true;
    this.taken.giveBack();
  }
}

/** @throws DomainError, whatever it is that keeps the call out. */
export async function admit(
  context: DispatchContext,
  method: ServedMethod,
  incoming: IncomingCall,
): Promise<AdmittedCall> {
  const { door, client, underWay } = incoming;
  const source = sourceAddress(incoming.connection?.address ?? '');
  const startedAt = context.clock();
  let principal: Principal | undefined;
  let taken: Taken | undefined;
  try {
    principal = await incoming.authenticate(client);
    incoming.connection?.prove();
    taken = context.accounts.take(principal);
    authorize(principal, method.access);
    return new AdmittedCall(method, principal, door, source, client, startedAt, underWay, taken);
  } catch (error) {
    taken?.giveBack();
    const domainError = toDomainError(error);
    await tellRefusal(context, { method: method.desc.name, door, source, principal }, domainError);
    logCall(context, { method, door, principal, startedAt }, domainError);
    if (domainError.code === 'INTERNAL') logUnexpected(context, method, error);
    throw domainError;
  }
}

/** One line a call. @param error undefined: it was answered. */
export function logCall(
  { logger, clock }: DispatchContext,
  {
    method,
    door,
    principal,
    startedAt,
  }: Pick<AdmittedCall, 'method' | 'door' | 'startedAt'> & {
    readonly principal: Principal | undefined;
  },
  error?: DomainError,
): void {
  const status = error === undefined ? 'OK' : error.code;
  const [rpc, ms] = [rpcOf(method), clock() - startedAt];
  logger.info({ rpc, door, principal: principal?.id, status, reason: error?.reason, ms }, 'call');
}

export function logUnexpected(
  { logger }: Pick<DispatchContext, 'logger'>,
  method: ServedMethod,
  error: unknown,
): void {
  logger.error({ rpc: rpcOf(method), ...errorPlace(error) }, 'unexpected error');
}

function rpcOf({ desc }: ServedMethod): string {
  return `${desc.parent.typeName}/${desc.name}`;
}
