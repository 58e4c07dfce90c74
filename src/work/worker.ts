/** A worker thread's whole life: takes a task, answers it, waits for the next. */

import { parentPort } from 'node:worker_threads';
import { tasks, type Tasks } from './tasks';

/** One task, as it is sent to the thread. */
export interface TaskMessage {
  readonly task: keyof Tasks;
  readonly input: unknown;
}

/** What the thread sends back. A task that throws is a mistake of ours: no more than that is told. */
export type TaskAnswer = { readonly ok: true; readonly output: unknown } | { readonly ok: false };

parentPort?.on('message', ({ task, input }: TaskMessage) => {
  parentPort?.postMessage(answer(task, input));
});

function answer(task: keyof Tasks, input: unknown): TaskAnswer {
  try {
    return { ok: true, output: (tasks[task] as (input: unknown) => unknown)(input) };
  } catch {
    return { ok: false };
  }
}
