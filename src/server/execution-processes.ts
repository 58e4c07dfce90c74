/** The processes of the execution half: one that listens by itself, or workers that share a door that is accepted at here. */

import type { ChildProcess } from 'node:child_process';
import {
  forkServer,
  startKeptProcess,
  stopProcess,
  type HalfStart,
  type KeptProcess,
  type Started,
} from './kept-process';
import type { ExecutionAddresses } from './execution-server';
import { openSharedDoor } from './shared-door';
import { StepLinks } from './steps/links';

export type ExecutionProcess = Started<ExecutionAddresses> & {
  /** Process ids of all that serve the door, where there are several. */
  readonly workers?: readonly number[];
};

export interface ExecutionProcesses {
  readonly first: ExecutionProcess;
  /** Drains them. @param others are over when no other process of the service writes any more. */
  stop(others?: Promise<unknown>): Promise<void>;
}

/** @throws Error saying why it did not start; nothing is left running then. */
export async function startExecutionProcesses(
  start: HalfStart,
  onRestart: (process: ExecutionProcess) => void,
): Promise<ExecutionProcesses> {
  if (start.config.workers === 1) return startKeptProcess('execution', start, onRestart);
  const { config, logger, users } = start;
  const numbers = Array.from({ length: config.workers }, (_, number) => number);
  const door = await openSharedDoor(config.executionAddress, users?.execution, logger);
  // On PostgreSQL workers are replicas.
  const links = config.postgresUrlFile === undefined ? new StepLinks(logger) : undefined;
  // The others load their program while the first one starts.
  const early = [start.early, ...numbers.slice(1).map(() => forkServer('execution', config, users))];
  const kept: KeptProcess<ExecutionAddresses>[] = [];
  const pids: number[] = [];
  let serving: ExecutionProcess | undefined;
  const startOne = async (number: number): Promise<Started<ExecutionAddresses>> => {
    const place = { worker: { number, address: door.address }, early: early[number] };
    const onServing = (child: ChildProcess): void => {
      door.serve(number, child);
      links?.serve(number, child);
    };
    const one = await startKeptProcess<ExecutionAddresses>(
      'execution',
      { ...start, ...place, onServing },
      (process) => {
        pids[number] = process.pid;
        if (serving === undefined) return;
        serving = { ...(number === 0 ? process : serving), workers: [...pids] };
        onRestart(serving);
      },
    );
    kept.push(one);
    pids[number] = one.first.pid;
    return one.first;
  };
  const stop = async (others?: Promise<unknown>): Promise<void> => {
    door.close();
    const unused = early
      .filter((child) => child !== undefined)
      .filter((child) => !pids.includes(child.pid ?? 0));
    // The first one signs what all of them wrote.
    const [signer, ...rest] = kept;
    const ending = [...rest.map((one) => one.stop()), ...unused.map(stopProcess)];
    await Promise.all([...ending, signer?.stop(Promise.all([others, ...ending]))]);
  };
  try {
    // What is made once at a start is made by the first one.
    const first = await startOne(0);
    const others = await Promise.allSettled(numbers.slice(1).map(startOne));
    const failed = others.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    serving = { ...first, workers: [...pids] };
    return { first: serving, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
