/**
 * A transaction as its callers see it: every function of queries/ that a module lists under
 * `reads` or `writes`, without the session that it runs in.
 */

import type { Session } from './prepared';
import * as access from './queries/access';
import * as asFound from './queries/as-found';
import * as audit from './queries/audit';
import * as auditSearch from './queries/audit-search';
import * as bundleParts from './queries/bundle-parts';
import * as bundles from './queries/bundles';
import * as checkpoints from './queries/checkpoints';
import * as executionReads from './queries/execution-reads';
import * as executions from './queries/executions';
import * as flowConfigs from './queries/flow-configs';
import * as format1 from './queries/format-1';
import * as leftBundles from './queries/left-bundles';
import * as packages from './queries/packages';
import * as resolution from './queries/resolution';
import * as reads from './queries/reads';
import * as secrets from './queries/secrets';
import * as sessions from './queries/sessions';
import * as start from './queries/start';
import * as tenants from './queries/tenants';
import * as unsigned from './queries/unsigned';
import type { Signing } from './signing';

const readQueries = {
  ...access.reads,
  ...audit.reads,
  ...auditSearch.reads,
  ...bundleParts.reads,
  ...bundles.reads,
  ...checkpoints.reads,
  ...executionReads.reads,
  ...executions.reads,
  ...flowConfigs.reads,
  ...format1.reads,
  ...packages.reads,
  ...reads.reads,
  ...resolution.reads,
  ...secrets.reads,
  ...sessions.reads,
  ...start.reads,
  ...tenants.reads,
  ...unsigned.reads,
};

const writeQueries = {
  ...access.writes,
  ...asFound.writes,
  ...audit.writes,
  ...bundleParts.writes,
  ...bundles.writes,
  ...checkpoints.writes,
  ...executionReads.writes,
  ...executions.writes,
  ...flowConfigs.writes,
  ...leftBundles.writes,
  ...format1.writes,
  ...packages.writes,
  ...reads.writes,
  ...secrets.writes,
  ...sessions.writes,
  ...tenants.writes,
};

type InOneSession<Queries> = {
  readonly [N in keyof Queries]: Queries[N] extends (session: Session, ...args: infer A) => infer R
    ? (...args: A) => R
    : never;
};

/** One consistent snapshot. Lists are in ascending order of their key unless they say otherwise. */
export type ReadTx = InOneSession<typeof readQueries>;

/** A snapshot that may also be written to; nobody else writes meanwhile. */
export type WriteTx = ReadTx & InOneSession<typeof writeQueries>;

type Query = (session: Session, ...args: unknown[]) => Promise<unknown>;

class Transaction {
  constructor(readonly session: Session) {}
}

/** Makes transactions; their methods are made once, on the prototype, since each read makes a transaction. */
function transactions<Tx>(queries: object): (session: Session) => Tx {
  class Queries extends Transaction {}
  for (const [name, query] of Object.entries(queries) as [string, Query][]) {
    Object.defineProperty(Queries.prototype, name, {
      value(this: Transaction, ...args: unknown[]) {
        return query(this.session, ...args);
      },
    });
  }
  return (session) => new Queries(session) as Tx;
}

export const readTransaction = transactions<ReadTx>(readQueries);
export const writeTransaction = transactions<WriteTx>({ ...readQueries, ...writeQueries });

/** The same transaction, with rows signed and checked. */
export function signedRead(tx: ReadTx, signing: Signing): ReadTx {
  return readTransaction(withSigning(tx, signing));
}

export function signedWrite(tx: WriteTx, signing: Signing): WriteTx {
  return writeTransaction(withSigning(tx, signing));
}

function withSigning(tx: ReadTx, signing: Signing): Session {
  const { session } = tx as unknown as Transaction;
  return {
    compiler: session.compiler,
    run: (sql, parameters) => session.run(sql, parameters),
    post: (sql, parameters) => session.post(sql, parameters),
    state: session.state,
    standing: session.standing,
    standingKeys: () => session.standingKeys?.(),
    signing,
  };
}
