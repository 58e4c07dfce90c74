/** A transaction on one PostgreSQL connection, for as long as its body runs. */

import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import type { DomainError } from '../../domain/errors';
import { throwIfGone, type Waiter } from '../../domain/waiter';
import type { LogEnds, Session, StatementResult } from '../prepared';
import { overError } from '../store-errors';
import { postgresCompiler } from './compiler';
import { toDomainError } from './errors';

/**
 * Names of the statements that connections keep prepared. Made from the text: two processes whose connections
 * meet behind a pooler must not call two statements by one name.
 */
const names = new Map<string, string>();

function nameOf(sql: string): string {
  let name = names.get(sql);
  if (name === undefined) {
    name = `axiom_${createHash('sha256').update(sql).digest('hex').slice(0, 32)}`;
    names.set(sql, name);
  }
  return name;
}

export class PostgresSession implements Session {
  readonly compiler = postgresCompiler;
  #open = true;
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param isPooled the next transaction may get another of the server's connections: nothing is kept prepared.
   * @param onFailure is told of every statement that failed.
   */
  constructor(
    private readonly client: ClientBase,
    private readonly isPooled: boolean,
    private readonly onFailure: (failure: DomainError) => void,
    private readonly waiter?: Waiter,
    readonly ends?: LogEnds,
  ) {}

  /** One after the other, also when a body does not wait in between: the connection takes one at a time. */
  run(sql: string, parameters: readonly unknown[]): Promise<StatementResult> {
    const result = this.#last.then(() => this.#query(sql, parameters));
    this.#last = result.catch(() => {});
    return result;
  }

  end(): void {
    this.#open = false;
  }

  async #query(sql: string, parameters: readonly unknown[]): Promise<StatementResult> {
    if (!this.#open) throw overError();
    throwIfGone(this.waiter);
    const values = parameters.map(toParameter);
    try {
      const result = await this.client.query({
        ...(!this.isPooled && { name: nameOf(sql) }),
        text: sql,
        values,
      });
      return { rows: result.rows, affected: result.rowCount ?? 0 };
    } catch (error) {
      const failure = toDomainError(error);
      this.onFailure(failure);
      throw failure;
    }
  }
}

/** The driver writes a Buffer as bytea. */
function toParameter(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}
