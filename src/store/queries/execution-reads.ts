/** What the nodes of executions read, until the executions are forgotten. */

import type { ExecutionId } from '../../domain/ids';
import { preparedQuery, preparedStatement, preparedWrite, type Session } from '../prepared';
import type { ExecutionReadRecord } from '../records';
import { rowsOf } from '../rows';
import { queryOfNames } from './many-names';
import type { RowOf } from '../schema';

const table = rowsOf('execution_reads');

/** Which reads: of one name by one node. */
export type ExecutionReadKey = Pick<ExecutionReadRecord, 'executionId' | 'node' | 'name' | 'found'>;

interface KeyArgs {
  executionId: string;
  node: string;
  name: string;
  found: number;
}

const countRows = preparedQuery((db, args: { executionId: string }) =>
  db
    .selectFrom('execution_reads')
    .select(['found', (eb) => eb.fn.countAll<number>().as('names')])
    .where('execution_id', '=', args.executionId)
    .groupBy('found'),
);

const selectKeys = queryOfNames((db, args: { executionId: string }, names) =>
  db
    .selectFrom('execution_reads')
    .select(['node', 'name', 'found'])
    .where('execution_id', '=', args.executionId)
    .where('name', 'in', names),
);

const addToRow = preparedWrite((db, args: KeyArgs & { count: number; principal: string; source: string }) =>
  db
    .updateTable('execution_reads')
    .set((eb) => ({
      count: eb('count', '+', args.count),
      principal: args.principal,
      source: args.source,
    }))
    .where('execution_id', '=', args.executionId)
    .where('node', '=', args.node)
    .where('name', '=', args.name)
    .where('found', '=', args.found),
);

const updateDeadTime = preparedWrite((db, args: { executionId: string; deadTime: number }) =>
  db
    .updateTable('execution_reads')
    .set({ dead_time: args.deadTime })
    .where('execution_id', '=', args.executionId)
    .where('dead_time', '>', args.deadTime),
);

const selectDead = preparedQuery((db, args: { before: number; limit: number }) =>
  db
    .selectFrom('execution_reads')
    .selectAll()
    .where('dead_time', '<', args.before)
    .orderBy('dead_time')
    .orderBy('execution_id')
    .orderBy('node')
    .orderBy('name')
    .limit(args.limit),
);

const deleteRow = preparedStatement((db, args: KeyArgs) =>
  db
    .deleteFrom('execution_reads')
    .where('execution_id', '=', args.executionId)
    .where('node', '=', args.node)
    .where('name', '=', args.name)
    .where('found', '=', args.found),
);

/** How many different reads the execution has. */
async function countExecutionReads(
  session: Session,
  executionId: ExecutionId,
): Promise<{ readonly found: number; readonly missed: number }> {
  const rows = await countRows(session, { executionId });
  const count = (found: number) => rows.find((row) => row.found === found)?.names ?? 0;
  return { found: count(1), missed: count(0) };
}

/** Reads of executions that died before that time, the longest dead first. */
async function listDeadExecutionReads(
  session: Session,
  before: number,
  limit: number,
): Promise<readonly ExecutionReadRecord[]> {
  const rows = await selectDead(session, { before, limit });
  return rows.map((row: RowOf<'execution_reads'>) => table.toRecord<ExecutionReadRecord>(row));
}

/** Which reads of these names the execution has had. */
async function findExecutionReads(
  session: Session,
  executionId: ExecutionId,
  names: readonly string[],
): Promise<readonly ExecutionReadKey[]> {
  const rows = await selectKeys(session, { executionId }, names);
  return rows.map(({ node, name, found }) => ({ executionId, node, name, found: found === 1 }));
}

/** Counts reads that follow others of the same key, which there are. */
async function addExecutionReads(
  session: Session,
  key: ExecutionReadKey,
  reads: Pick<ExecutionReadRecord, 'count' | 'principal' | 'source'>,
): Promise<void> {
  const { count, principal, source } = reads;
  await addToRow(session, { ...toArgs(key), count, principal, source });
}

async function insertExecutionReads(session: Session, record: ExecutionReadRecord): Promise<void> {
  await table.add(session, table.toRow(record));
}

/** The execution ended. */
async function endExecutionReads(
  session: Session,
  executionId: ExecutionId,
  deadTime: number,
): Promise<void> {
  await updateDeadTime(session, { executionId, deadTime });
}

/** @returns false where there are none any more. */
async function deleteExecutionReads(session: Session, key: ExecutionReadKey): Promise<boolean> {
  return (await deleteRow(session, toArgs(key))) > 0;
}

function toArgs({ executionId, node, name, found }: ExecutionReadKey): KeyArgs {
  return { executionId, node, name, found: found ? 1 : 0 };
}

export const reads = { countExecutionReads, findExecutionReads, listDeadExecutionReads };

export const writes = {
  addExecutionReads,
  deleteExecutionReads,
  endExecutionReads,
  insertExecutionReads,
};
