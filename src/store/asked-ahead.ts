/**
 * What a step of an execution asks before its turn comes. Where each question is a message to another process and back,
 * the questions of all writes that share a commit go in one, before the first of their bodies runs.
 */

import type { Kysely } from 'kysely';
import type { ExecutionId } from '../domain/ids';
import type { Database } from './schema';

/** A statement that asks, with its arguments. */
export interface Question {
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface AskedAhead {
  /** Whose step it is. What the steps of other executions write changes no answer to its questions. */
  readonly about: ExecutionId;
  questions(compiler: Kysely<Database>): readonly Question[];
  /** Where its audit log ends: what each write to that log changes. */
  logEnd(compiler: Kysely<Database>): Question;
}

/** What steps of executions write, besides a flow that is seen for the first time. */
const STEPS_OF_EXECUTIONS =
  /^(?:insert into "(?:executions|audit_events|audit_moved)"|update "execution_reads"|update "executions" set "end_time")/;

/** Whether the statement writes what steps of executions write: nothing but what is theirs. */
export function isOfStep(text: string): boolean {
  return STEPS_OF_EXECUTIONS.test(text);
}
