/** The management server: its gRPC door and the console's. Holds public keysets only: it can seal and cannot open. */

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createWriterSigner, type StatementSigner } from '../crypto/row-signer';
import { createSealerFactory } from '../crypto/seal/create-sealer';
import { SealingThread } from '../crypto/seal/sealing-thread';
import { createSign, createVerify, publicHalfOf } from '../crypto/tink/ecdsa';
import { DomainError } from '../domain/errors';
import { readPrivateFile } from '../files/private-file';
import { Separation } from '../gen/axiom/access/v1/access_pb';
import { managementServices } from '../management/handlers';
import { signedStore } from '../store/signed-store';
import { giveBackWhenIdle } from '../work/give-back';
import { watchLoopDelay } from '../work/loop-delay';
import { Lanes } from '../work/lanes';
import { WorkerPool } from '../work/worker-pool';
import { LISTINGS_AT_ONCE } from './admission';
import { authenticateBearer, bearerCredential, createApiKeyAuthenticator } from './bearer';
import { CallAccounts } from '../wire/call-budgets';
import { FailedProofs } from './failed-proofs';
import type { ServiceConfig } from './config';
import { openConsoleDoor } from './console/door';
import type * as Discovery from './oidc/discovery';
import type * as Login from './oidc/login';
import { createSessions } from './console/sessions';
import { loadStaticFiles } from './console/static-files';
import { createCountedEvents } from './counted-events';
import { dataDirAt, type ManagementDir } from './data-dir';
import { requireFromOtherHalf } from './half-files';
import { createGrpcDoor } from './grpc-door';
import { addHealth } from './health';
import type * as IdToken from './oidc/id-token';
import { methodsAt } from './method-table';
import { openStore } from './open-store';
import { packageVersion } from './package-version';
import { addReflection } from './reflection';
import type { RunningServer } from './running-server';

/** Where the management server's doors are. */
export interface ManagementAddresses {
  /** `host:port` of the gRPC door. */
  readonly management: string;
  /** `host:port` of the console. */
  readonly console: string;
}

const SEPARATIONS: Readonly<Record<ServiceConfig['separation'], Separation>> = {
  'keys-only': Separation.KEYS_ONLY,
  'permission-model': Separation.PERMISSION_MODEL,
  'own-users': Separation.OWN_USERS,
  'own-process': Separation.OWN_PROCESS,
};

/** The built app: dist/console, from dist/server as well as from src/server under test. */
const CONSOLE_FILES = join(__dirname, '..', '..', 'dist', 'console');

/**
 * Signs as the management half; the keyset's bytes are wiped once it is read.
 * @throws DomainError FAILED_PRECONDITION for a keyset whose signatures the public one that the other half got does not
 *   hold: what it signs, nobody would believe.
 */
export function openWriterSigner(dir: ManagementDir, verifyingKeyset: Uint8Array): StatementSigner {
  const writerKeyset = readPrivateFile(dir.writerKeyset);
  try {
    const [sign, verify] = [createSign(writerKeyset), createVerify(publicHalfOf(writerKeyset))];
    const probe = randomBytes(32);
    if (!createVerify(readFileSync(dir.writerPublicKeyset))(sign(probe), probe)) throw notOnePair(dir);
    return createWriterSigner({ sign, verify, verifyingKeyset });
  } finally {
    writerKeyset.fill(0);
  }
}

function notOnePair({ writerKeyset, writerPublicKeyset }: ManagementDir): DomainError {
  return new DomainError(
    'FAILED_PRECONDITION',
    `${writerKeyset} and ${writerPublicKeyset} are not of one pair; restore both from one backup`,
    'KEYSETS_DIFFER',
  );
}

/** Its libraries are loaded only where an OpenID provider is set: they take a tenth of a start. */
function loadOpenId() {
  /* eslint-disable @typescript-eslint/no-require-imports -- loaded only where it is used */
  const { discoverOnce } = require('./oidc/discovery') as typeof Discovery;
  const { createIdTokenAuthenticator } = require('./oidc/id-token') as typeof IdToken;
  const { createOpenIdLogin } = require('./oidc/login') as typeof Login;
  /* eslint-enable @typescript-eslint/no-require-imports */
  return { discoverOnce, createIdTokenAuthenticator, createOpenIdLogin };
}

/** Needs a data folder whose first start is done. */
export async function startManagementServer(
  config: ServiceConfig,
  logger: Logger,
): Promise<RunningServer<ManagementAddresses>> {
  const { root, management: dir, execution } = dataDirAt(config.dataDir);
  requireFromOtherHalf(root, dir.verifyingKeyset, execution.verifyingKeyset);
  const verifyingKeyset = readFileSync(dir.verifyingKeyset);
  const store = signedStore(await openStore(config), openWriterSigner(dir, verifyingKeyset));
  const sealing = new SealingThread();
  const sealers = createSealerFactory(verifyingKeyset, { encryptTo: (key) => sealing.encryptTo(key) });
  const { clock } = store;
  const workers = new WorkerPool();
  const services = managementServices({
    ...{ store, sealers, clock, randomBytes, workers },
    separation: SEPARATIONS[config.separation],
    sessionLimits: config.limits.sessions,
    serviceVersion: packageVersion(),
  });
  const methods = methodsAt('management', services);
  const keys = createApiKeyAuthenticator(store, clock);
  const openId = config.oidc && loadOpenId();
  const oidc = openId &&
    config.oidc && { config: config.oidc, provider: openId.discoverOnce(config.oidc), store };
  const tokens = oidc && openId?.createIdTokenAuthenticator(oidc);

  const { listener: limits, calls, failedProofsPerMinute } = config.limits;
  const failedProofs = new FailedProofs(failedProofsPerMinute);
  const countedEvents = createCountedEvents(store, clock, logger);
  const accounts = new CallAccounts(calls);
  const listings = new Lanes(LISTINGS_AT_ONCE);
  const context = { store, clock, logger, countedEvents, accounts, listings };
  const certificates = config.tls ?? dir.tls;

  const grpc = createGrpcDoor(
    context,
    'management',
    methods,
    ({ address }, headers, client) => {
      const credential = bearerCredential(headers.authorization);
      return failedProofs.judge(address, credential, client, (waiter) =>
        authenticateBearer(credential, keys, tokens, waiter),
      );
    },
    limits,
  );
  const health = addHealth(grpc.server, methods, store, logger);
  addReflection(grpc.server, methods);
  const management = await grpc.listen({ address: config.managementAddress, certificates, limits, logger });
  const sessions = createSessions({
    store,
    clock,
    randomBytes,
    oidc: config.oidc,
    limits: config.limits.sessions,
  });
  const consoleDoor = await openConsoleDoor(
    {
      ...{ context, methods, keys, sessions, failedProofs, limits },
      files: loadStaticFiles(CONSOLE_FILES),
      oidc: oidc && openId?.createOpenIdLogin({ ...oidc, sessions, failedProofs, context }),
    },
    { address: config.consoleAddress, certificates, limits, logger },
  );

  const stopGivingBack = giveBackWhenIdle();
  const stopWatching = watchLoopDelay(logger);
  return {
    addresses: { management: management.address, console: consoleDoor.address },
    broken: store.broken,
    async stop(drainMs) {
      stopGivingBack();
      stopWatching();
      health.stop();
      await Promise.all([management.stop(drainMs), consoleDoor.stop(drainMs)]);
      await Promise.all([workers.close(), sealing.close()]);
      await countedEvents.stop();
      await store.close();
    },
  };
}
