/**
 * Group commit: writes that wait at the same time share one transaction and one wait for
 * the disk, each in a savepoint of its own.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AskedAhead } from './asked-ahead';
import { backOff } from './back-off';
import type { TenantId } from '../domain/ids';
import { throwIfGone, type Waiter } from '../domain/waiter';
import { isOneCallUnderWay, turnByTurn } from '../work/pace';
import type { Session } from './prepared';
import { writeHead } from './queries/heads';
import { dropBundlesLeft } from './queries/left-bundles';
import type { WriteOptions, WriteTx } from './store';
import { closedError, isFull, isLost, lockedError, lostError } from './store-errors';
import { writeTransaction } from './transaction';
import { TransactionState } from './transaction-state';

/** Bounds how long the first of a group waits for the last, and another tenant or process for its turn. */
const MAX_GROUP = 64;

/** Beyond so many, only while they are quick: those of an execution are, and secrets that are written are not. */
const MAX_SLOW_GROUP = 32;
const MAX_QUICK_MS = 5;

/** Then a tenant that has had its turn has the next one in the next group: a write may take a second by itself. */
const MAX_TURNS_MS = 100;

/** A write whose body has not run yet; its options are as in WriteOptions. */
export interface ComingWrite {
  readonly tenant: TenantId | undefined;
  readonly asksFirst: boolean;
  readonly asksAhead: AskedAhead | undefined;
}

/** The one connection of an engine that writes. Everything throws domain errors. */
export interface WriteConnection {
  /**
   * Begins a transaction for these writes, or some of their tenants'. False when other writers hold the lock still, or the
   * locks of all of them.
   */
  begin(writes: readonly ComingWrite[]): Promise<boolean>;
  /** False as well after the database gave the transaction up by itself, as on a full disk. */
  readonly inTransaction: boolean;
  /**
   * What comes next can be undone by itself, and nobody else writes to the tenant meanwhile, or to anything
   * where none is named; false, and nothing done, when another writer is there.
   * @param write one of those that the transaction was begun for.
   */
  savepoint(write: ComingWrite): Promise<boolean>;
  /** Undoes what was done since the savepoint; the whole transaction where nothing less can be undone. */
  undo(): Promise<void>;
  release(): Promise<void>;
  /** Resolves when everything is on the disk. @param state of what is committed. */
  commit(state: TransactionState<Session>): Promise<void>;
  /** Never throws: a transaction that cannot be undone makes the next `begin` fail. */
  rollback(): Promise<void>;
  /** What a body queries through, until `end`. */
  session(state: TransactionState<Session>): Session & { end(): void };
  /** Gives up space that the engine kept back for a full disk; false when there is none. */
  relieve(): Promise<boolean>;
  /** Takes what was deleted out of the database's files as far as the engine can. */
  scrub(): Promise<void>;
  close(): Promise<void>;
}

interface Job extends ComingWrite {
  readonly body: (tx: WriteTx) => Promise<unknown>;
  readonly scrub: boolean;
  readonly urgent: boolean;
  readonly waiter: Waiter | undefined;
  /** It failed for lack of space once, and space was given up for it. */
  secondTry: boolean;
  /** The transaction that it shared was lost by what one of the others wrote; it goes by itself. */
  alone: boolean;
  /** By performance.now(): when it must have the lock. */
  readonly deadline: number;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

interface Outcome {
  readonly job: Job;
  readonly ok: boolean;
  /** The result, or the error. */
  readonly value: unknown;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Undefined while somebody waits for it. */
function goneError({ waiter }: Job): unknown {
  try {
    throwIfGone(waiter);
    return undefined;
  } catch (error) {
    return error;
  }
}

/**
 * Brings so many to the front: one of each tenant, then the next of each, so that who writes a lot keeps nobody else from
 * the next commit. A tenant's own stay in their order, and so do those that have been tried already, before all others.
 */
function bringInTurn(queue: Job[], count: number): void {
  if (queue.length <= count || queue[0]?.alone === true || queue[0]?.secondTry === true) return;
  const byRound: Job[][] = [];
  const rounds = new Map<TenantId | undefined, number>();
  for (const job of queue) {
    const round = rounds.get(job.tenant) ?? 0;
    rounds.set(job.tenant, round + 1);
    (byRound[round] ??= []).push(job);
  }
  const first = byRound.flat().slice(0, count);
  const isFirst = new Set(first);
  queue.splice(0, queue.length, ...first, ...queue.filter((job) => !isFirst.has(job)));
}

function settle({ job, ok, value }: Outcome): void {
  if (ok) job.resolve(value);
  else job.reject(value);
}

export class GroupCommit {
  readonly #queue: Job[] = [];
  #running: Promise<void> | undefined;
  #closed = false;

