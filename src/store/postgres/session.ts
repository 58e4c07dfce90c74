/** A transaction on one PostgreSQL connection, for as long as its body runs. */

import type { ClientBase } from 'pg';
import type { Session, StatementResult } from '../prepared';
import { overError } from '../store-errors';
import { postgresCompiler } from './compiler';
import { toDomainError } from './errors';

/** Names of the statements that connections keep prepared: the same SQL has the same name on each. */
const names = new Map<string, string>();

function nameOf(sql: string): string {
  let name = names.get(sql);
  if (name === undefined) {
    name = `axiom_${names.size}`;
    names.set(sql, name);
  }
  return name;
}

export class PostgresSession implements Session {
  readonly compiler = postgresCompiler;
  #open = true;
  #last: Promise<unknown> = Promise.resolve();

  constructor(private readonly client: ClientBase) {}

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
    const values = parameters.map(toParameter);
    try {
      const result = await this.client.query({ name: nameOf(sql), text: sql, values });
      return { rows: result.rows, affected: result.rowCount ?? 0 };
    } catch (error) {
      throw toDomainError(error);
    }
  }
}

/** The driver writes a Buffer as bytea. */
function toParameter(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}
