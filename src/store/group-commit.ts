/**
 * Group commit: writes that wait at the same time share one transaction and one wait for
 * the disk, each in a savepoint of its own.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { backOff } from './back-off';
import type { Session } from './prepared';
import type { WriteOptions, WriteTx } from './store';
import { closedError, isFull, lockedError, lostError } from './store-errors';
import { writeTransaction } from './transaction';

/** Bounds how long the first of a group waits for the last. */
const MAX_GROUP = 64;

/** The one connection of an engine that writes. Everything throws domain errors. */
export interface WriteConnection {
  /** Begins a transaction, alone among all writers; false when another holds the lock still. */
  begin(): Promise<boolean>;
  /** False as well after the database gave the transaction up by itself, as on a full disk. */
  readonly inTransaction: boolean;
  savepoint(): Promise<void>;
  /** Undoes what was done since the savepoint. */
  undo(): Promise<void>;
  release(): Promise<void>;
  /** Resolves when everything is on the disk. */
  commit(): Promise<void>;
  /** Never throws: a transaction that cannot be undone makes the next `begin` fail. */
  rollback(): Promise<void>;
  /** What a body queries through, until `end`. */
  session(): Session & { end(): void };
  /** Gives up space that the engine kept back for a full disk; false when there is none. */
  relieve(): Promise<boolean>;
  /** Takes what was deleted out of the database's files as far as the engine can. */
  scrub(): Promise<void>;
  close(): Promise<void>;
}

interface Job {
  readonly body: (tx: WriteTx) => Promise<unknown>;
  readonly scrub: boolean;
  readonly urgent: boolean;
  /** It failed for lack of space once, and space was given up for it. */
  secondTry: boolean;
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
        scrub: options.scrub ?? false,
        urgent: options.urgent ?? false,
        secondTry: false,
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
    // Every request that the current turn of the event loop brings in joins the first group.
    await nextTurn();
    while (this.#queue.length > 0) {
      if (await this.#lock()) await this.#runGroup(this.#takeGroup());
    }
    this.#running = undefined;
  }

  /** Second tries go alone: the other writes would take the space that was given up for them. */
  #takeGroup(): readonly Job[] {
    const others = this.#queue.findIndex((job) => !job.secondTry);
    return this.#queue.splice(0, others > 0 ? Math.min(others, MAX_GROUP) : MAX_GROUP);
  }

  /** False when those who waited were told that it failed. */
  async #lock(): Promise<boolean> {
    for (let attempt = 0; this.#queue.length > 0; attempt++) {
      try {
        if (await this.connection.begin()) return true;
      } catch (error) {
        for (const job of this.#queue.splice(0)) job.reject(error);
      }
      const now = performance.now();
      const late = this.#queue.filter((job) => job.deadline <= now).length;
      for (const job of this.#queue.splice(0, late)) job.reject(lockedError());
      await backOff(attempt);
    }
    return false;
  }

  async #runGroup(group: readonly Job[]): Promise<void> {
    const outcomes: Outcome[] = [];
    let started = 0;
    try {
      for (const job of group) {
        started++;
        outcomes.push(await this.#runJob(job));
      }
      await this.connection.commit();
    } catch (error) {
      await this.connection.rollback();
      const again = await this.#findSecondTries(error, group.slice(0, started));
      for (const [index, job] of group.slice(0, started).entries()) {
        const outcome = outcomes[index];
        if (!again.includes(job)) job.reject(outcome?.ok === false ? outcome.value : error);
      }
      // Those whose turn had not come yet lost nothing.
      this.#queue.unshift(...again, ...group.slice(started));
      return;
    }
    const scrubs = outcomes.some(({ job, ok }) => ok && job.scrub);
    const scrubbed = scrubs ? this.connection.scrub() : undefined;
    for (const outcome of outcomes) {
      if (outcome.job.scrub && scrubbed !== undefined) void scrubbed.then(() => settle(outcome));
      else settle(outcome);
    }
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
   * @throws DomainError when the transaction itself is lost, and with it the whole group.
   */
  async #runJob(job: Job): Promise<Outcome> {
    await this.connection.savepoint();
    const session = this.connection.session();
    let outcome: Outcome;
    try {
      outcome = { job, ok: true, value: await job.body(writeTransaction(session)) };
    } catch (error) {
      outcome = { job, ok: false, value: error };
    }
    session.end();
    if (!this.connection.inTransaction) throw outcome.ok ? lostError() : outcome.value;
    if (!outcome.ok && job.urgent && isFull(outcome.value)) throw outcome.value;
    if (!outcome.ok) await this.connection.undo();
    await this.connection.release();
    return outcome;
  }
}
