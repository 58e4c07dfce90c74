/** Relays an engine's call to the node host: the same for both kinds of node up to the point where bytes flow. */

import { status, type Deadline } from '@grpc/grpc-js';
import { DomainError, invalid } from '../domain/errors';
import type { InvokePipelineRequest, InvokeRequest } from '../gen/axiom/sidecar/v1/sidecar_pb';
import { NodeService } from '../gen/axiom/node/v1/node_pb';
import { methodPath } from '../wire/method';
import { StatusError } from '../wire/status-error';
import type { ExecutionSecrets } from './execution-secrets';
import type { Executions } from './executions';
import type { ContextMemory } from './context-memory';
import { callHost, type Cancellation, type HostWait } from './host-call';
import { Invocation, type InvocationContext } from './invocation';
import { readNodeEvent, type NodeEvent } from './node-events';
import { CALL_CANCELLED, MASKED_FAILURE } from './node-failure';
import type { NodeHost } from './node-host';
import type { OutputMemory, OutputRoom } from './output-memory';
import { encodeInvokeRequest, encodePipelineInput, encodePipelineStart } from './node-messages';

const INVOKE = methodPath(NodeService.method.invoke);
const INVOKE_PIPELINE = methodPath(NodeService.method.invokePipeline);

/** What the engine said about its call. */
export interface EngineCall extends Cancellation {
  readonly deadline: Deadline;
  /** Called once, when nothing of its answer is held any more. */
  onClose(listener: () => void): void;
  /** What was sent is held, though the engine may be gone. @returns what says that it is no longer. */
  holdInput(): () => void;
}

export class Relay {
  constructor(
    private readonly host: NodeHost,
    private readonly executions: Executions,
    private readonly context: InvocationContext,
    private readonly outputs: OutputMemory,
    private readonly contexts: ContextMemory,
    /** Resolves when what an execution has read may be answered with. @throws DomainError where it may not. */
    private readonly reported: (executionToken: string) => Promise<void> | undefined,
  ) {}

  /** @returns the serialized output. @throws DomainError or NodeFailure, with no value in it. */
  async invoke(request: InvokeRequest, call: EngineCall): Promise<Uint8Array> {
    return this.#within(request.executionToken, request.node, false, call, async (invocation, room) => {
      const { connection } = this.host;
      const { context, closed } = this.#contextOf(invocation.secrets);
      const asked = {
        ...{ path: INVOKE, room, closed, hold: () => call.holdInput() },
        message: encodeInvokeRequest(request.node, context, request.input),
      };
      let output: Uint8Array | undefined;
      await callHost(connection, asked, wait(invocation, call), (bytes) => {
        const taken = invocation.take(eventOf(bytes));
        const done = (): void => room.giveBack(output?.byteLength);
        if (taken instanceof Promise) return taken.then(done);
        output = taken ?? output;
        return done();
      });
      if (output === undefined) throw new StatusError(status.INTERNAL, MASKED_FAILURE);
      await this.reported(request.executionToken);
      return output;
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
    await this.#within(start.executionToken, start.node, true, call, async (invocation, room) => {
      const { connection } = this.host;
      const { context, closed } = this.#contextOf(invocation.secrets);
      const request = {
        ...{ path: INVOKE_PIPELINE, inputs: pipelineInputs(requests), room, closed },
        message: encodePipelineStart(start.node, context),
      };
      await callHost(connection, request, wait(invocation, call), async (bytes) => {
        const output = await invocation.take(eventOf(bytes));
        if (output !== undefined) {
          await this.reported(start.executionToken);
          await write(output);
        }
        room.giveBack();
      });
      await this.reported(start.executionToken);
    });
  }

  /** @returns what the host is sent, and what is called when the call has ended, or was taken back. @throws DomainError */
  #contextOf(secrets: ExecutionSecrets): { readonly context: Uint8Array; readonly closed: () => void } {
    const context = secrets.context();
    return { context, closed: this.contexts.take(secrets.ids.tenantId, context.byteLength) };
  }

  async #within<T>(
    executionToken: string,
    nodeName: string,
    pipeline: boolean,
    call: EngineCall,
    run: (invocation: Invocation, room: OutputRoom) => Promise<T>,
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
      const room = this.outputs.roomFor(secrets.ids.tenantId);
      call.onClose(() => room.giveBack());
      return await run(invocation, room).catch(async (error: unknown) => {
        throw await invocation.failure(error, call.isCancelled);
      });
    } finally {
      done();
    }
  }
}

function wait({ deadline }: Invocation, cancellation: Cancellation): HostWait {
  return { deadline, cancellation };
}

function eventOf(bytes: Buffer): NodeEvent {
  try {
    return readNodeEvent(bytes);
  } catch {
    throw new StatusError(status.INTERNAL, MASKED_FAILURE);
  }
}

async function* pipelineInputs(requests: AsyncIterator<InvokePipelineRequest>): AsyncGenerator<Buffer> {
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
