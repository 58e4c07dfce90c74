/**
 * The service as `axiom serve` runs it: two processes under one parent, or one half's alone.
 *
 * The execution server starts first, because it alone may make keys; the management
 * server never sees the KEK. A process that dies is started again at the same address.
 */

import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ChildMessage, StartMessage } from './child-process';
import { STOP_MS, type ServiceConfig } from './config';
import { dataDirAt, type DataDir } from './data-dir';
import type { ExecutionAddresses } from './execution-server';
import { emptyCoreDumps, forkHalf, type HalfName } from './half-process';
import type { HalfUsers } from './half-users';
import type { ManagementAddresses } from './management-server';
import { startCertificateKeeper } from './pki/keeper';
import { endFirstStart, handOverVerifyingKeyset, prepareDataDir } from './prepare';
import type { Halves } from './separation';
import { createServiceFile, type HalfInfo, type ServiceInfo } from './service-file';
import { startFailure } from './start-failure';

export type { ServiceInfo } from './service-file';

export interface RunningService {
  readonly info: ServiceInfo;
  /** Drains both processes. */
  stop(): Promise<void>;
}

const FIRST_RESTART_MS = 100;
const LAST_RESTART_MS = 10_000;
const HANG_MS = 1_000;

/** What a start needs besides its settings. */
export interface StartOptions {
  /** The halves' own users; undefined: both run as this user. */
  readonly users?: HalfUsers | undefined;
  /** Ends a start that is under way. */
  readonly stopping?: AbortSignal;
}

/** @throws Error saying which process did not start and why; nothing is left running then. */
export async function startService(
  settings: ServiceConfig,
  logger: Logger,
  { users, stopping }: StartOptions = {},
): Promise<RunningService> {
  logger.info({ separation: settings.separation, dataDir: settings.dataDir }, 'starting');
  emptyCoreDumps();
  const config = await prepared(settings, logger, 'both', users);
  const dir = dataDirAt(config.dataDir);
  const start = { config, logger, users, stopping };
  // It loads its program meanwhile, and begins when it is sent its settings: after the execution server, as ever. At a
  // first start its folder has not all that its process is let to read.
  const early = config.isFirstStart ? undefined : forkServer('management', config, users);
  const stopEarly = async () => early && stopProcess(early);
  let current: ServiceInfo | undefined;
  const file = createServiceFile(dir.serviceInfo, logger);

  const execution = await startKeptProcess<ExecutionAddresses>('execution', start, (process) => {
    if (current === undefined) return;
    const { pid, addresses } = process;
    current = {
      ...current,
      execution: { address: addresses.execution, pid },
      operatorSocket: addresses.operatorSocket,
    };
    file.publish(current);
  }).catch(async (error: unknown) => {
    await stopEarly();
    throw error;
  });
  const management = await handOverAndStart({ ...start, early }, dir, (process) => {
    if (current === undefined) return;
    current = { ...current, ...managementInfo(process) };
    file.publish(current);
  }).catch(async (error: unknown) => {
    await Promise.all([execution.stop(), stopEarly()]);
    throw error;
  });
  endFirstStart(dir);

  current = {
    ...managementInfo(management.first),
    execution: { address: execution.first.addresses.execution, pid: execution.first.pid },
    operatorSocket: execution.first.addresses.operatorSocket,
    dataDir: dir.root,
    caCertificate: dir.caCertificate,
    adminApiKeyFile: dir.adminApiKey,
    separation: config.separation,
  };
  file.publish(current);
  const keeper = startCertificateKeeper(config, 'both', logger);
  return {
    info: current,
    async stop() {
      file.close();
      keeper.stop();
      await Promise.all([management.stop(), execution.stop()]);
    },
  };
}

/** Starts one half, where the other runs elsewhere. */
export async function startHalf(
  half: HalfName,
  settings: ServiceConfig,
  logger: Logger,
  { stopping }: Pick<StartOptions, 'stopping'> = {},
): Promise<{ readonly info: HalfInfo; stop(): Promise<void> }> {
  logger.info({ separation: settings.separation, dataDir: settings.dataDir }, 'starting');
  emptyCoreDumps();
  const config = await prepared(settings, logger, half, undefined);
  const dir = dataDirAt(config.dataDir);
  const infoOf = ({ addresses, pid }: Started<ManagementAddresses & ExecutionAddresses>): HalfInfo => ({
    ...(half === 'management'
      ? managementInfo({ addresses, pid })
      : {
          execution: { address: addresses.execution, pid },
          operatorSocket: addresses.operatorSocket,
          adminApiKeyFile: dir.execution.adminApiKey,
        }),
    dataDir: dir.root,
    caCertificate: dir.caCertificate,
    separation: config.separation,
  });
  const file = createServiceFile(dir[half].serviceInfo, logger);
  const kept = await startKeptProcess<ManagementAddresses & ExecutionAddresses>(
    half,
    { config, logger, stopping },
    (process) => file.publish(infoOf(process)),
  );
  endFirstStart(dir, half);
  const info = infoOf(kept.first);
  file.publish(info);
  const keeper = startCertificateKeeper(config, half, logger);
  return {
    info,
    async stop() {
      file.close();
      keeper.stop();
      await kept.stop();
    },
  };
}

