/**
 * Group commit: writes that wait at the same time share one transaction and one wait for
 * the disk, each in a savepoint of its own.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WriteOptions, WriteTx } from '../store';
import { WriteTransaction } from '../transaction';
import { backOff } from './busy';
import type { SqliteConnection } from './connection';
import { closedError, isBusy, lostError, toDomainError } from './errors';
import type { LogSync } from './log-sync';
import { Scrubber } from './scrubber';
import { SqliteSession } from './session';

/** Bounds how long the first of a group waits for the last. */
const MAX_GROUP = 64;

interface Job {
  readonly body: (tx: WriteTx) => Promise<unknown>;
  readonly scrub: boolean;
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

export class Writer {
  readonly #queue: Job[] = [];
  readonly #scrubber: Scrubber;
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(
    private readonly connection: SqliteConnection,
    private readonly log: Pick<LogSync, 'flush' | 'close'>,
    private readonly busyTimeoutMs: number,
  ) {
    this.#scrubber = new Scrubber(connection);
  }

  write<T>(body: (tx: WriteTx) => Promise<T>, options: WriteOptions = {}): Promise<T> {
    if (this.#closed) return Promise.reject(closedError());
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({
        body,
        scrub: options.scrub ?? false,
        deadline: performance.now() + this.busyTimeoutMs,
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
    this.#scrubber.close();
    this.log.close();
    this.connection.close();
  }

  async #run(): Promise<void> {
    // Every request that the current turn of the event loop brings in joins the first group.
    await nextTurn();
    while (this.#queue.length > 0) {
      if (await this.#lock()) await this.#runGroup(this.#queue.splice(0, MAX_GROUP));
      this.#scrubber.tryNow();
    }
    this.#running = undefined;
  }

  /** False when it failed and nobody is left who waits, or those who were left were told. */
  async #lock(): Promise<boolean> {
    for (let attempt = 0; this.#queue.length > 0; attempt++) {
      try {
        this.connection.run('begin immediate');
        return true;
      } catch (error) {
        const now = performance.now();
        const failed = isBusy(error) ? this.#queue.filter((job) => job.deadline <= now) : [...this.#queue];
        this.#queue.splice(0, failed.length);
        for (const job of failed) job.reject(toDomainError(error));
        await backOff(attempt);
      }
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
      this.connection.run('commit');
      await this.log.flush();
    } catch (error) {
      this.#loseGroup(group.slice(0, started), outcomes, error);
      // Those whose turn had not come yet lost nothing.
      this.#queue.unshift(...group.slice(started));
      return;
    }
    const scrubs = outcomes.some(({ job, ok }) => ok && job.scrub);
    const scrubbed = scrubs ? this.#scrubber.request() : undefined;
    for (const outcome of outcomes) {
      if (outcome.job.scrub && scrubbed !== undefined) void scrubbed.then(() => settle(outcome));
      else settle(outcome);
    }
  }

  #loseGroup(ran: readonly Job[], outcomes: readonly Outcome[], error: unknown): void {
    try {
      if (this.connection.inTransaction) this.connection.run('rollback');
    } catch {
      // Then every later BEGIN fails and says why.
    }
    for (const [index, job] of ran.entries()) {
      const outcome = outcomes[index];
      job.reject(outcome?.ok === false ? outcome.value : toDomainError(error));
    }
  }

  /**
   * Runs one body in its savepoint, undone when the body throws.
   * @throws SqliteError when the transaction itself is lost, and with it the whole group.
   */
  async #runJob(job: Job): Promise<Outcome> {
    this.connection.run('savepoint job');
    const session = new SqliteSession(this.connection, this.busyTimeoutMs);
    let outcome: Outcome;
    try {
      outcome = { job, ok: true, value: await job.body(new WriteTransaction(session)) };
    } catch (error) {
      outcome = { job, ok: false, value: error };
    }
    session.end();
    // A full disk makes SQLite undo the whole transaction: the others of the group are gone too.
    if (!this.connection.inTransaction) throw outcome.ok ? lostError() : outcome.value;
    if (!outcome.ok) this.connection.run('rollback to job');
    this.connection.run('release job');
    return outcome;
  }
}