  /** @param lockTimeoutMs how long a write waits for the lock before it fails with UNAVAILABLE. */
  constructor(
    private readonly connection: WriteConnection,
    private readonly lockTimeoutMs: number,
  ) {}

  write<T>(body: (tx: WriteTx) => Promise<T>, options: WriteOptions = {}): Promise<T> {
    if (this.#closed) return Promise.reject(closedError());
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({
        body,
        tenant: options.tenant,
        scrub: options.scrub ?? false,
        urgent: options.urgent ?? false,
        waiter: options.waiter,
        asksFirst: options.asksFirst ?? false,
        asksAhead: options.asksAhead,
        secondTry: false,
        alone: false,
        deadline: performance.now() + this.lockTimeoutMs,
        resolve: resolve as (result: unknown) => void,
        reject,
      });
      this.#running ??= this.#run();
    });
  }

  /** Finishes what was asked for so far. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    await this.connection.close();
  }

  async #run(): Promise<void> {
    // Every request that the current turn of the event loop brings in joins the first group. One alone waits for nobody.
    if (!isOneCallUnderWay()) await nextTurn();
    while (this.#queue.length > 0) {
      const count = await this.#lock();
      if (count > 0) await this.#runGroup(...this.#takeGroup(count));
    }
    this.#running = undefined;
  }

  /**
   * Second tries go alone: the other writes would take the space that was given up for them.
   * By tenant, so that two groups that lock the same tenants never wait for each other in a circle.
   * @returns the group, and those of it that were last in turn: they are carried out only while the group is quick.
   */
  #takeGroup(count: number): [group: readonly Job[], whileQuick: ReadonlySet<Job>] {
    const others = this.#queue.findIndex((job) => !job.secondTry);
    const group = this.#queue.splice(0, others > 0 ? Math.min(others, count) : count);
    const whileQuick = new Set(group.slice(MAX_SLOW_GROUP));
    return [group.sort((a, b) => compare(a.tenant ?? '', b.tenant ?? '')), whileQuick];
  }

  /** @returns for how many of the first that wait; 0 when those who waited were told that it failed. */
  async #lock(): Promise<number> {
    for (let attempt = 0; this.#queue.length > 0; attempt++) {
      bringInTurn(this.#queue, MAX_GROUP);
      const first = this.#queue.slice(0, this.#queue[0]?.alone === true ? 1 : MAX_GROUP);
      try {
        if (await this.connection.begin(first)) return first.length;
      } catch (error) {
        for (const job of this.#queue.splice(0)) job.reject(error);
      }
      this.#queue.splice(0, this.#queue.length, ...this.#withoutLate(this.#queue));
      await backOff(attempt);
    }
    return 0;
  }

  /** Those who wait for a lock still; the others are told that it failed. */
  #withoutLate(jobs: readonly Job[]): readonly Job[] {
    const now = performance.now();
    return jobs.filter((job) => {
      const failure = goneError(job) ?? (job.deadline <= now ? lockedError() : undefined);
      if (failure !== undefined) job.reject(failure);
      return failure === undefined;
    });
  }

