/** A transaction on one PostgreSQL connection, for as long as its body runs. */

import { throwIfGone, type Waiter } from '../../domain/waiter';
import type { Session, StatementResult } from '../prepared';
import { overError } from '../store-errors';
import type { TransactionState } from '../transaction-state';
import type { Statement } from './batch';
import { postgresCompiler } from './compiler';

/** Where the statements of a body go. */
export interface Statements {
  run(statement: Statement): Promise<StatementResult>;
  post(statement: Statement): void;
}

export class PostgresSession implements Session {
  readonly compiler = postgresCompiler;
  #open = true;

  constructor(
    private readonly statements: Statements,
    private readonly waiter?: Waiter,
    readonly state?: TransactionState<Session>,
  ) {}

  async run(text: string, values: readonly unknown[]): Promise<StatementResult> {
    this.#check();
    return this.statements.run({ text, values });
  }

  async post(text: string, values: readonly unknown[]): Promise<void> {
    this.#check();
    this.statements.post({ text, values });
  }

  end(): void {
    this.#open = false;
  }

  #check(): void {
    if (!this.#open) throw overError();
    throwIfGone(this.waiter);
  }
}
