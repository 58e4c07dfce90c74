/** The execution server: the execution door for engines and sidecars, and the operator's door. Holds the keys that open. */

import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { ServerCredentials, type Server } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { DomainError } from '../domain/errors';
import type { OperatorPrincipal } from '../domain/principal';
import type { ExecutionServerContext } from '../execution/context';
import { executionServices, operatorServices } from '../execution/handlers';
import { sweep } from '../execution/janitor';
import { BundleMaker } from '../execution/bundle-maker';
import { createOpeners } from '../execution/openers';
import { takeOverFormat1 } from '../execution/take-over';
import { listenOn } from '../wire/listen';
import { watchLoopDelay } from '../work/loop-delay';
import { authenticateCertificate } from './certificate';
import { socketPathOf, type ServiceConfig } from './config';
import { dataDirAt, type ExecutionDir } from './data-dir';
import { readPair, requireFromOtherHalf } from './half-files';
import type { DispatchContext } from './dispatch';
import { firstStart } from './first-start';
import { createGrpcDoor } from './grpc-door';
import { stopGrpc } from './grpc-stop';
import { addHealth } from './health';
import { methodsAt } from './method-table';
import { openStore } from './open-store';
import type { RunningServer } from './running-server';
import { withStartLock } from './start-lock';

/** Where the execution server's doors are. */
export interface ExecutionAddresses {
  /** `host:port` or `unix:/path` of the execution door. */
  readonly execution: string;
  /** Path of the operator's Unix socket. */
  readonly operatorSocket: string;
}

const SWEEP_EVERY_MS = 5_000;
const OPERATOR: OperatorPrincipal = { kind: 'operator', id: 'operator' };

/** Does the first start's steps where they are not done yet, then serves. */
export async function startExecutionServer(
  config: ServiceConfig,
  logger: Logger,
): Promise<RunningServer<ExecutionAddresses>> {
  const { execution: dir, management } = dataDirAt(config.dataDir);
  const { isFirstStart } = config;
  const { store, keyring, serviceKeys } = await withStartLock(dir.startLock, async () => {
    const opened = await openStore(config);
    return {
      store: opened,
      ...(await firstStart(dir, { store: opened, clock: opened.clock, randomBytes, isFirstStart })),
    };
  });
  const { clock } = store;
  requireFromOtherHalf(dir.writerPublicKeyset, management.writerPublicKeyset);
  const tokenMac = await keyring.openTokenMac(serviceKeys.wrappedTokenKeyset);
  const openers = createOpeners(keyring);
  await takeOver({ store, openers, clock }, logger);
  const context = {
    store,
    keyring,
    openers,
    bundleMaker: new BundleMaker(),
    tokenMac,
    clock,
    randomBytes,
    tokenTtlMs: config.tokenTtlMs,
  };
  const dispatchContext = { store, clock, logger };

  const execution = await openExecutionDoor(config, dir, context, dispatchContext);
  // One at a time: of two that start together, the second must find the first one's socket answering.
  const operator = await withStartLock(dir.startLock, () => openOperatorDoor(dir, context, dispatchContext));
  const janitor = startJanitor(context, logger);
  const stopWatching = watchLoopDelay(logger);
  return {
    addresses: { execution: execution.address, operatorSocket: operator.path },
    async stop() {
      stopWatching();
      execution.health.stop();
      await Promise.all([stopGrpc(execution.server), stopGrpc(operator.server)]);
      await janitor.stop();
      for (const path of [operator.path, socketPathOf(execution.address)])
        if (path !== undefined) rmSync(path, { force: true });
      await store.close();
    },
  };
}

async function takeOver(context: Parameters<typeof takeOverFormat1>[0], logger: Logger): Promise<void> {
  const { sealed, left } = await takeOverFormat1(context);
  if (sealed > 0) logger.info({ secrets: sealed }, 'sealed the secrets of format version 1 anew');
  if (left > 0) logger.warn({ secrets: left }, 'secrets do not open: `axiom verify` names them');
}

async function openExecutionDoor(
  config: ServiceConfig,
  dir: ExecutionDir,
  context: ExecutionServerContext,
  dispatchContext: DispatchContext,
) {
  const methods = methodsAt('execution', executionServices(context));
  const server = createGrpcDoor(dispatchContext, 'execution', methods, authenticateCertificate);
  const health = addHealth(server, methods, context.store, dispatchContext.logger);
  const pair = readPair(config.tls ?? dir.tls);
  const clientCa = readFileSync(config.clientCa ?? dir.clientCa);
  const mutual = ServerCredentials.createSsl(clientCa, [pair], true);
  const path = socketPathOf(config.executionAddress);
  const wanted = path === undefined ? config.executionAddress : `unix:${path}`;
  return { server, health, address: await listenOn(server, wanted, mutual) };
}

/** Node cannot read a peer's credentials from a Unix socket, so the socket's mode carries the proof. */
async function openOperatorDoor(
  dir: ExecutionDir,
  context: ExecutionServerContext,
  dispatchContext: DispatchContext,
) {
  const methods = methodsAt('operator', operatorServices(context));
  const server: Server = createGrpcDoor(dispatchContext, 'operator', methods, async () => OPERATOR);
  const bind = async (path: string) => {
    await listenOn(server, `unix:${path}`, ServerCredentials.createInsecure());
    return { server, path };
  };
  try {
    return await bind(dir.operatorSocket);
  } catch (error) {
    if (!(error instanceof DomainError) || error.reason !== 'SOCKET_IN_USE') throw error;
    // Another service of the same folder answers there: this process has a path of its own.
    return bind(dir.operatorSocket.replace(/\.sock$/, `-${process.pid}.sock`));
  }
}

/** Sweeps now and then, one pass at a time. */
function startJanitor(context: ExecutionServerContext, logger: Logger) {
  let running: Promise<void> = Promise.resolve();
  let idle = true;
  const timer = setInterval(() => {
    if (!idle) return;
    idle = false;
    running = sweep(context)
      .catch((error: unknown) =>
        logger.warn(
          { error: error instanceof Error ? error.name : typeof error },
          'sweep failed; it is tried again',
        ),
      )
      .finally(() => (idle = true));
  }, SWEEP_EVERY_MS);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
