/** Relays an engine's call to the node host: the same for both kinds of node up to the point where bytes flow. */

import { status, type Deadline } from '@grpc/grpc-js';
import { DomainError, invalid } from '../domain/errors';
import { NodeService } from '../gen/axiom/node/v1/node_pb';
import type { InvokePipelineRequest, InvokeRequest } from '../gen/axiom/sidecar/v1/sidecar_pb';
import { callBidi, type ClientMethod } from '../wire/calls';
import { methodPath } from '../wire/method';
import { StatusError } from '../wire/status-error';
import type { CancelPace } from './cancel-pace';
import type { Executions } from './executions';
import { callHost, type Cancellation } from './host-call';
import { Invocation, type InvocationContext } from './invocation';
import { CALL_CANCELLED, MASKED_FAILURE } from './node-failure';
import { readNodeEvent, type NodeEvent } from './node-events';
import type { NodeHost } from './node-host';
import { encodeInvokeRequest, encodePipelineInput, encodePipelineStart } from './node-messages';

/** What the engine said about its call. */
export interface EngineCall extends Cancellation {
  readonly deadline: Deadline;
}

const INVOKE_PIPELINE: ClientMethod<Buffer, NodeEvent> = {
  path: methodPath(NodeService.method.invokePipeline),
  requestSerialize: (bytes) => bytes,
  responseDeserialize: readNodeEvent,
};

export class Relay {
  constructor(
    private readonly host: NodeHost,
    private readonly executions: Executions,
    private readonly context: InvocationContext,
    /** Resolves when what an execution has read may be answered with. @throws DomainError where it may not. */
    private readonly reported: (executionToken: string) => Promise<void> | undefined,
  ) {}

  /** @returns the serialized output. @throws DomainError or NodeFailure, with no value in it. */
  async invoke(request: InvokeRequest, call: EngineCall): Promise<Uint8Array> {
    return this.#within(request.executionToken, request.node, false, call, async (invocation) => {
      const message = encodeInvokeRequest(request.node, invocation.secrets.context(), request.input);
      try {
        let output: Uint8Array | undefined;
        const { channel, cancelPace } = this.host;
        await callHost(channel, message, invocation.deadline, paced(call, cancelPace), (event) => {
          const taken = invocation.take(event);
          if (taken instanceof Promise) return taken.then(() => undefined);
          output = taken ?? output;
          return undefined;
        });
        if (output === undefined) throw new StatusError(status.INTERNAL, MASKED_FAILURE);
        await this.reported(request.executionToken);
        return output;
      } finally {
        message.fill(0); // not before the call is over: grpc-js takes its copy when the connection is ready
      }
    });
  }

  /** Writes serialized outputs, waiting for each to be taken. @throws DomainError or NodeFailure, with no value in it. */
  async invokePipeline(
    requests: AsyncIterator<InvokePipelineRequest>,
    call: EngineCall,
    write: (output: Uint8Array) => Promise<void>,
  ): Promise<void> {
    const first = await requests.next();
    const start =
      first.done === true || first.value.message.case !== 'start' ? undefined : first.value.message.value;
    if (start === undefined)
      throw invalid({
        field: 'start',
        description: 'is not the first message; send the token and the node first',
      });
    await this.#within(start.executionToken, start.node, true, call, async (invocation) => {
      const message = encodePipelineStart(start.node, invocation.secrets.context());
      let release = (): void => undefined;
      try {
        const messages = pipelineMessages(message, requests);
        const { client, cancelPace } = this.host;
        const { deadline } = invocation;
        const abort = new AbortController();
        release = paced(call, cancelPace).onCancel(() => abort.abort());
        if (call.isCancelled) abort.abort();
        const options = { deadline, signal: abort.signal };
        const events = callBidi(client, INVOKE_PIPELINE, messages, options);
        for await (const event of events) {
          const output = await invocation.take(event);
          if (output === undefined) continue;
          await this.reported(start.executionToken);
          await write(output);
        }
        await this.reported(start.executionToken);
      } finally {
        release();
        message.fill(0);
      }
    });
  }

  async #within<T>(
    executionToken: string,
    nodeName: string,
    pipeline: boolean,
    call: EngineCall,
    run: (invocation: Invocation) => Promise<T>,
  ): Promise<T> {
    if (executionToken === '')
      throw invalid({
        field: 'execution_token',
        description: 'is empty; send the one that StartExecution answered',
      });
    const { name: node } = this.host.node(nodeName, pipeline);
    const secrets =
      this.executions.held(executionToken) ??
      (await unlessCancelled(this.executions.get(executionToken), call));
    const done = secrets.use();
    try {
      const { package: pkg, version: packageVersion } = this.host.description;
      const reader = { package: pkg, packageVersion, node };
      const invocation = new Invocation(this.context, executionToken, secrets, reader, call.deadline);
      return await run(invocation).catch(async (error: unknown) => {
        throw await invocation.failure(error, call.isCancelled);
      });
    } finally {
      done();
    }
  }
}

/** A cancellation that reaches the host as fast as it bears. */
function paced(call: EngineCall, pace: CancelPace): Cancellation {
  return {
    isCancelled: call.isCancelled,
    onCancel(listener) {
      let isOver = false;
      const release = call.onCancel(() => pace.run(() => (isOver ? undefined : listener())));
      return () => {
        isOver = true;
        release();
      };
    },
  };
}

async function* pipelineMessages(
  start: Buffer,
  requests: AsyncIterator<InvokePipelineRequest>,
): AsyncGenerator<Buffer> {
  yield start;
  for (let next = await requests.next(); next.done !== true; next = await requests.next()) {
    const { message } = next.value;
    if (message.case !== 'input')
      throw invalid({ field: 'message', description: 'is not an input; only the first message is a start' });
    yield encodePipelineInput(message.value);
  }
}

/** Resolving goes on for the others that wait for it. */
function unlessCancelled<T>(promise: Promise<T>, call: Cancellation): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = (): void => reject(new DomainError('CANCELLED', CALL_CANCELLED, 'CANCELLED'));
    if (call.isCancelled) cancel();
    const release = call.onCancel(cancel);
    promise.then(resolve, reject).finally(release);
  });
}
