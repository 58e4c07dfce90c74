/** The management server: its gRPC door and the console's. Holds public keysets only: it can seal and cannot open. */

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServerCredentials } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { createSealerFactory } from '../crypto/seal/create-sealer';
import { managementServices } from '../management/handlers';
import { listenFailure, listenOn } from '../wire/listen';
import { watchLoopDelay } from '../work/loop-delay';
import { WorkerPool } from '../work/worker-pool';
import { authenticateBearer, createApiKeyAuthenticator } from './bearer';
import type { ServiceConfig } from './config';
import { openConsoleDoor } from './console/door';
import { discoverOnce } from './oidc/discovery';
import { createOpenIdLogin } from './oidc/login';
import { createSessions } from './console/sessions';
import { loadStaticFiles } from './console/static-files';
import { dataDirAt } from './data-dir';
import { readPair, requireFromOtherHalf } from './half-files';
import { createGrpcDoor } from './grpc-door';
import { stopGrpc } from './grpc-stop';
import { addHealth } from './health';
import { createIdTokenAuthenticator } from './oidc/id-token';
import { methodsAt } from './method-table';
import { openStore } from './open-store';
import { addReflection } from './reflection';
import type { RunningServer } from './running-server';

/** Where the management server's doors are. */
export interface ManagementAddresses {
  /** `host:port` of the gRPC door. */
  readonly management: string;
  /** `host:port` of the console. */
  readonly console: string;
}

/** The built app: dist/console, from dist/server as well as from src/server under test. */
const CONSOLE_FILES = join(__dirname, '..', '..', 'dist', 'console');

/** Needs a data folder whose first start is done. */
export async function startManagementServer(
  config: ServiceConfig,
  logger: Logger,
): Promise<RunningServer<ManagementAddresses>> {
  const { management: dir, execution } = dataDirAt(config.dataDir);
  requireFromOtherHalf(dir.verifyingKeyset, execution.verifyingKeyset);
  const store = await openStore(config);
  const { clock } = store;
  const sealers = createSealerFactory(readFileSync(dir.verifyingKeyset));
  const workers = new WorkerPool();
  const services = managementServices({ store, sealers, clock, randomBytes, workers });
  const methods = methodsAt('management', services);
  const keys = createApiKeyAuthenticator(store, clock);
  const oidc = config.oidc && { config: config.oidc, provider: discoverOnce(config.oidc), store };
  const tokens = oidc && createIdTokenAuthenticator(oidc);

  const server = createGrpcDoor({ store, clock, logger }, 'management', methods, (call) =>
    authenticateBearer(call.metadata.get('authorization')[0]?.toString(), keys, tokens),
  );
  const health = addHealth(server, methods, store, logger);
  addReflection(server, methods);
  const pair = readPair(config.tls ?? dir.tls);
  const management = await listenOn(
    server,
    config.managementAddress,
    ServerCredentials.createSsl(null, [pair]),
  );
  const sessions = createSessions(store, clock, randomBytes);
  const consoleDoor = await openConsoleDoor({
    address: config.consoleAddress,
    certificate: pair.cert_chain,
    key: pair.private_key,
    context: { store, clock, logger },
    methods,
    keys,
    sessions,
    files: loadStaticFiles(CONSOLE_FILES),
    oidc: oidc && createOpenIdLogin({ ...oidc, sessions, logger }),
  }).catch((error: Error) => {
    throw listenFailure(config.consoleAddress, error);
  });

  const stopWatching = watchLoopDelay(logger);
  return {
    addresses: { management, console: consoleDoor.address },
    async stop() {
      stopWatching();
      health.stop();
      await Promise.all([stopGrpc(server), consoleDoor.stop()]);
      await workers.close();
      await store.close();
    },
  };
}
