/**
 * One transaction's statements on their way to the server. What nobody waits for stays here until somebody waits for
 * something else, and goes with it.
 */

import type { DomainError } from '../../domain/errors';
import type { StatementResult } from '../prepared';
import { runBatch, type BatchFailure, type Statement } from './batch';
import type { Connection } from './connections';
import { toDomainError } from './errors';

/** A statement of a transaction failed. */
export interface PipelineFailure {
  readonly error: DomainError;
  /** Its place among those that went together. */
  readonly at: number;
  /** Nobody waits for this one, but for those that went with it. */
  readonly wasPosted: boolean;
}

export class Pipeline {
  #posted: Statement[] = [];
  #last: Promise<unknown> = Promise.resolve();

  /** @param onFailure is told of every batch that failed, before whoever waits for it. */
  constructor(
    private readonly connection: Connection,
    private readonly onFailure: (failure: PipelineFailure) => void,
  ) {}

  /** How many statements nobody waits for. */
  get length(): number {
    return this.#posted.length;
  }

  /** To be carried out before whatever is run next. */
  post(statement: Statement, place = this.#posted.length): void {
    this.#posted.splice(place, 0, statement);
  }

  /** Takes back what was posted from that place on. */
  drop(from: number): void {
    this.#posted.length = Math.min(this.#posted.length, from);
  }

  /**
   * One after the other, also when a body does not wait in between.
   * @throws DomainError when the statement failed, or one that was posted before it.
   */
  async run(statement: Statement): Promise<StatementResult> {
    const [result] = await this.runAll([statement]);
    return result ?? { rows: [], affected: 0 };
  }

  /** The same of several at once. @returns what each did. */
  runAll(statements: readonly Statement[]): Promise<readonly StatementResult[]> {
    const results = this.#last.then(() => this.#send(statements));
    this.#last = results.catch(() => {});
    return results;
  }

  async #send(statements: readonly Statement[]): Promise<readonly StatementResult[]> {
    const batch = [...this.#posted, ...statements];
    this.#posted = [];
    const { client, isPooled } = this.connection;
    try {
      const results = await runBatch(client, batch, isPooled);
      return results.slice(batch.length - statements.length);
    } catch (failure) {
      const { at, cause } = failure as BatchFailure;
      const error = toDomainError(cause);
      this.onFailure({ error, at, wasPosted: at < batch.length - statements.length });
      throw error;
    }
  }
}
