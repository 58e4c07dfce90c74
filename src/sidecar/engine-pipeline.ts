/** InvokePipeline as engines call it, by grpc-js: its messages are handed on one by one, and as fast as they are taken. */

import type { ServerDuplexStream, UntypedHandleCall } from '@grpc/grpc-js';
import {
  InvokePipelineRequestSchema,
  SidecarService,
  type InvokePipelineRequest,
  type InvokePipelineResponse,
} from '../gen/axiom/sidecar/v1/sidecar_pb';
import { wireMethod } from '../wire/method';
import { parseMessage } from '../wire/parse-message';
import type { doorStatus } from './door-status';
import type { OneByOne } from './one-by-one';
import { SMALL_BYTES } from './output-memory';
import type { PipelineStart } from './pipeline-start';
import type { EngineCall, Relay } from './relay';

/** What its door knows of a pipeline. */
export interface AdmittedPipeline {
  readonly start: PipelineStart;
  readonly requests: OneByOne;
}

type PipelineCall = ServerDuplexStream<Buffer, InvokePipelineResponse>;

export const PIPELINE_METHOD = {
  invokePipeline: {
    ...wireMethod(SidecarService.method.invokePipeline),
    // Requests reach the handler as they came: whoever may not call learns that, and a mangled one is told so.
    requestDeserialize: (bytes: Buffer): Buffer => bytes,
  },
};

export function pipelineHandler(
  relay: Relay,
  statusOf: (error: unknown) => ReturnType<typeof doorStatus>,
  admitted: (call: PipelineCall) => AdmittedPipeline | undefined,
): { readonly invokePipeline: UntypedHandleCall } {
  return {
    invokePipeline(call: PipelineCall) {
      invokePipeline(relay, call, admitted(call)).then(
        () => call.end(),
        (error: unknown) => (call.cancelled ? undefined : call.emit('error', statusOf(error))),
      );
    },
  };
}

async function invokePipeline(
  relay: Relay,
  call: PipelineCall,
  pipeline: AdmittedPipeline | undefined,
): Promise<void> {
  // The end of the inputs must not end the outputs, as it would by a stream's own iteration.
  const messages = call.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  const requests = parsed(messages, pipeline);
  await relay.invokePipeline(requests, engineCall(call), (output) =>
    writeWhenTaken(call, { output } as InvokePipelineResponse),
  );
}

/** grpc-js says `cancelled` at the end of every call; who listens until its answer is made hears of cancellations only. */
function engineCall(call: PipelineCall): EngineCall {
  return {
    deadline: call.getDeadline(),
    get isCancelled() {
      return call.cancelled;
    },
    onCancel(listener) {
      call.once('cancelled', listener);
      return () => call.off('cancelled', listener);
    },
    onClose: (listener) => void call.once('cancelled', listener),
    holdInput: () => () => undefined,
  };
}

function parsed(
  requests: AsyncIterator<Buffer>,
  pipeline: AdmittedPipeline | undefined,
): AsyncIterator<InvokePipelineRequest> {
  return {
    async next() {
      pipeline?.requests.want();
      const next = await requests.next();
      pipeline?.start.came();
      if (next.done === true) return next;
      return { done: false, value: parseMessage(InvokePipelineRequestSchema, next.value) };
    },
  };
}

/** Resolves once the engine has room for more, or is gone; after a large one, when it is on its way. */
function writeWhenTaken(call: PipelineCall, response: InvokePipelineResponse): Promise<void> {
  if (call.cancelled) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      call.off('drain', done);
      call.off('cancelled', done);
      resolve();
    };
    call.on('cancelled', done);
    // grpc-js has room for sixteen, however large they are.
    if (response.output.byteLength > SMALL_BYTES) call.write(response, done);
    else if (call.write(response)) done();
    else call.on('drain', done);
  });
}
