/** The execution server: the execution door for engines and sidecars, and the operator's door. Holds the keys that open. */

import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import type { Logger } from 'pino';
import { DomainError } from '../domain/errors';
import { scopeKey } from '../domain/scope';
import type { OperatorPrincipal } from '../domain/principal';
import type { ExecutionServerContext } from '../execution/context';
import { executionServices, operatorServices } from '../execution/handlers';
import { sweep } from '../execution/janitor';
import { BundleMaker } from '../execution/bundle-maker';
import { createOpeners } from '../execution/openers';
import { socketPathOf } from '../wire/address';
import { watchLoopDelay } from '../work/loop-delay';
import type { DispatchContext } from './admission';
import { CallAccounts } from './call-budgets';
import { certificateAuthenticator } from './certificate';
import type { ServiceConfig } from './config';
import { dataDirAt, type ExecutionDir } from './data-dir';
import { requireFromOtherHalf } from './half-files';
import { firstStart } from './first-start';
import { takeOverUnsigned } from './sign-as-found';
import { createGrpcDoor } from './grpc-door';
import { addHealth } from './health';
import { methodsAt } from './method-table';
import { openStore } from './open-store';
import type { RunningServer } from './running-server';
import { signedStore } from '../store/signed-store';
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
  const opened = await openStore(config);
  const { clock } = opened;
  const { keyring, serviceKeys } = await withStartLock(dir.startLock, async () => {
    const started = await firstStart(dir, { store: opened, clock, randomBytes, isFirstStart });
    await takeOverUnsigned(dir, { store: opened, clock, ...started }, logger);
    return started;
  });
  requireFromOtherHalf(dir.writerPublicKeyset, management.writerPublicKeyset);
  const signer = await keyring.openRowSigner(serviceKeys, readFileSync(dir.writerPublicKeyset));
  const store = signedStore(opened, signer);
  const tokenMac = await keyring.openTokenMac(serviceKeys.wrappedTokenKeyset);
  const openers = createOpeners(keyring);
  const context: ExecutionServerContext = {
    ...{ store, keyring, openers, bundleMaker: new BundleMaker(), tokenMac, clock, randomBytes },
    tokenTtlMs: config.tokenTtlMs,
    onDamagedBundle: (tenantId, scope, revision) =>
      logger.warn({ tenantId, scope: scopeKey(scope), revision }, 'a bundle does not open; it is made again'),
  };
  const dispatchContext = { store, clock, logger, accounts: new CallAccounts(config.limits.calls) };

  const execution = await openExecutionDoor(config, dir, context, dispatchContext);
  // One at a time: of two that start together, the second must find the first one's socket answering.
  const operator = await withStartLock(dir.startLock, () =>
    openOperatorDoor(config, dir, context, dispatchContext),
  );
  const janitor = startJanitor(context, logger);
  const stopWatching = watchLoopDelay(logger);
  return {
    addresses: { execution: execution.address, operatorSocket: operator.path },
    async stop(drainMs) {
      stopWatching();
      execution.health.stop();
      await Promise.all([execution.stop(drainMs), operator.stop(drainMs)]);
      await janitor.stop();
      for (const path of [operator.path, socketPathOf(execution.address)])
        if (path !== undefined) rmSync(path, { force: true });
      await store.close();
    },
  };
}

async function openExecutionDoor(
  config: ServiceConfig,
  dir: ExecutionDir,
  context: ExecutionServerContext,
  dispatchContext: DispatchContext,
) {
  const { logger } = dispatchContext;
  const limits = config.limits.listener;
  const methods = methodsAt('execution', executionServices(context));
  const door = createGrpcDoor(dispatchContext, 'execution', methods, certificateAuthenticator(), limits);
  const health = addHealth(door.server, methods, context.store, logger);
  const certificates = { ...(config.tls ?? dir.tls), clientCa: config.clientCa ?? dir.clientCa };
  const path = socketPathOf(config.executionAddress);
  const address = path === undefined ? config.executionAddress : `unix:${path}`;
  return { health, ...(await door.listen({ address, certificates, limits, logger })) };
}

/** Node cannot read a peer's credentials from a Unix socket, so the socket's mode carries the proof. */
async function openOperatorDoor(
  config: ServiceConfig,
  dir: ExecutionDir,
  context: ExecutionServerContext,
  dispatchContext: DispatchContext,
) {
  const { logger } = dispatchContext;
  const limits = config.limits.listener;
  const methods = methodsAt('operator', operatorServices(context));
  const door = createGrpcDoor(dispatchContext, 'operator', methods, () => OPERATOR, limits);
  const bind = async (path: string) => ({
    path,
    ...(await door.listen({ address: `unix:${path}`, certificates: undefined, limits, logger })),
  });
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
