/** NodeService.InvokePipeline: inputs and outputs as they come, each side at the other's pace. */

import { status, type ServerDuplexStream } from '@grpc/grpc-js';
import type { Message } from 'google-protobuf';
import { Invocation } from './invocation';
import type { HostedPackage, PipelineNode } from './node';
import {
  ExecutionContext,
  InvokePipelineRequest,
  InvokePipelineResponse,
  type PipelineStart,
} from './node_pb';
import { oneAhead } from './one-ahead';
import { isKind, refuse } from './refusal';

type Call = ServerDuplexStream<InvokePipelineRequest, InvokePipelineResponse>;

export async function invokePipeline(hosted: HostedPackage, call: Call): Promise<void> {
  const requests = oneAhead<InvokePipelineRequest>(call);
  const start = await firstMessage(requests);
  if (!start)
    return refuse(call, status.INVALID_ARGUMENT, 'the first message of a pipeline call is its start');
  const node = hosted.nodes.filter(isKind('pipeline')).find(({ name }) => name === start.getNode());
  if (!node) return refuse(call, status.NOT_FOUND, `this package has no pipeline node ${start.getNode()}`);
  const invocation = new Invocation(
    call,
    () => new InvokePipelineResponse(),
    { ...node, root: hosted.root },
    start.getContext() ?? new ExecutionContext(),
  );
  const inputs = new PipelineInputs(node, requests);
  try {
    for await (const output of await node.handler(invocation.ax, inputs.messages())) {
      if (!invocation.open) break;
      await invocation.output(output);
    }
    if (inputs.refusal !== undefined) throw new Error(inputs.refusal);
    invocation.end();
  } catch (error) {
    finishFailed(call, invocation, inputs, error);
  }
}

/** An input that is no message of the node is the caller's mistake; every other failure is the handler's. */
function finishFailed(call: Call, invocation: Invocation, inputs: PipelineInputs, error: unknown): void {
  if (inputs.refusal === undefined) invocation.fail(error);
  else if (invocation.open) refuse(call, status.INVALID_ARGUMENT, inputs.refusal);
  invocation.end();
}

/** The start, or undefined where something else came, or nothing. */
async function firstMessage(
  requests: AsyncIterator<InvokePipelineRequest>,
): Promise<PipelineStart | undefined> {
  try {
    const first = await requests.next();
    return first.done ? undefined : first.value.getStart();
  } catch {
    return undefined;
  }
}

class PipelineInputs {
  /** Why an input was refused, once one was. */
  refusal: string | undefined;

  constructor(
    private readonly node: PipelineNode,
    private readonly requests: AsyncIterator<InvokePipelineRequest>,
  ) {}

  async *messages(): AsyncGenerator<Message> {
    for (;;) {
      const next = await this.requests.next();
      if (next.done) return;
      yield this.#parsed(next.value);
    }
  }

  #parsed(request: InvokePipelineRequest): Message {
    if (request.getMessageCase() !== InvokePipelineRequest.MessageCase.INPUT) {
      return this.#refuse('after its start, a pipeline call has only inputs');
    }
    const bytes = request.getInput_asU8();
    // The stream may keep its request, and a handler may be at an input for long.
    request.setInput('');
    try {
      return this.node.input.deserializeBinary(bytes);
    } catch {
      return this.#refuse(`an input is no ${this.node.inputType}`);
    }
  }

  #refuse(reason: string): never {
    this.refusal = reason;
    throw new Error(reason);
  }
}
