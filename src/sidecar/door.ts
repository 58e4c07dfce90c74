/** The door that engines call: SidecarService and gRPC health, over mutual TLS or a private Unix socket. */

import * as fs from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http2';
import type { Logger } from 'pino';
import { DomainError } from '../domain/errors';
import { SidecarService } from '../gen/axiom/sidecar/v1/sidecar_pb';
import { errorPlace } from '../wire/error-place';
import { socketPathOf } from '../wire/address';
import { CallAccounts, DEFAULT_CALL_BUDGETS, type Taken } from '../wire/call-budgets';
import { HealthService } from '../wire/health-service';
import { createGrpcGate, type GrpcGate } from '../wire/listener/grpc-gate';
import { openListener, type Listener } from '../wire/listener/listener';
import { OpenRequests } from '../wire/listener/open-requests';
import { requestTooSlow } from '../wire/listener/request-too-slow';
import { watchRevokedCertificates, type RevokedCertificates } from '../wire/listener/revoked-certificates';
import { unlessTakenBack } from '../wire/listener/taken-back';
import { methodPath } from '../wire/method';
import { admission } from './caller';
import { doorStatus } from './door-status';
import { answerInvoke } from './engine-invocation';
import { PIPELINE_METHOD, pipelineHandler, type AdmittedPipeline } from './engine-pipeline';
import { NodeFailure } from './node-failure';
import type { SidecarSettings } from './options';
import { OneByOne } from './one-by-one';
import { PipelineStart } from './pipeline-start';
import type { Relay } from './relay';

// An invocation's input and output; the node host's own limit may be lower.
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

type DoorSettings = Pick<SidecarSettings, 'listen' | 'doorCertificates' | 'revoked' | 'limits' | 'calls'>;

/** What a call has taken of its engine's budget. */
interface AdmittedCall {
  readonly taken: Taken;
  /** Of a pipeline; undefined: it is an Invoke. */
  readonly pipeline: AdmittedPipeline | undefined;
}

const METHODS = [SidecarService.method.invoke, SidecarService.method.invokePipeline];
const PIPELINE = methodPath(SidecarService.method.invokePipeline);

export class Door {
  readonly #gate: GrpcGate<AdmittedCall>;
  readonly #requests: OpenRequests;
  readonly #health = new HealthService(['', SidecarService.typeName], false);
  readonly #revoked: RevokedCertificates | undefined;
  #listener: Listener | undefined;
  #closing = false;

  constructor(
    relay: Relay,
    private readonly settings: DoorSettings,
    private readonly logger: Logger,
  ) {
    const plain = settings.doorCertificates === undefined;
    if (!plain && settings.revoked !== undefined)
      this.#revoked = watchRevokedCertificates(settings.revoked, logger);
    const admit = new Map(METHODS.map((method) => [methodPath(method), admission(method, plain)]));
    const { calls } = settings;
    const accounts = new CallAccounts({ ...DEFAULT_CALL_BUDGETS, bytes: calls.bytes, workloads: calls });
    this.#gate = createGrpcGate<AdmittedCall>(
      {
        'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
        'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
      },
      {
        judge: (stream, headers) => {
          const connection = this.#requests.connectionOf(stream.session);
          const path = headers[':path'] ?? '';
          const admitted = admit.get(path);
          if (admitted === undefined || connection === undefined) return undefined;
          return (async () => {
            await unlessTakenBack(() => stream.destroyed);
            this.#revoked?.refuse(connection.peerSerial);
            requireUnpacked(headers);
            const caller = admitted(connection.peerNames);
            connection.prove();
            const taken = accounts.take(caller);
            if (path !== PIPELINE) return { taken, pipeline: undefined };
            return { taken, pipeline: { start: new PipelineStart(taken), requests: new OneByOne() } };
          })();
        },
        watch: (stream, answer) => this.#requests.watch(stream, answer),
        answers: (stream, headers, { taken, pipeline }) => {
          stream.once('close', () => taken.giveBack());
          if (pipeline !== undefined) return false;
          const refuse = (error: unknown): void => this.#gate.refuse(stream, error);
          void answerInvoke(stream, headers, { relay, taken, maxBytes: MAX_MESSAGE_BYTES, refuse });
          return true;
        },
        entered: (stream, { pipeline }) =>
          pipeline?.start.awaitOn(stream, settings.limits.requestMs, (why) => this.#gate.refuse(stream, why)),
        reads: ({ pipeline }, read) => pipeline?.requests.whenWanted(read),
        left: ({ taken }) => taken.giveBack(),
        toServiceError: (error) => this.#statusOf(error),
      },
    );
    this.#requests = new OpenRequests({
      http2: this.#gate.http2,
      limits: settings.limits,
      kindOf: (path) => (path === PIPELINE ? 'stream' : admit.has(path) ? 'call' : 'watch'),
      tooSlow: (stream) => this.#gate.refuse(stream, requestTooSlow()),
    });
    this.#gate.server.addService(
      PIPELINE_METHOD,
      pipelineHandler(
        relay,
        (error) => this.#statusOf(error),
        (call) => this.#gate.admitted(call).pipeline,
      ),
    );
    this.#health.addTo(this.#gate.server);
  }

  /** @returns the address that was bound: `host:port` or `unix:/path`. */
  async listen(): Promise<string> {
    const { listen: address, doorCertificates: certificates, limits } = this.settings;
    this.#listener = await openListener(this.#requests, {
      address,
      certificates,
      limits,
      logger: this.logger,
    });
    return this.#listener.address;
  }

  setServing(serving: boolean): void {
    if (this.#closing && serving) return;
    this.#health.set(serving);
  }

  /** Lets running invocations end, for at most `drainMs` milliseconds; then cuts them off. */
  async close(drainMs: number): Promise<void> {
    this.#closing = true;
    this.setServing(false);
    const timer = setTimeout(
      () => this.logger.warn('invocations still run at the end of the drain time; they are cut off'),
      drainMs,
    );
    await this.#listener?.stop(drainMs);
    this.#gate.server.forceShutdown();
    this.#revoked?.stop();
    clearTimeout(timer);
    const path = socketPathOf(this.#listener?.address ?? '');
    if (path !== undefined) fs.rmSync(path, { force: true });
  }

  #statusOf(error: unknown): ReturnType<typeof doorStatus> {
    if (!(error instanceof NodeFailure) && !(error instanceof DomainError)) {
      this.logger.error(errorPlace(error), 'the sidecar failed');
    }
    return doorStatus(error);
  }
}

/**
 * What comes packed is a thousand times as much when it is unpacked, of thousands of calls at once, before anybody can count
 * it. @throws DomainError UNIMPLEMENTED.
 */
function requireUnpacked({ 'grpc-encoding': encoding = 'identity' }: IncomingHttpHeaders): void {
  if (encoding === 'identity') return;
  throw new DomainError(
    'UNIMPLEMENTED',
    'the sidecar takes no packed messages; send them without compression (grpc-encoding: identity)',
    'PACKED_MESSAGE',
  );
}
