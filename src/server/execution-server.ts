/** The execution server: the execution door for engines and sidecars, and the operator's door. Holds the keys that open. */

import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import type { Logger } from 'pino';
import { DomainError } from '../domain/errors';
import { scopeKey } from '../domain/scope';
import type { OperatorPrincipal } from '../domain/principal';
import { createReadBudget } from '../domain/read-budget';
import type { ExecutionServerContext } from '../execution/context';
import { executionServices, operatorServices } from '../execution/handlers';
import { sweep } from '../execution/janitor';
import { BundleMaker } from '../execution/bundle-maker';
import { openCheckpointSigner } from '../execution/checkpoints';
import { OpenedBundles } from '../execution/opened-bundles';
import { createOpeners } from '../execution/openers';
import { createRevokedNames } from '../execution/revoked-names';
import { SignedEnds } from '../execution/signed-ends';
import { socketPathOf } from '../wire/address';
import type { HandedConnections } from '../wire/listener/handed-connections';
import { watchRevokedCertificates, type RevokedCertificates } from '../wire/listener/revoked-certificates';
import { Lanes } from '../work/lanes';
import { giveBackWhenIdle } from '../work/give-back';
import { watchLoopDelay } from '../work/loop-delay';
import { LISTINGS_AT_ONCE, type DispatchContext } from './admission';
import { CallAccounts } from '../wire/call-budgets';
import { certificateAuthenticator } from './certificate';
import type { ServiceConfig } from './config';
import { startCheckpoints } from './checkpoints';
import { createCountedEvents } from './counted-events';
import { dataDirAt, type ExecutionDir } from './data-dir';
import { requireFromOtherHalf } from './half-files';
import { firstStart } from './first-start';
import { takeOverUnsigned } from './sign-as-found';
import { createGrpcDoor } from './grpc-door';
import { addHealth } from './health';
import { methodsAt, type ServedMethod } from './method-table';
import { openStore } from './open-store';
import type { RunningServer } from './running-server';
import { signedStore } from '../store/signed-store';
import { repeat } from './repeat';
import { withStartLock } from './start-lock';
import { AskedSteps } from './steps/asking';
import { answerSteps } from './steps/answering';
import { handedByParent, onLink, shareOfLimits, type WorkerPlace } from './worker';

/** Where the execution server's doors are. */
export interface ExecutionAddresses {
  /** `host:port` or `unix:/path` of the execution door. */
  readonly execution: string;
  /** Path of the operator's Unix socket, which of several workers the first one serves. */
  readonly operatorSocket: string;
}

const SWEEP_EVERY_MS = 5_000;
/** So many executions are named in one line of the log; a report may have a thousand that are at fault. */
const NAMED_AT_ONCE = 10;
const OPERATOR: OperatorPrincipal = { kind: 'operator', id: 'operator' };

/**
 * Does the first start's steps where they are not done yet, then serves.
 * @param worker undefined: alone.
 */
