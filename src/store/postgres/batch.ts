/**
 * Statements that go to the server together: one write to the socket, and one answer to wait for.
 *
 * A round trip is what a small statement costs most, on both sides. The extended protocol carries out statements in
 * their order up to one Sync, and after one that fails none of the rest (https://www.postgresql.org/docs/current/
 * protocol-flow.html#PROTOCOL-FLOW-PIPELINING). So a `commit` at the end of a batch is carried out only if everything
 * before it was.
 */

import { createHash } from 'node:crypto';
import type { ClientBase, Connection as Wire, FieldDef, Submittable } from 'pg';
import type { StatementResult } from '../prepared';
import { lostError } from '../store-errors';
import { parserOf, toParameter } from './values';

export interface Statement {
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** One statement of a batch failed. */
export class BatchFailure extends Error {
  /** @param at its place in the batch; beyond the last when the connection was lost. */
  constructor(
    readonly at: number,
    override readonly cause: unknown,
  ) {
    super('a statement of a batch failed', { cause });
  }
}

/** What a connection has prepared, by name, with the columns that its rows have. */
type Prepared = Map<string, readonly FieldDef[]>;

const prepared = new WeakMap<ClientBase, Prepared>();

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

/**
 * Carries the statements out on the connection.
 * @param isPooled the next transaction may get another of the server's connections: nothing is kept prepared.
 * @returns what each did. @throws BatchFailure
 */
export function runBatch(
  client: ClientBase,
  statements: readonly Statement[],
  isPooled: boolean,
): Promise<readonly StatementResult[]> {
  let kept: Prepared | undefined;
  if (!isPooled) {
    kept = prepared.get(client) ?? new Map();
    prepared.set(client, kept);
  }
  return new Promise((resolve, reject) => {
    client.query(new Batch(statements, kept, resolve, reject));
  });
}

interface Sent {
  readonly name: string;
  readonly text: string;
  readonly values: (string | Buffer | null)[];
  /** Known of a statement that is prepared already. */
  fields: readonly FieldDef[] | undefined;
}

/** The driver hands each message of the answer to these methods, as to its own queries. */
class Batch implements Submittable {
  readonly #sent: readonly Sent[];
  readonly #results: StatementResult[] = [];
  #rows: Record<string, unknown>[] = [];
  #failure: BatchFailure | undefined;
  /** The driver puts its limit of time around it. */
  callback: (error?: unknown) => void;

  constructor(
    statements: readonly Statement[],
    private readonly kept: Prepared | undefined,
    resolve: (results: readonly StatementResult[]) => void,
    reject: (failure: BatchFailure) => void,
  ) {
    this.#sent = statements.map(({ text, values = [] }) => {
      const name = kept === undefined ? '' : nameOf(text);
      return { name, text, values: values.map(toParameter), fields: kept?.get(name) };
    });
    this.callback = (error) => {
      if (error !== undefined) reject(new BatchFailure(this.#results.length, error));
      else if (this.#failure !== undefined) reject(this.#failure);
      else resolve(this.#results);
    };
  }

  submit(wire: Wire): void {
    wire.stream.cork();
    try {
      const fresh = new Set<string>();
      for (const { name, text, values, fields } of this.#sent) {
        if (fields === undefined && !(name !== '' && fresh.has(name))) {
          // One whose batch failed may have been prepared all the same; to close one that was not is no error.
          if (name !== '') wire.close({ type: 'S', name }, true);
          wire.parse({ name, text } as Parameters<Wire['parse']>[0], true);
          fresh.add(name);
        }
        wire.bind({ statement: name, values }, true);
        if (fields === undefined) wire.describe({ type: 'P', name: '' }, true);
        wire.execute(null, true);
      }
      wire.sync();
    } finally {
      wire.stream.uncork();
    }
  }

  handleRowDescription({ fields }: { readonly fields: readonly FieldDef[] }): void {
    const current = this.#current;
    if (current !== undefined) current.fields = fields;
  }

  handleDataRow({ fields: values }: { readonly fields: readonly (string | null)[] }): void {
    const row: Record<string, unknown> = {};
    this.#current?.fields?.forEach(({ name, dataTypeID }, index) => {
      const value = values[index] ?? null;
      row[name] = value === null ? null : parserOf(dataTypeID)(value);
    });
    this.#rows.push(row);
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    // The server's answer to the commit of a transaction in which something failed; it calls that no error.
    if (text === 'ROLLBACK' && this.#current?.text === 'commit')
      this.#failure = new BatchFailure(this.#results.length, lostError());
    // A command's tag: its name, and the number of rows where it has one.
    const affected = Number(/ (\d+)$/.exec(text)?.[1] ?? 0);
    this.#results.push({ rows: this.#rows, affected });
    this.#rows = [];
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: '' });
  }

  handleError(error: unknown): void {
    this.callback(error ?? new Error('the connection ended'));
  }

  handleReadyForQuery(): void {
    for (const { name, fields } of this.#sent) this.kept?.set(name, fields ?? []);
    this.callback();
  }

  get #current(): Sent | undefined {
    return this.#sent[this.#results.length];
  }
}
