/** The door that engines call: SidecarService and gRPC health, over mutual TLS or a private Unix socket. */

import {
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerUnaryCall,
} from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import * as fs from 'node:fs';
import type { Logger } from 'pino';
import { DomainError } from '../domain/errors';
import {
  InvokePipelineRequestSchema,
  InvokeRequestSchema,
  SidecarService,
  type InvokePipelineRequest,
  type InvokePipelineResponse,
  type InvokeResponse,
} from '../gen/axiom/sidecar/v1/sidecar_pb';
import { errorPlace } from '../wire/error-place';
import { listenOn } from '../wire/listen';
import { wireMethod } from '../wire/method';
import { parseMessage } from '../wire/parse-message';
import { admission } from './caller';
import { doorStatus } from './door-status';
import { NodeFailure } from './node-failure';
import type { TlsMaterial } from './options';
import type { EngineCall, Relay } from './relay';

// An invocation's input and output; the node host's own limit may be lower.
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

export class Door {
  readonly #server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  });
  readonly #health = new HealthImplementation({
    '': 'NOT_SERVING',
    [SidecarService.typeName]: 'NOT_SERVING',
  });
  #socketPath: string | undefined;
  #closing = false;

  constructor(
    private readonly relay: Relay,
    private readonly tls: TlsMaterial | undefined,
    private readonly logger: Logger,
  ) {
    const admitInvoke = admission(SidecarService.method.invoke, tls === undefined);
    const admitPipeline = admission(SidecarService.method.invokePipeline, tls === undefined);
    this.#server.addService(
      {
        invoke: { ...wireMethod(SidecarService.method.invoke), requestDeserialize: unparsed },
        invokePipeline: { ...wireMethod(SidecarService.method.invokePipeline), requestDeserialize: unparsed },
      },
      {
        invoke: (call: ServerUnaryCall<Buffer, InvokeResponse>, answer: sendUnaryData<InvokeResponse>) => {
          this.#invoke(call, () => admitInvoke(call.getAuthContext())).then(
            (output) => answer(null, { output } as InvokeResponse),
            (error: unknown) => answer(this.#statusOf(error)),
          );
        },
        invokePipeline: (call: ServerDuplexStream<Buffer, InvokePipelineResponse>) => {
          this.#invokePipeline(call, () => admitPipeline(call.getAuthContext())).then(
            () => call.end(),
            (error: unknown) => (call.cancelled ? undefined : call.emit('error', this.#statusOf(error))),
          );
        },
      },
    );
    this.#health.addToServer(this.#server);
  }

  /** @returns the address that was bound: `host:port` or `unix:/path`. */
  async listen(address: string): Promise<string> {
    const bound = await listenOn(this.#server, address, serverCredentials(this.tls));
    if (bound.startsWith('unix:')) this.#socketPath = bound.slice('unix:'.length);
    return bound;
  }

  setServing(serving: boolean): void {
    if (this.#closing && serving) return;
    for (const service of ['', SidecarService.typeName]) {
      this.#health.setStatus(service, serving ? 'SERVING' : 'NOT_SERVING');
    }
  }

  /** Lets running invocations end, for at most `drainMs` milliseconds; then cuts them off. */
  async close(drainMs: number): Promise<void> {
    this.#closing = true;
    this.setServing(false);
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        this.logger.warn('invocations still run at the end of the drain time; they are cut off');
        this.#server.forceShutdown();
      }, drainMs);
      this.#server.tryShutdown(() => resolve());
    });
    clearTimeout(timer);
    if (this.#socketPath !== undefined) fs.rmSync(this.#socketPath, { force: true });
  }

  async #invoke(call: ServerUnaryCall<Buffer, InvokeResponse>, admit: () => void): Promise<Uint8Array> {
    admit();
    return this.relay.invoke(parseMessage(InvokeRequestSchema, call.request), engineCall(call));
  }

  async #invokePipeline(
    call: ServerDuplexStream<Buffer, InvokePipelineResponse>,
    admit: () => void,
  ): Promise<void> {
    admit();
    const engine = engineCall(call);
    // The end of the inputs must not end the outputs, as it would by a stream's own iteration.
    const requests = parsed(call.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>);
    await this.relay.invokePipeline(requests, engine, (output) =>
      writeWhenTaken(call, { output } as InvokePipelineResponse),
    );
  }

  #statusOf(error: unknown): ReturnType<typeof doorStatus> {
    if (!(error instanceof NodeFailure) && !(error instanceof DomainError)) {
      this.logger.error(errorPlace(error), 'the sidecar failed');
    }
    return doorStatus(error);
  }
}

function serverCredentials(tls: TlsMaterial | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  return ServerCredentials.createSsl(tls.ca, [{ private_key: tls.key, cert_chain: tls.cert }], true);
}

type AnyEngineCall = Pick<ServerUnaryCall<unknown, unknown>, 'getDeadline' | 'cancelled'> &
  NodeJS.EventEmitter;

function engineCall(call: AnyEngineCall): EngineCall {
  const abort = new AbortController();
  if (call.cancelled) abort.abort();
  call.once('cancelled', () => abort.abort());
  return { deadline: call.getDeadline(), signal: abort.signal };
}

/** Requests reach the handler as they came: whoever may not call learns that, and a mangled one is told so. */
function unparsed(bytes: Buffer): Buffer {
  return bytes;
}

function parsed(requests: AsyncIterator<Buffer>): AsyncIterator<InvokePipelineRequest> {
  return {
    async next() {
      const next = await requests.next();
      if (next.done === true) return next;
      return { done: false, value: parseMessage(InvokePipelineRequestSchema, next.value) };
    },
  };
}

/** Resolves once the engine has room for more, or is gone. */
function writeWhenTaken(
  call: ServerDuplexStream<Buffer, InvokePipelineResponse>,
  response: InvokePipelineResponse,
): Promise<void> {
  if (call.cancelled || call.write(response)) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      call.off('drain', done);
      call.off('cancelled', done);
      resolve();
    };
    call.on('drain', done);
    call.on('cancelled', done);
  });
}