/** What is wrong with the data folder is told like what keeps a half from starting. */
async function prepared(
  settings: ServiceConfig,
  logger: Logger,
  halves: Halves,
  users: HalfUsers | undefined,
): Promise<ServiceConfig> {
  try {
    return await prepareDataDir(settings, logger, halves, users);
  } catch (error) {
    throw new Error(`the service did not start: ${startFailure(error)}`, { cause: error });
  }
}

async function handOverAndStart(
  start: HalfStart,
  dir: DataDir,
  onRestart: (process: Started<ManagementAddresses>) => void,
): Promise<KeptProcess<ManagementAddresses>> {
  handOverVerifyingKeyset(dir, start.users);
  return startKeptProcess<ManagementAddresses>('management', start, onRestart);
}

/** The console is a door of the management server. */
function managementInfo({
  addresses,
  pid,
}: Pick<Started<ManagementAddresses>, 'addresses' | 'pid'>): Pick<ServiceInfo, 'management' | 'console'> {
  return { management: { address: addresses.management, pid }, console: { address: addresses.console, pid } };
}

interface Started<A> {
  readonly pid: number;
  readonly addresses: A;
}

interface KeptProcess<A> {
  readonly first: Started<A>;
  stop(): Promise<void>;
}

/** What a half's process is started with. */
interface HalfStart {
  readonly config: ServiceConfig;
  readonly logger: Logger;
  readonly users?: HalfUsers | undefined;
  readonly stopping?: AbortSignal | undefined;
  /** The process where it is there already, without its settings. */
  readonly early?: ChildProcess | undefined;
}

/** Starts a process and starts it again whenever it dies, at the address that it had, until `stop`. */
async function startKeptProcess<A extends object>(
  name: HalfName,
  { config, logger, users, stopping, early }: HalfStart,
  onRestart: (process: Started<A>) => void,
): Promise<KeptProcess<A>> {
  const stopped = new AbortController();
  stopping?.throwIfAborted();
  let child = early ?? forkServer(name, config, users);
  const stopEarly = (): void => void stopProcess(child);
  stopping?.addEventListener('abort', stopEarly);
  const first = await whenStarted<A>(name, child, config);
  stopping?.removeEventListener('abort', stopEarly);
  const fixed = { ...config, ...fixedAddresses(first.addresses) };

  const keep = () => {
    child.once('exit', (code, signal) => {
      if (stopped.signal.aborted) return;
      logger.error({ process: name, code, signal }, 'a server process died; starting it again');
      void restart(FIRST_RESTART_MS);
    });
  };
  const restart = async (delay: number): Promise<void> => {
    await sleep(delay, undefined, { signal: stopped.signal }).catch(() => {});
    if (stopped.signal.aborted) return;
    child = forkServer(name, fixed, users);
    try {
      const started = await whenStarted<A>(name, child, fixed);
      keep();
      onRestart(started);
    } catch (error) {
      if (stopped.signal.aborted) return;
      logger.error(
        { process: name, error: error instanceof Error ? error.message : '' },
        'it did not start; trying again',
      );
      return restart(Math.min(delay * 2, LAST_RESTART_MS));
    }
  };

  keep();
  return {
    first,
    async stop() {
      stopped.abort();
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

function forkServer(name: HalfName, config: ServiceConfig, users: HalfUsers | undefined): ChildProcess {
  const child = forkHalf(name, config, users);
  // A message to a process that is dying fails here; its exit tells.
  child.on('error', () => undefined);
  return child;
}

function whenStarted<A>(name: HalfName, child: ChildProcess, config: ServiceConfig): Promise<Started<A>> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error(`the ${name} server did not start; its log says why`));
    if (child.exitCode !== null || child.signalCode !== null) return ended();
    child.once('exit', ended);
    child.once('message', (message: ChildMessage<A>) => {
      if ('failed' in message) reject(new Error(`the ${name} server did not start: ${message.failed}`));
      else resolve({ pid: child.pid ?? 0, addresses: message.ready });
    });
    child.send({ config } satisfies StartMessage);
  });
}

/** It ends by itself within STOP_MS, whatever its peers do; one that hangs is not waited for. */
function stopProcess(child: ChildProcess): Promise<void> {
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
