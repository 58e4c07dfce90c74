/**
 * Work that a tenant can make long, done in a thread of its own: the event loop serves others meanwhile.
 *
 * One thread, started at the first task; another core is enough for what is asked of it. Tenants take
 * turns, each with a few tasks waiting, so that nobody waits behind all that another has asked for. A task
 * that takes too long, or that nobody waits for any more, ends with its thread.
 */

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DomainError } from '../domain/errors';
import { throwIfGone, type Waiter } from '../domain/waiter';
import type { Tasks } from './tasks';
import type { TaskAnswer, TaskMessage } from './worker';

/** The built thread: dist/work, from dist/work as well as from src/work under test. */
const THREAD = join(__dirname, '..', '..', 'dist', 'work', 'worker.js');

/** Tasks of one tenant that wait at a time. */
const MAX_WAITING = 8;
const MAX_TASK_MS = 5_000;
const MAX_HEAP_MB = 256;

/** Whose task it is, and who waits for it. */
export interface TaskOwner {
  readonly tenantId: string;
  readonly waiter?: Waiter | undefined;
}

type Input<K extends keyof Tasks> = Parameters<Tasks[K]>[0];
type Output<K extends keyof Tasks> = ReturnType<Tasks[K]>;

interface Job extends TaskMessage {
  readonly owner: TaskOwner;
  resolve(output: unknown): void;
  reject(error: unknown): void;
}

export class WorkerPool {
  /** By tenant. A Map iterates in order of insertion: a tenant that had its turn goes to the end. */
  readonly #waiting = new Map<string, Job[]>();
  #worker: Worker | undefined;
  #running: { readonly job: Job; readonly timer: NodeJS.Timeout } | undefined;

  /**
   * @throws DomainError RESOURCE_EXHAUSTED when too many tasks of the tenant wait or this one takes too long,
   *   CANCELLED or DEADLINE_EXCEEDED when nobody waits for it any more.
   */
  run<K extends keyof Tasks>(task: K, input: Input<K>, owner: TaskOwner): Promise<Output<K>> {
    const signal = owner.waiter?.signal;
    let leave = () => {};
    const answered = new Promise<Output<K>>((resolve, reject) => {
      throwIfGone(owner.waiter);
      const jobs = this.#waiting.get(owner.tenantId) ?? [];
      if (jobs.length >= MAX_WAITING) return reject(tooManyWaiting());
      const job: Job = { task, input, owner, reject, resolve: resolve as (output: unknown) => void };
      jobs.push(job);
      this.#waiting.set(owner.tenantId, jobs);
      leave = () => this.#leave(job, signal?.reason);
      signal?.addEventListener('abort', leave);
      this.#next();
    });
    return answered.finally(() => signal?.removeEventListener('abort', leave));
  }

  /** Tasks that wait are not begun. */
  async close(): Promise<void> {
    const jobs = [...this.#waiting.values()].flat();
    this.#waiting.clear();
    for (const job of jobs) job.reject(closed());
    await this.#end(closed());
  }

  #next(): void {
    while (this.#running === undefined) {
      const job = this.#takeJob();
      if (job === undefined) return;
      this.#begin(job);
    }
  }

  /** Nobody waits for the job any more. */
  #leave(job: Job, reason: unknown): void {
    if (this.#running?.job === job) {
      void this.#end(reason).then(() => this.#next());
      return;
    }
    const jobs = this.#waiting.get(job.owner.tenantId) ?? [];
    const others = jobs.filter((one) => one !== job);
    if (others.length > 0) this.#waiting.set(job.owner.tenantId, others);
    else this.#waiting.delete(job.owner.tenantId);
    job.reject(reason);
  }

  #takeJob(): Job | undefined {
    const [first] = this.#waiting;
    if (first === undefined) return undefined;
    const [tenantId, jobs] = first;
    const job = jobs.shift();
    this.#waiting.delete(tenantId);
    if (jobs.length > 0) this.#waiting.set(tenantId, jobs);
    return job;
  }

  #begin(job: Job): void {
    this.#worker ??= this.#start();
    const timer = setTimeout(() => void this.#end(tooLong()).then(() => this.#next()), MAX_TASK_MS);
    this.#running = { job, timer };
    const message: TaskMessage = { task: job.task, input: job.input };
    // The process ends when it has nothing else to do, but not while somebody waits for an answer.
    this.#worker.ref();
    this.#worker.postMessage(message);
  }

  #start(): Worker {
    const worker = new Worker(THREAD, { resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } });
    worker.on('message', (answer: TaskAnswer) => {
      if (worker !== this.#worker) return;
      worker.unref();
      this.#settle((job) => (answer.ok ? job.resolve(answer.output) : job.reject(failed())));
    });
    // An error of the thread itself, such as a heap that is full, comes before its exit.
    worker.on('error', () => {});
    worker.on('exit', () => {
      if (worker !== this.#worker) return;
      this.#worker = undefined;
      this.#settle((job) => job.reject(failed()));
    });
    return worker;
  }

  #settle(tell: (job: Job) => void): void {
    const running = this.#running;
    this.#running = undefined;
    if (running !== undefined) {
      clearTimeout(running.timer);
      tell(running.job);
    }
    this.#next();
  }

  /** Ends the thread, and the task that it is at with `error`. */
  async #end(error: unknown): Promise<void> {
    const worker = this.#worker;
    const running = this.#running;
    this.#worker = undefined;
    this.#running = undefined;
    clearTimeout(running?.timer);
    running?.job.reject(error);
    await worker?.terminate();
  }
}

function tooManyWaiting(): DomainError {
  return new DomainError(
    'RESOURCE_EXHAUSTED',
    `${MAX_WAITING} calls of this tenant wait for such work already; wait for their answers`,
    'WORK_WAITING',
  );
}

function tooLong(): DomainError {
  return new DomainError(
    'RESOURCE_EXHAUSTED',
    `this takes longer than ${MAX_TASK_MS / 1_000} seconds; ask for less`,
    'WORK_TOO_LONG',
  );
}

function closed(): DomainError {
  return new DomainError('UNAVAILABLE', 'the service is shutting down; try again', 'WORK_CLOSED');
}

function failed(): DomainError {
  return new DomainError(
    'INTERNAL',
    'the service failed; its log says where, so ask its operator',
    'WORK_FAILED',
  );
}