  async #runGroup(group: readonly Job[], whileQuick: ReadonlySet<Job>): Promise<void> {
    const outcomes: Outcome[] = [];
    const started: Job[] = [];
    const locked: Job[] = [];
    const state = new TransactionState(writeHead);
    const pause = turnByTurn();
    const began = performance.now();
    const hadTurn = new Set<TenantId | undefined>();
    const left: Job[] = [];
    try {
      for (const job of group) {
        await pause();
        const mostMs = Math.min(
          whileQuick.has(job) ? MAX_QUICK_MS : Infinity,
          hadTurn.has(job.tenant) ? MAX_TURNS_MS : Infinity,
        );
        if (performance.now() - began > mostMs) {
          left.push(job);
          continue;
        }
        hadTurn.add(job.tenant);
        started.push(job);
        // One tenant's writes are carried out in the order in which they came.
        const outcome = locked.some((one) => one.tenant === job.tenant)
          ? undefined
          : await this.#runJob(job, state);
        if (outcome !== undefined) outcomes.push(outcome);
        else locked.push(...started.splice(-1));
        if (!this.connection.inTransaction) throw lostError();
      }
      await this.#settle(state);
      await this.connection.commit(state);
    } catch (error) {
      await this.connection.rollback();
      const again = isLost(error)
        ? this.#toRunAlone(started, outcomes)
        : await this.#findSecondTries(error, started);
      for (const [index, job] of started.entries()) {
        const outcome = outcomes[index];
        if (again.includes(job)) continue;
        if (outcome?.ok === false) job.reject(outcome.value);
        else job.reject(error);
      }
      // Those whose turn had not come yet lost nothing.
      this.#queue.unshift(...again, ...group.filter((job) => !started.includes(job)));
      return;
    }
    this.#queue.unshift(...this.#withoutLate(locked), ...left);
    const scrubs = outcomes.some(({ job, ok }) => ok && job.scrub);
    const scrubbed = scrubs ? this.connection.scrub() : undefined;
    for (const outcome of outcomes) {
      if (outcome.job.scrub && scrubbed !== undefined) void scrubbed.then(() => settle(outcome));
      else settle(outcome);
    }
  }

  /** Writes what the group's writes left to be written once for all of them. */
  async #settle(state: TransactionState<Session>): Promise<void> {
    const session = this.connection.session(state);
    try {
      await dropBundlesLeft(session);
      await state.heads.settle(session);
    } finally {
      session.end();
    }
    state.keep();
  }

  /**
   * One of several wrote what the database refuses, which shows only when they are sent: nothing of them is there, and
   * each is carried out by itself, so that only the one that is refused is told so.
   */
  #toRunAlone(group: readonly Job[], outcomes: readonly Outcome[]): readonly Job[] {
    if (group.length === 1) return [];
    const again = group.filter((_, index) => outcomes[index]?.ok !== false);
    for (const job of again) job.alone = true;
    return again;
  }

  /** The urgent ones of a group that the disk had no room for, when space can be given up for them. */
  async #findSecondTries(error: unknown, group: readonly Job[]): Promise<readonly Job[]> {
    const urgent = group.filter((job) => job.urgent && !job.secondTry);
    if (!isFull(error) || urgent.length === 0 || !(await this.connection.relieve())) return [];
    for (const job of urgent) job.secondTry = true;
    return urgent;
  }

  /**
   * Runs one body in its savepoint, undone when the body throws.
   * @returns undefined when another writes to its tenant. Where nobody waits for it any more, the body is not run.
   * @throws DomainError when the transaction itself is lost, and with it the whole group.
   */
  async #runJob(job: Job, state: TransactionState<Session>): Promise<Outcome | undefined> {
    const gone = goneError(job);
    if (gone !== undefined) return { job, ok: false, value: gone };
    if (!(await this.connection.savepoint(job))) return undefined;
    const session = this.connection.session(state);
    let outcome: Outcome;
    try {
      outcome = { job, ok: true, value: await job.body(writeTransaction(session)) };
    } catch (error) {
      outcome = { job, ok: false, value: error };
    }
    session.end();
    if (!this.connection.inTransaction) throw outcome.ok ? lostError() : outcome.value;
    if (!outcome.ok && job.urgent && isFull(outcome.value)) throw outcome.value;
    if (!outcome.ok) {
      await this.connection.undo();
      if (!this.connection.inTransaction) return outcome;
      state.undo();
    }
    await this.connection.release();
    state.keep();
    return outcome;
  }
}
