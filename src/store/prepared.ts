/**
 * Queries that are built once and then only run: Kysely writes the SQL at the first use,
 * a session runs it with that call's arguments. On SQLite a query by key costs 10 µs so, its
 * snapshot included, against 30 µs when Kysely builds it and the driver prepares it each time.
 */

import type { Compilable, Kysely } from 'kysely';
import type { Database } from './schema';
import type { Signing } from './signing';

/** What a statement did. */
export interface StatementResult {
  readonly rows: readonly unknown[];
  /** Rows that a statement without RETURNING changed. */
  readonly affected: number;
}

/** The last event of an audit log, and whether the log is among those that have moved since their checkpoint. */
export interface LogEnd {
  readonly sequence: number;
  readonly hash: string;
  readonly isMarked: boolean;
}

/** Where audit logs end, as far as one transaction has appended to them: nobody else appends meanwhile. */
export type LogEnds = Map<string, LogEnd>;

/** One transaction of an engine. */
export interface Session {
  /** Writes SQL in the engine's dialect; has no connection. */
  readonly compiler: Kysely<Database>;
  /** Runs one statement. Errors are domain errors already. */
  run(sql: string, parameters: readonly unknown[]): Promise<StatementResult>;
  /** Where a transaction's audit logs end; undefined in one that cannot write. */
  readonly ends?: LogEnds | undefined;
  /** Undefined in a store that neither signs rows nor checks them. */
  readonly signing?: Signing;
}

/** Stands where an argument goes while the SQL is written. */
class Placeholder {
  constructor(readonly name: string) {}
}

const placeholders: object = new Proxy({}, { get: (_, name) => new Placeholder(String(name)) });

interface Template {
  readonly sql: string;
  /** For each parameter the argument that it is, or undefined: then it is a constant of the query. */
  readonly names: readonly (string | undefined)[];
  readonly constants: readonly unknown[];
}

function templateOf<A extends object>(
  build: (db: Kysely<Database>, args: A) => Compilable,
): (session: Session, args: A) => Promise<StatementResult> {
  const templates = new WeakMap<Kysely<Database>, Template>();
  const compile = (compiler: Kysely<Database>): Template => {
    const { sql, parameters } = build(compiler, placeholders as A).compile();
    const names = parameters.map((one) => (one instanceof Placeholder ? one.name : undefined));
    const template = { sql, names, constants: parameters };
    templates.set(compiler, template);
    return template;
  };
  return (session, args) => {
    const { sql, names, constants } = templates.get(session.compiler) ?? compile(session.compiler);
    const values = args as Record<string, unknown>;
    return session.run(
      sql,
      names.map((name, index) => (name === undefined ? constants[index] : values[name])),
    );
  };
}

/**
 * A query that answers rows. `build` runs once for each engine; its second argument stands
 * for the arguments of a later call and may only be put where a value goes.
 */
export function preparedQuery<A extends object, R>(
  build: (db: Kysely<Database>, args: A) => Compilable<R>,
): (session: Session, args: A) => Promise<readonly R[]> {
  const run = templateOf(build);
  return async (session, args) => (await run(session, args)).rows as readonly R[];
}

/** A statement that changes rows; answers how many. */
export function preparedStatement<A extends object>(
  build: (db: Kysely<Database>, args: A) => Compilable,
): (session: Session, args: A) => Promise<number> {
  const run = templateOf(build);
  return async (session, args) => (await run(session, args)).affected;
}