export async function startExecutionServer(
  settings: ServiceConfig,
  logger: Logger,
  worker?: WorkerPlace,
): Promise<RunningServer<ExecutionAddresses>> {
  const config = worker === undefined ? settings : { ...settings, limits: shareOfLimits(settings, worker) };
  const { root, execution: dir, management } = dataDirAt(config.dataDir);
  const { isFirstStart } = config;
  const opened = await openStore(config);
  const { clock } = opened;
  const { keyring, serviceKeys } = await withStartLock(dir.startLock, async () => {
    const started = await firstStart(dir, { store: opened, clock, randomBytes, isFirstStart });
    await takeOverUnsigned(dir, { store: opened, clock, ...started }, logger);
    return started;
  });
  requireFromOtherHalf(root, dir.writerPublicKeyset, management.writerPublicKeyset);
  const signer = await keyring.openRowSigner(serviceKeys, readFileSync(dir.writerPublicKeyset));
  const store = signedStore(opened, signer);
  const tokenMac = await keyring.openTokenMac(serviceKeys.wrappedTokenKeyset);
  const openers = createOpeners(keyring);
  const countedEvents = createCountedEvents(store, clock, logger);
  const context: ExecutionServerContext = {
    ...{ store, keyring, openers, tokenMac, countedEvents, clock, randomBytes },
    bundleMaker: new BundleMaker(),
    openedBundles: new OpenedBundles(),
    checkpointSigner: await openCheckpointSigner(store, keyring),
    signedEnds: new SignedEnds(({ log, size }) =>
      logger.error(
        { log: log || 'service', size },
        'an audit log does not go on from the checkpoint that was signed last: events were cut off or changed in the ' +
          'database, so nothing more of it is signed; run `axiom verify` before this process ends, for it remembers',
      ),
    ),
    revokedNames: createRevokedNames(openers),
    readBudget: createReadBudget(clock(), config.workers),
    tokenTtlMs: config.tokenTtlMs,
    onDamagedBundle: (tenantId, scope, revision) =>
      logger.warn({ tenantId, scope: scopeKey(scope), revision }, 'a bundle does not open; it is made again'),
    onUnusableSecret: (tenantId, scope, secret) =>
      logger.warn(
        { tenantId, scope: scopeKey(scope), secret },
        'a secret does not open or was changed, so executions do not start; save it again or delete it',
      ),
    onUnsoundExecutions: (reason, executions) =>
      logger.warn(
        { reason, count: executions.size, first: [...executions.keys()].slice(0, NAMED_AT_ONCE) },
        'what running executions pinned is not whole, so their sidecar forgets their values; start them again',
      ),
  };
  const accounts = new CallAccounts(config.limits.calls);
  const listings = new Lanes(LISTINGS_AT_ONCE);
  const dispatchContext = { store, clock, logger, countedEvents, accounts, listings };

  const revoked = watchRevokedCertificates(dir.revoked, logger);
  const address = worker === undefined ? listenAddress(config) : handedByParent(worker.address);
  const execution = await openExecutionDoor(address, config, dir, context, dispatchContext, revoked);
  const isFirst = worker === undefined || worker.number === 0;
  const once = isFirst ? await startOnce(config, dir, context, dispatchContext) : undefined;
  const stopGivingBack = giveBackWhenIdle();
  const stopWatching = watchLoopDelay(logger);
  return {
    addresses: {
      execution: execution.address,
      operatorSocket: once?.operatorSocket ?? dir.operatorSocket,
    },
    broken: store.broken,
    async stop(drainMs, othersEnded) {
      stopGivingBack();
      stopWatching();
      execution.health.stop();
      revoked.stop();
      await Promise.all([execution.stop(drainMs), once?.drain(drainMs)]);
      await countedEvents.stop();
      await once?.stop(othersEnded);
      const socketPath = worker === undefined ? socketPathOf(execution.address) : undefined;
      if (socketPath !== undefined) rmSync(socketPath, { force: true });
      await store.close();
    },
  };
}

/** What only one process of a service does, whatever the number of its workers. */
async function startOnce(
  config: ServiceConfig,
  dir: ExecutionDir,
  context: ExecutionServerContext,
  dispatchContext: DispatchContext,
) {
  const { logger } = dispatchContext;
  // One at a time: of two that start together, the second must find the first one's socket answering.
  const operator = await withStartLock(dir.startLock, () =>
    openOperatorDoor(config, dir, context, dispatchContext),
  );
  const janitor = repeat(SWEEP_EVERY_MS, 'sweeping', logger, () => sweep(context));
  const checkpoints = startCheckpoints(context, logger);
  return {
    operatorSocket: operator.path,
    async drain(drainMs: number) {
      await operator.stop(drainMs);
      await janitor.stop();
    },
    /** After everything that is in the audit log by then. */
    async stop(othersEnded?: () => Promise<void>) {
      await checkpoints.stop(othersEnded);
      rmSync(operator.path, { force: true });
    },
  };
}

function listenAddress({ executionAddress }: ServiceConfig): string {
  const path = socketPathOf(executionAddress);
  return path === undefined ? executionAddress : `unix:${path}`;
}

async function openExecutionDoor(
  address: string | HandedConnections,
  config: ServiceConfig,
  dir: ExecutionDir,
  context: ExecutionServerContext,
  dispatchContext: DispatchContext,
  revoked: RevokedCertificates,
) {
  const { logger } = dispatchContext;
  const limits = config.limits.listener;
  const own = methodsAt('execution', executionServices(context));
  const methods = typeof address === 'string' ? own : linked(own, dispatchContext);
  const door = createGrpcDoor(
    dispatchContext,
    'execution',
    methods,
    certificateAuthenticator(revoked),
    limits,
  );
  const health = addHealth(door.server, methods, context.store, logger);
  const certificates = { ...(config.tls ?? dir.tls), clientCa: config.clientCa ?? dir.clientCa };
  return { health, ...(await door.listen({ address, certificates, limits, logger })) };
}

/** Of one of several workers: what others ask for is carried out here, and what this one is to ask for, the first one does. */
function linked(methods: readonly ServedMethod[], context: DispatchContext): readonly ServedMethod[] {
  const asked = new AskedSteps(context.logger);
  onLink((to, socket) => {
    if (to === 'writer') asked.connect(socket);
    else answerSteps(socket, methods, context);
  });
  return asked.through(methods);
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
