/**
 * The service as `axiom serve` runs it: two processes under one parent.
 *
 * The execution server starts first, because it alone may make keys; the management
 * server never sees the KEK. A process that dies is started again at the same address.
 */

import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ChildMessage, StartMessage } from './child-process';
import type { ServiceConfig } from './config';
import { dataDirAt } from './data-dir';
import type { ExecutionAddresses } from './execution-server';
import type { ManagementAddresses } from './management-server';
import { createServiceFile, type ServiceInfo } from './service-file';

export type { ServiceInfo } from './service-file';

export interface RunningService {
  readonly info: ServiceInfo;
  /** Drains both processes. */
  stop(): Promise<void>;
}

const FIRST_RESTART_MS = 100;
const LAST_RESTART_MS = 10_000;

export async function startService(config: ServiceConfig, logger: Logger): Promise<RunningService> {
  const dir = dataDirAt(config.dataDir);
  let current: ServiceInfo | undefined;
  const file = createServiceFile(dir.serviceInfo, logger);

  const execution = await startKeptProcess<ExecutionAddresses>('execution', config, logger, (process) => {
    if (current === undefined) return;
    const { pid, addresses } = process;
    current = {
      ...current,
      execution: { address: addresses.execution, pid },
      operatorSocket: addresses.operatorSocket,
    };
    file.publish(current);
  });
  const management = await startKeptProcess<ManagementAddresses>('management', config, logger, (process) => {
    if (current === undefined) return;
    current = { ...current, ...managementInfo(process) };
    file.publish(current);
  }).catch(async (error: unknown) => {
    await execution.stop();
    throw error;
  });

  current = {
    ...managementInfo(management.first),
    execution: { address: execution.first.addresses.execution, pid: execution.first.pid },
    operatorSocket: execution.first.addresses.operatorSocket,
    dataDir: dir.root,
    caCertificate: dir.tls.caCertificate,
    adminApiKeyFile: dir.adminApiKey,
  };
  file.publish(current);
  return {
    info: current,
    async stop() {
      file.close();
      await Promise.all([management.stop(), execution.stop()]);
    },
  };
}

/** The console is a door of the management server. */
function managementInfo({
  addresses,
  pid,
}: Started<ManagementAddresses>): Pick<ServiceInfo, 'management' | 'console'> {
  return { management: { address: addresses.management, pid }, console: { address: addresses.console, pid } };
}

interface Started<A> {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly addresses: A;
}

interface KeptProcess<A> {
  readonly first: Started<A>;
  stop(): Promise<void>;
}

type ProcessName = 'management' | 'execution';

/** Starts a process and starts it again whenever it dies, at the address that it had, until `stop`. */
async function startKeptProcess<A extends object>(
  name: ProcessName,
  config: ServiceConfig,
  logger: Logger,
  onRestart: (process: Started<A>) => void,
): Promise<KeptProcess<A>> {
  const stopping = new AbortController();
  const first = await startProcess<A>(name, config);
  let running = first;
  let restarting = Promise.resolve();
  const fixed = { ...config, ...fixedAddresses(first.addresses) };

  const keep = (process: Started<A>) => {
    process.child.once('exit', (code, signal) => {
      if (stopping.signal.aborted) return;
      logger.error({ process: name, code, signal }, 'a server process died; starting it again');
      restarting = restart(FIRST_RESTART_MS);
    });
  };
  const restart = async (delay: number): Promise<void> => {
    await sleep(delay, undefined, { signal: stopping.signal }).catch(() => {});
    if (stopping.signal.aborted) return;
    try {
      running = await startProcess<A>(name, fixed);
    } catch (error) {
      logger.error(
        { process: name, error: error instanceof Error ? error.message : '' },
        'it did not start; trying again',
      );
      return restart(Math.min(delay * 2, LAST_RESTART_MS));
    }
    keep(running);
    onRestart(running);
  };

  keep(first);
  return {
    first,
    async stop() {
      stopping.abort();
      // A process that is being started again is stopped like any other, once it is there.
      await restarting;
      await stopProcess(running.child);
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

function startProcess<A>(name: ProcessName, config: ServiceConfig): Promise<Started<A>> {
  const child = fork(join(__dirname, `${name}-main.js`), [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error(`the ${name} server did not start; its log says why`)));
    child.once('message', (message: ChildMessage<A>) => {
      if ('failed' in message) reject(new Error(`the ${name} server did not start: ${message.failed}`));
      else resolve({ child, pid: child.pid ?? 0, addresses: message.ready });
    });
    child.send({ config } satisfies StartMessage);
  });
}

function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
