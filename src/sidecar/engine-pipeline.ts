/** InvokePipeline as engines call it, by grpc-js: its messages are handed on as they come, and as fast as they are taken. */

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
import type { PipelineStart } from './pipeline-start';
import type { EngineCall, Relay } from './relay';

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
  startOf: (call: PipelineCall) => PipelineStart | undefined,
): { readonly invokePipeline: UntypedHandleCall } {
  return {
    invokePipeline(call: PipelineCall) {
      invokePipeline(relay, call, () => startOf(call)?.came()).then(
        () => call.end(),
        (error: unknown) => (call.cancelled ? undefined : call.emit('error', statusOf(error))),
      );
    },
  };
}

/** @param came is told of each message that came. */
async function invokePipeline(relay: Relay, call: PipelineCall, came: () => void): Promise<void> {
  // The end of the inputs must not end the outputs, as it would by a stream's own iteration.
  const messages = call.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
  const requests = parsed(messages, came);
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
  };
}

function parsed(requests: AsyncIterator<Buffer>, came: () => void): AsyncIterator<InvokePipelineRequest> {
  return {
    async next() {
      const next = await requests.next();
      came();
      if (next.done === true) return next;
      return { done: false, value: parseMessage(InvokePipelineRequestSchema, next.value) };
    },
  };
}

/** Resolves once the engine has room for more, or is gone. */
function writeWhenTaken(call: PipelineCall, response: InvokePipelineResponse): Promise<void> {
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
