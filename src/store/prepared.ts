/**
 * Queries that are built once and then only run: Kysely writes the SQL at the first use,
 * a session runs it with that call's arguments. On SQLite a query by key costs 10 µs so, its
 * snapshot included, against 30 µs when Kysely builds it and the driver prepares it each time.
 */

import type { Compilable, Kysely } from 'kysely';
import type { Question } from './asked-ahead';
import type { Database } from './schema';
import type { Signing } from './signing';
import type { Standing } from './standing';
import type { KnownKeys } from './standing-keys';
import type { TransactionState } from './transaction-state';

/** What a statement did. */
export interface StatementResult {
  readonly rows: readonly unknown[];
  /** Rows that a statement without RETURNING changed. */
  readonly affected: number;
}

/** One transaction of an engine. */
export interface Session {
  /** Writes SQL in the engine's dialect; has no connection. */
  readonly compiler: Kysely<Database>;
  /** Runs one statement. Errors are domain errors already. */
  run(sql: string, parameters: readonly unknown[]): Promise<StatementResult>;
  /**
   * The same of a statement whose answer tells nothing. An engine that is far away may carry it out no sooner than it
   * is asked something: if it fails then, so does the transaction.
   */
  post(sql: string, parameters: readonly unknown[]): Promise<unknown>;
  /** Undefined in a transaction that cannot write. */
  readonly state?: TransactionState<Session> | undefined;
  /** What need not be read again; undefined where the engine cannot tell that nobody else wrote. */
  readonly standing?: Standing | undefined;
  /** As `standing`, of a read of which nothing was asked yet. */
  standingKeys?(): KnownKeys | undefined;
  /** Undefined in a store that neither signs rows nor checks them. */
  readonly signing?: Signing;
}

/** Stands where an argument goes while the SQL is written. */
class Placeholder {
  constructor(readonly name: string) {}
}

const placeholders: object = new Proxy({}, { get: (_, name) => new Placeholder(String(name)) });

/** Statements that look at scopes' heads. */
const LOOKS_AT_HEADS = /\b(?:from|join|update) "?scopes\b/i;

interface Template {
  readonly sql: string;
  readonly looksAtHeads: boolean;
  /** For each parameter the argument that it is, or undefined: then it is a constant of the query. */
  readonly names: readonly (string | undefined)[];
  readonly constants: readonly unknown[];
}

type Run<R> = (session: Session, sql: string, parameters: readonly unknown[]) => Promise<R>;

interface Asking<A, R> {
  (session: Session, args: A): Promise<R>;
  /** What it asks in an engine's dialect. */
  questionOf(compiler: Kysely<Database>, args: A): Question;
}

function templateOf<A extends object, R>(
  build: (db: Kysely<Database>, args: A) => Compilable,
  run: Run<R>,
): Asking<A, R> {
  const templates = new WeakMap<Kysely<Database>, Template>();
  const compile = (compiler: Kysely<Database>): Template => {
    const { sql, parameters } = build(compiler, placeholders as A).compile();
    const names = parameters.map((one) => (one instanceof Placeholder ? one.name : undefined));
    const template = { sql, looksAtHeads: LOOKS_AT_HEADS.test(sql), names, constants: parameters };
    templates.set(compiler, template);
    return template;
  };
  const templateIn = (compiler: Kysely<Database>) => templates.get(compiler) ?? compile(compiler);
  const ask = async (session: Session, args: A) => {
    const template = templateIn(session.compiler);
    if (template.looksAtHeads) await session.state?.heads.settle(session);
    return run(session, template.sql, valuesIn(template, args));
  };
  const questionOf = (compiler: Kysely<Database>, args: A) => {
    const template = templateIn(compiler);
    return { text: template.sql, values: valuesIn(template, args) };
  };
  return Object.assign(ask, { questionOf });
}

function valuesIn({ names, constants }: Template, args: object): readonly unknown[] {
  const values = args as Record<string, unknown>;
  return names.map((name, index) => (name === undefined ? constants[index] : values[name]));
}

const runIn: Run<StatementResult> = (session, sql, parameters) => session.run(sql, parameters);

/**
 * A query that answers rows. `build` runs once for each engine; its second argument stands
 * for the arguments of a later call and may only be put where a value goes.
 */
export function preparedQuery<A extends object, R>(
  build: (db: Kysely<Database>, args: A) => Compilable<R>,
): Asking<A, readonly R[]> {
  const run = templateOf(build, runIn);
  const ask = async (session: Session, args: A) => (await run(session, args)).rows as readonly R[];
  return Object.assign(ask, { questionOf: run.questionOf });
}

/** A statement that changes rows; answers how many. */
export function preparedStatement<A extends object>(
  build: (db: Kysely<Database>, args: A) => Compilable,
): (session: Session, args: A) => Promise<number> {
  const run = templateOf(build, runIn);
  return async (session, args) => (await run(session, args)).affected;
}

/** A statement that changes rows, and fails rather than changing none: its transaction tells what became of it. */
export function preparedWrite<A extends object>(
  build: (db: Kysely<Database>, args: A) => Compilable,
): (session: Session, args: A) => Promise<unknown> {
  return templateOf<A, unknown>(build, (session, sql, parameters) => session.post(sql, parameters));
}
