/**
 * The sidecar: the only one that engines call to run a package's nodes, and the only one
 * that holds an execution's secrets.
 *
 * It resolves a token once, keeps the values until the execution ends, gives them to the
 * node host with each invocation, masks them in what nodes log, and reports which names
 * were read. It has no flag, no endpoint and no log line that shows a value.
 */

import { create } from '@bufbuild/protobuf';
import { ExecutionsService, ReportReadsResponseSchema } from '../gen/axiom/executions/v1/executions_pb';
import { WatchedCertificates } from '../wire/listener/certificate-files';
import { RenewedCertificates } from '../wire/renewed-certificates';
import { clientOn, openChannel, wireClient } from '../wire/client';
import { watchLoopDelay } from '../work/loop-delay';
import { ContextMemory } from './context-memory';
import { Door } from './door';
import { Executions } from './executions';
import { FairQueue } from './fair-queue';
import { NodeHost } from './node-host';
import { NodeLog } from './node-log';
import type { NodeOutput } from './node-output';
import { OutputMemory } from './output-memory';
import { parseOptions, type SidecarOptions, type SidecarSettings } from './options';
import { ReadReporter, type ReportingService } from './read-reporter';
import { PendingReads } from './reads';
import { Relay } from './relay';
import { resolver, type Resolve } from './resolver';

export type { SidecarOptions } from './options';

// A read is about 300 bytes: at most a few megabytes while the service is out of reach.
const MAX_PENDING_READS = 20_000;

/** What was read until the end of the drain time has so long to be reported. */
const LAST_REPORT_MS = 5_000;

/** A sidecar that serves. */
export interface RunningSidecar {
  /** Where engines call: `host:port` with the port that was bound, or `unix:/path`. */
  readonly address: string;
  /** `handle/name@version` of the package behind it. */
  readonly package: string;
  /** Lets running invocations end within the drain time, reports their reads, forgets every secret. Safe to call again. */
  stop(): Promise<void>;
}

/**
 * Starts a sidecar and waits for its node host.
 * @throws DomainError INVALID_ARGUMENT for wrong options; UNAVAILABLE where no node host answers in time.
 */
export async function startSidecar(options: SidecarOptions): Promise<RunningSidecar> {
  const settings = parseOptions(options);
  return start(assemble(settings, serviceAt(settings)), settings);
}

/** What a sidecar needs that asks no service: a Unix socket that its developer alone may open. */
export type OfflineOptions = Pick<
  SidecarOptions,
  'listen' | 'nodeSocket' | 'nodeOutput' | 'drainTimeoutMs' | 'logger'
>;

/** Starts a sidecar that gets its values from `resolve` and reports no reads. @throws as startSidecar. */
export async function startOfflineSidecar(
  options: OfflineOptions,
  resolve: Resolve,
): Promise<RunningSidecar> {
  const nothing = Buffer.alloc(0);
  const settings = parseOptions({
    ...options,
    ...{ executionAddress: 'unix:/offline', tls: { ca: nothing, cert: nothing, key: nothing } },
    insecureUnixSocket: true,
  });
  const service = { reportReads: () => Promise.resolve(create(ReportReadsResponseSchema)) };
  return start(assemble(settings, { resolve, service, close: () => undefined }), settings);
}

async function start(parts: Parts, settings: SidecarSettings): Promise<RunningSidecar> {
  try {
    await parts.host.start(settings.hostStartTimeoutMs);
    const address = await parts.door.listen();
    parts.reporter.start();
    parts.door.setServing(true);
    const { package: pkg, version } = parts.host.description;
    settings.logger.info({ address, package: pkg, version }, 'the sidecar serves');
    let stopping: Promise<void> | undefined;
    return { address, package: `${pkg}@${version}`, stop: () => (stopping ??= stopAll(parts, settings)) };
  } catch (error) {
    await stopAll(parts, { ...settings, drainTimeoutMs: 0 });
    throw error;
  }
}

type Parts = ReturnType<typeof assemble>;

/** Where values come from and reads are reported. */
interface Service {
  readonly resolve: Resolve;
  readonly service: ReportingService;
  close(): void;
}

function serviceAt(settings: SidecarSettings): Service {
  const { serverName } = settings.tls;
  const certificates = new WatchedCertificates(settings.tls, settings.logger, (pems) => renewed.renew(pems));
  const renewed = new RenewedCertificates(certificates.pems);
  const channel = openChannel(
    { address: settings.executionAddress, tls: { renewed, ...(serverName !== undefined && { serverName }) } },
    { 'grpc.initial_reconnect_backoff_ms': 200, 'grpc.max_reconnect_backoff_ms': 1_000 },
  );
  return {
    resolve: resolver(clientOn(channel)),
    service: wireClient(ExecutionsService, channel),
    close() {
      certificates.close();
      channel.close();
    },
  };
}

function assemble(settings: SidecarSettings, from: Service) {
  const { logger } = settings;
  const executions = new Executions(remembering(from.resolve, settings.nodeOutput), settings.heldLimits);
  const reads = new PendingReads(MAX_PENDING_READS);
  const reporter = new ReadReporter(from.service, executions, reads, settings.reportIntervalMs, logger);
  const expected = { socket: settings.nodeSocket, uid: settings.nodeUid, package: settings.package };
  const host = new NodeHost(expected, logger, (up) => door.setServing(up));
  const queue = new FairQueue();
  const context = { reads, queue, log: new NodeLog(logger, queue) };
  const reported = (token: string) =>
    settings.reportReads === 'before-answer' ? reporter.flush(token) : undefined;
  const outputs = new OutputMemory(settings.outputBytes);
  const contexts = new ContextMemory(settings.heldLimits.bytes);
  const relay = new Relay(host, executions, context, outputs, contexts, reported);
  const door = new Door(relay, settings, logger);
  return { from, executions, reporter, host, door, stopWatching: watchLoopDelay(logger) };
}

/** What the host prints is masked with everything that was ever resolved. */
function remembering(resolve: Resolve, output: NodeOutput | undefined): Resolve {
  if (output === undefined) return resolve;
  return async (executionToken) => {
    const secrets = await resolve(executionToken);
    output.remember(secrets);
    return secrets;
  };
}

async function stopAll(parts: Parts, settings: SidecarSettings): Promise<void> {
  const end = performance.now() + settings.drainTimeoutMs;
  parts.stopWatching();
  await parts.door.close(settings.drainTimeoutMs);
  await parts.reporter.stop(Math.max(LAST_REPORT_MS, end - performance.now()));
  parts.executions.forgetAll();
  parts.host.close();
  parts.from.close();
  settings.logger.info('the sidecar has stopped');
}
