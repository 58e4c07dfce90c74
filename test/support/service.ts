/** Starts both servers of the service in this process, on real sockets, over a real SQLite file. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials, type ChannelCredentials } from '@grpc/grpc-js';
import pino, { type Logger } from 'pino';
import { DEFAULT_DOOR_LIMITS, type ServiceConfig } from '../../src/server/config';
import { dataDirAt, type DataDir } from '../../src/server/data-dir';
import { endFirstStart, handOverVerifyingKeyset, prepareDataDir } from '../../src/server/prepare';
import { startExecutionServer } from '../../src/server/execution-server';
import { startManagementServer } from '../../src/server/management-server';

/** A service under test. */
export interface TestService {
  readonly dir: DataDir;
  readonly config: ServiceConfig;
  /** `host:port` of the gRPC management door. */
  readonly management: string;
  /** `host:port` of the execution door. */
  readonly execution: string;
  /** `host:port` of the console. */
  readonly console: string;
  readonly operatorSocket: string;
  readonly adminApiKey: string;
  /** Everything that both servers logged, as JSON lines. */
  readonly log: string[];
  /** The service's CA, as PEM. */
  readonly ca: Buffer;
  /** TLS with the service's CA, no client certificate. */
  tls(): ChannelCredentials;
  /** Mutual TLS as the engine or sidecar that the first start made. */
  mutualTls(name: 'engine' | 'sidecar'): ChannelCredentials;
  /** Stops and starts both servers on the same folder. */
  restart(): Promise<TestService>;
  /** Stops both servers and leaves the folder. */
  leave(): Promise<void>;
  /** Stops both servers and removes the folder. */
  stop(): Promise<void>;
}

const DRAIN_MS = 5_000;

/** Starts on a new folder, or on one that stands. */
export async function startTestService(
  overrides: Partial<ServiceConfig> = {},
  folder = mkdtempSync(join(tmpdir(), 'axiom-service-')),
): Promise<TestService> {
  const log: string[] = [];
  const logger: Logger = pino({ level: 'trace' }, { write: (line: string) => void log.push(line) });
  const config: ServiceConfig = {
    dataDir: folder,
    managementAddress: '127.0.0.1:0',
    executionAddress: '127.0.0.1:0',
    consoleAddress: '127.0.0.1:0',
    hosts: [],
    tls: undefined,
    separation: 'keys-only',
    isFirstStart: false,
    clientCa: undefined,
    postgresUrlFile: undefined,
    postgresMigrationUrlFile: undefined,
    insecurePostgres: false,
    oidc: undefined,
    tokenTtlMs: 900_000,
    workers: 1,
    limits: DEFAULT_DOOR_LIMITS,
    logLevel: 'trace',
    ...overrides,
  };
  const dir = dataDirAt(folder);
  const prepared = await prepareDataDir(config, logger);
  const execution = await startExecutionServer(prepared, logger);
  handOverVerifyingKeyset(dir);
  const management = await startManagementServer(prepared, logger);
  endFirstStart(dir);
  const ca = readFileSync(dir.caCertificate);
  const stopServers = async () => {
    await Promise.all([management.stop(DRAIN_MS), execution.stop(DRAIN_MS)]);
  };
  return {
    ...{ dir, config, log },
    management: management.addresses.management,
    console: management.addresses.console,
    execution: execution.addresses.execution,
    operatorSocket: execution.addresses.operatorSocket,
    adminApiKey: readFileSync(dir.adminApiKey, 'utf8').trim(),
    ca,
    tls: () => credentials.createSsl(ca),
    mutualTls(name) {
      const { key, certificate } = dir.workloads.pair(name);
      return credentials.createSsl(ca, readFileSync(key), readFileSync(certificate));
    },
    async restart() {
      await stopServers();
      return startTestService(overrides, folder);
    },
    leave: stopServers,
    async stop() {
      await stopServers();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
