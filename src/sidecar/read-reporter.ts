/**
 * Tells the execution server what nodes read, and learns what has changed: executions that
 * ended and names that were revoked. Once an interval while secrets are held or reads wait.
 */

import type { Logger } from 'pino';
import { type ExecutionsService } from '../gen/axiom/executions/v1/executions_pb';
import type { WireClient } from '../wire/client';
import { StatusError } from '../wire/status-error';
import { backOffMs } from '../domain/back-off';
import { DomainError } from '../domain/errors';
import { within } from '../work/within';
import type { Executions } from './executions';
import type { PendingReads, TakenReads } from './reads';

// The service takes 1,000 executions with 1,000 reads each, in a request of at most 4 MiB.
const MAX_EXECUTIONS = 1_000;
const MAX_READS = 1_000;
const MAX_READS_A_REPORT = 4_000;
const REPORT_TIMEOUT_MS = 5_000;
const BACK_OFF = { firstMs: 1_000, maxMs: 10_000 };

/** What takes the reports. */
export type ReportingService = Pick<WireClient<typeof ExecutionsService>, 'reportReads'>;

export class ReadReporter {
  #timer: NodeJS.Timeout | undefined;
  /** The reports under way; whether all of them arrived. */
  #running: Promise<boolean> | undefined;
  #failures = 0;
  #stopped = false;

  constructor(
    private readonly service: ReportingService,
    private readonly executions: Executions,
    private readonly reads: PendingReads,
    private readonly intervalMs: number,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.#schedule(this.intervalMs);
  }

  /** Reports what still waits, once. @param mostMs how long a service that does not answer is waited for. */
  async stop(mostMs: number): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    const end = performance.now() + mostMs;
    const report = async (): Promise<void> => {
      await this.#running;
      if (performance.now() < end) await this.#reportAll();
    };
    await within(mostMs, report());
  }

  /**
   * Resolves when what an execution has read so far is on record. Calls that come while a report is under way share the
   * next one.
   * @throws DomainError UNAVAILABLE where the service did not take it.
   */
  async flush(executionToken: string): Promise<void> {
    // It may have taken these reads; those that do not arrive wait again.
    await this.#running;
    // One that another call has begun since then takes these reads too, and they may be out of `reads` already.
    if (this.reads.has(executionToken)) void this.#begin();
    if ((await this.#running) ?? true) return;
    throw new DomainError(
      'UNAVAILABLE',
      'what this execution read could not be put on record, so it is not answered; try again shortly',
      'READS_NOT_REPORTED',
    );
  }

  #begin(): Promise<boolean> {
    return (this.#running ??= this.#reportAll().finally(() => (this.#running = undefined)));
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#tick(), delayMs);
    this.#timer.unref();
  }

  async #tick(): Promise<void> {
    this.executions.forgetExpired();
    this.reads.sweep();
    await this.#running;
    await this.#begin();
    // Soon while all is well; out of reach, later and later, each sidecar at its own time.
    this.#schedule(
      this.#failures === 0
        ? this.intervalMs
        : this.intervalMs + backOffMs(BACK_OFF, this.#failures, Math.random()),
    );
  }

  /** @returns whether all of it arrived. */
  async #reportAll(): Promise<boolean> {
    const waiting = new Set([...this.executions.tokens(), ...this.reads.tokens()]);
    while (waiting.size > 0) {
      const batch = this.#nextBatch(waiting);
      if (!(await this.#report(batch))) return false;
    }
    return true;
  }

  /** Takes tokens out of `waiting`; one with more reads than a report takes stays for the next. */
  #nextBatch(waiting: Set<string>): TakenReads[] {
    const batch: TakenReads[] = [];
    let room = MAX_READS_A_REPORT;
    for (const executionToken of waiting) {
      if (batch.length >= MAX_EXECUTIONS || room === 0) break;
      const taken = this.reads.take(executionToken, Math.min(MAX_READS, room));
      room -= taken.reads.length;
      batch.push(taken);
      if (taken.reads.length < MAX_READS && room > 0) waiting.delete(executionToken);
    }
    return batch;
  }

  /** @returns whether the report arrived; else its reads wait again. */
  async #report(batch: readonly TakenReads[]): Promise<boolean> {
    try {
      const deadline = Date.now() + REPORT_TIMEOUT_MS;
      const answer = await this.service.reportReads({ executions: [...batch] }, { deadline });
      batch.forEach(({ executionToken }, index) => this.#learn(executionToken, answer.executions[index]));
      if (this.#failures > 0) this.logger.info('the secrets service takes reports again');
      this.#failures = 0;
      return true;
    } catch (error) {
      this.#failures++;
      const code = error instanceof StatusError ? error.codeName : 'INTERNAL';
      if (this.#failures === 1)
        this.logger.warn({ code }, 'reads could not be reported; they wait for the next attempt');
      // A report that the service will never take must not keep all later ones from it.
      if (code !== 'INVALID_ARGUMENT') for (const taken of batch) this.reads.restore(taken);
      return false;
    }
  }

  #learn(token: string, state: { active: boolean; revokedNames: string[] } | undefined): void {
    if (state === undefined) return;
    if (!state.active) this.executions.forget(token);
    else this.executions.revoke(token, state.revokedNames);
  }
}
