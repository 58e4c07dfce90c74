/** A half's process that is started again whenever it dies, with the settings that it had and at the address that it had. */

import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ChildMessage, OthersMessage, StartMessage } from './child-process';
import { STOP_MS, type ServiceConfig } from './config';
import type { ExecutionAddresses } from './execution-server';
import { forkHalf, type HalfName } from './half-process';
import type { HalfUsers } from './half-users';
import { LINK_ENDS } from './link-ends';
import type { ManagementAddresses } from './management-server';
import type { WorkerPlace } from './worker';

const FIRST_RESTART_MS = 100;
const LAST_RESTART_MS = 10_000;
const HANG_MS = 1_000;

/** A process that serves. */
export interface Started<A> {
  readonly pid: number;
  readonly addresses: A;
}

export interface KeptProcess<A> {
  readonly first: Started<A>;
  /** Drains it. @param others are over when no other process of the service writes any more. */
  stop(others?: Promise<unknown>): Promise<void>;
}

/** What a half's process is started with. */
export interface HalfStart {
  readonly config: ServiceConfig;
  readonly logger: Logger;
  readonly users?: HalfUsers | undefined;
  /** Ends a start that is under way. */
  readonly stopping?: AbortSignal | undefined;
  /** The process where it is there already, without its settings. */
  readonly early?: ChildProcess | undefined;
  /** Which one it is of several that serve one door. */
  readonly worker?: WorkerPlace | undefined;
  /** Is told of the first process that serves, and of every one after it. */
  readonly onServing?: (child: ChildProcess) => void;
}

/** @throws Error saying why it did not start. */
export async function startKeptProcess<A extends object>(
  name: HalfName,
  start: HalfStart,
  onRestart: (process: Started<A>) => void,
): Promise<KeptProcess<A>> {
  const { config, logger, users, stopping, early, worker, onServing } = start;
  const who = { process: name, ...(worker !== undefined && { worker: worker.number }) };
  const stopped = new AbortController();
  stopping?.throwIfAborted();
  let child = early ?? forkServer(name, config, users);
  const stopEarly = (): void => void stopProcess(child);
  stopping?.addEventListener('abort', stopEarly);
  const first = await whenStarted<A>(name, child, { config, worker });
  stopping?.removeEventListener('abort', stopEarly);
  onServing?.(child);
  const fixed = { ...config, ...fixedAddresses(first.addresses) };

  const keep = () => {
    child.once('exit', (code, signal) => {
      if (stopped.signal.aborted) return;
      logger.error({ ...who, code, signal }, 'a server process died; starting it again');
      void restart(FIRST_RESTART_MS);
    });
  };
  const restart = async (delay: number): Promise<void> => {
    await sleep(delay, undefined, { signal: stopped.signal }).catch(() => {});
    if (stopped.signal.aborted) return;
    child = forkServer(name, fixed, users);
    try {
      const started = await whenStarted<A>(name, child, { config: fixed, worker });
      onServing?.(child);
      keep();
      onRestart(started);
    } catch (error) {
      if (stopped.signal.aborted) return;
      logger.error(
        { ...who, error: error instanceof Error ? error.message : '' },
        'it did not start; trying again',
      );
      return restart(Math.min(delay * 2, LAST_RESTART_MS));
    }
  };

  keep();
  return {
    first,
    async stop(others) {
      stopped.abort();
      if (others !== undefined) {
        tell(child, { others: 'ending' });
        void others.finally(() => tell(child, { others: 'ended' }));
      }
      await stopProcess(child);
    },
  };
}

/** The addresses as settings, so that a restarted process takes the port that clients know. */
function fixedAddresses(addresses: object): Partial<ServiceConfig> {
  const { management, console, execution } = addresses as Partial<ManagementAddresses & ExecutionAddresses>;
  return {
    ...(console !== undefined && { consoleAddress: console }),
    ...(management !== undefined && { managementAddress: management }),
    ...(execution !== undefined && { executionAddress: execution }),
  };
}

/** One that has ended is told nothing. */
function tell(child: ChildProcess, message: OthersMessage): void {
  if (child.connected) child.send(message, () => undefined);
}

/** It loads its program, and begins when it is sent its settings. */
export function forkServer(
  name: HalfName,
  config: ServiceConfig,
  users: HalfUsers | undefined,
): ChildProcess {
  const child = forkHalf(name, config, users);
  // A message to a process that is dying fails here; its exit tells.
  child.on('error', () => undefined);
  return child;
}

function whenStarted<A>(name: HalfName, child: ChildProcess, message: StartMessage): Promise<Started<A>> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error(`the ${name} server did not start; its log says why`));
    if (child.exitCode !== null || child.signalCode !== null) return ended();
    child.once('exit', ended);
    child.once('message', (answer: ChildMessage<A>) => {
      if ('failed' in answer) return reject(new Error(`the ${name} server did not start: ${answer.failed}`));
      if (LINK_ENDS[name]) child.disconnect();
      resolve({ pid: child.pid ?? 0, addresses: answer.ready });
    });
    child.send(message);
  });
}

/** It ends by itself within STOP_MS, whatever its peers do; one that hangs is not waited for. */
export function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS + HANG_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
