/**
 * The service as `axiom serve` runs it: two processes under one parent, or one half's alone.
 *
 * The execution server starts first, because it alone may make keys; the management
 * server never sees the KEK. A process that dies is started again at the same address.
 */

import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import type { ServiceConfig } from './config';
import { dataDirAt, type DataDir } from './data-dir';
import { startExecutionProcesses, type ExecutionProcess } from './execution-processes';
import type { HalfName } from './half-process';
import type { HalfUsers } from './half-users';
import {
  forkServer,
  startKeptProcess,
  stopProcess,
  type HalfStart,
  type KeptProcess,
  type Started,
} from './kept-process';
import type { ManagementAddresses } from './management-server';
import type { Halves } from './separation';
import { createServiceFile, type HalfInfo, type ServiceInfo } from './service-file';
import { startFailure } from './start-failure';
import type * as Keeper from './pki/keeper';
import type * as Prepare from './prepare';

export type { ServiceInfo } from './service-file';

/* eslint-disable @typescript-eslint/no-require-imports -- both load while the halves load their programs, and SQLite's driver with them */
const prepare = () => require('./prepare') as typeof Prepare;
const keeper = () => require('./pki/keeper') as typeof Keeper;
/* eslint-enable */

export interface RunningService {
  readonly info: ServiceInfo;
  /** Drains both processes. */
  stop(): Promise<void>;
}

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
  const dir = dataDirAt(settings.dataDir);
  // They load their programs meanwhile, and begin when they are sent their settings: one after the other, as ever.
  // At a first start the management half's folder has not all that its process is let to read.
  const early = {
    execution: forkServer('execution', settings, users),
    management: existsSync(dir.management.verifyingKeyset)
      ? forkServer('management', settings, users)
      : undefined,
  };
  const stopEarly = async () =>
    Promise.all([early.execution, early.management].map((child) => child && stopProcess(child)));
  const config = await prepared(settings, logger, 'both', users).catch(async (error: unknown) => {
    await stopEarly();
    throw error;
  });
  const start = { config, logger, users, stopping };
  let current: ServiceInfo | undefined;
  const file = createServiceFile(dir.serviceInfo, logger);

  const execution = await startExecutionProcesses({ ...start, early: early.execution }, (process) => {
    if (current === undefined) return;
    current = { ...current, ...executionInfo(process) };
    file.publish(current);
  }).catch(async (error: unknown) => {
    await stopEarly();
    throw error;
  });
  const management = await handOverAndStart({ ...start, early: early.management }, dir, (process) => {
    if (current === undefined) return;
    current = { ...current, ...managementInfo(process) };
    file.publish(current);
  }).catch(async (error: unknown) => {
    await Promise.all([execution.stop(), stopEarly()]);
    throw error;
  });
  prepare().endFirstStart(dir);

  current = {
    ...managementInfo(management.first),
    ...executionInfo(execution.first),
    dataDir: dir.root,
    caCertificate: dir.caCertificate,
    adminApiKeyFile: dir.adminApiKey,
    separation: config.separation,
  };
  file.publish(current);
  const renewals = keeper().startCertificateKeeper(config, 'both', logger);
  return {
    info: current,
    async stop() {
      file.close();
      renewals.stop();
      const ending = management.stop();
      await Promise.all([ending, execution.stop(ending)]);
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
  const config = await prepared(settings, logger, half, undefined);
  const dir = dataDirAt(config.dataDir);
  const file = createServiceFile(dir[half].serviceInfo, logger);
  const start = { config, logger, stopping };
  const infoOf = (own: Partial<ServiceInfo>): HalfInfo => ({
    ...own,
    dataDir: dir.root,
    caCertificate: dir.caCertificate,
    separation: config.separation,
  });
  const begin = async () => {
    if (half === 'management') {
      const of = (process: Started<ManagementAddresses>) => infoOf(managementInfo(process));
      const kept = await startKeptProcess<ManagementAddresses>(half, start, (process) =>
        file.publish(of(process)),
      );
      return { info: of(kept.first), kept };
    }
    const { adminApiKey } = dir.execution;
    const of = (process: ExecutionProcess) =>
      infoOf({ ...executionInfo(process), adminApiKeyFile: adminApiKey });
    const kept = await startExecutionProcesses(start, (process) => file.publish(of(process)));
    return { info: of(kept.first), kept };
  };
  const { info, kept } = await begin();
  prepare().endFirstStart(dir, half);
  file.publish(info);
  const renewals = keeper().startCertificateKeeper(config, half, logger);
  return {
    info,
    async stop() {
      file.close();
      renewals.stop();
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
    return await prepare().prepareDataDir(settings, logger, halves, users);
  } catch (error) {
    throw notStarted(error);
  }
}

function notStarted(error: unknown): Error {
  return new Error(`the service did not start: ${startFailure(error)}`, { cause: error });
}

async function handOverAndStart(
  start: HalfStart,
  dir: DataDir,
  onRestart: (process: Started<ManagementAddresses>) => void,
): Promise<KeptProcess<ManagementAddresses>> {
  try {
    prepare().handOverVerifyingKeyset(dir, start.users);
  } catch (error) {
    throw notStarted(error);
  }
  return startKeptProcess<ManagementAddresses>('management', start, onRestart);
}

/** The console is a door of the management server. */
function managementInfo({
  addresses,
  pid,
}: Pick<Started<ManagementAddresses>, 'addresses' | 'pid'>): Pick<ServiceInfo, 'management' | 'console'> {
  return { management: { address: addresses.management, pid }, console: { address: addresses.console, pid } };
}

function executionInfo({
  addresses,
  pid,
  workers,
}: ExecutionProcess): Pick<ServiceInfo, 'execution' | 'operatorSocket'> {
  return {
    execution: { address: addresses.execution, pid, ...(workers !== undefined && { workers }) },
    operatorSocket: addresses.operatorSocket,
  };
}
