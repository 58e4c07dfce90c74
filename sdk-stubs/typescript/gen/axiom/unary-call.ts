/** NodeService.Invoke: one input, one output. */

import { status, type ServerWritableStream } from '@grpc/grpc-js';
import { Invocation } from './invocation';
import type { HostedPackage, UnaryNode } from './node';
import { ExecutionContext, InvokeResponse, type InvokeRequest } from './node_pb';
import { isKind, refuse } from './refusal';

export async function invokeUnary(
  hosted: HostedPackage,
  call: ServerWritableStream<InvokeRequest, InvokeResponse>,
): Promise<void> {
  const { request } = call;
  const node = hosted.nodes.filter(isKind('unary')).find(({ name }) => name === request.getNode());
  if (!node) return refuse(call, status.NOT_FOUND, `this package has no unary node ${request.getNode()}`);
  const input = parsed(node, request.getInput_asU8());
  // The call keeps its request, and a handler may run for long.
  request.setInput('');
  if (!input) return refuse(call, status.INVALID_ARGUMENT, `the input is no ${node.inputType}`);
  const invocation = new Invocation(
    call,
    () => new InvokeResponse(),
    { ...node, root: hosted.root },
    request.getContext() ?? new ExecutionContext(),
  );
  try {
    await invocation.output(await node.handler(invocation.ax, input));
  } catch (error) {
    invocation.fail(error);
  } finally {
    invocation.end();
  }
}

function parsed(node: UnaryNode, bytes: Uint8Array) {
  try {
    return node.input.deserializeBinary(bytes);
  } catch {
    return undefined;
  }
}
