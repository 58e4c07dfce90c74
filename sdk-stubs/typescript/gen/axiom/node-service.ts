/** axiom.node.v1.NodeService as grpc-js takes it. */

import type {
  handleBidiStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  MethodDefinition,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Message } from 'google-protobuf';
import type { HostedPackage } from './node';
import {
  DescribeRequest,
  DescribeResponse,
  InvokePipelineRequest,
  InvokePipelineResponse,
  InvokeRequest,
  InvokeResponse,
  NodeDescription,
} from './node_pb';
import { invokePipeline } from './pipeline-call';
import { invokeUnary } from './unary-call';

function method<Req extends Message, Res extends Message>(
  name: string,
  request: { deserializeBinary(bytes: Uint8Array): Req },
  response: { deserializeBinary(bytes: Uint8Array): Res },
  requestStream: boolean,
  responseStream: boolean,
): MethodDefinition<Req, Res> {
  return {
    path: `/axiom.node.v1.NodeService/${name}`,
    requestStream,
    responseStream,
    requestSerialize: (message) => Buffer.from(message.serializeBinary()),
    requestDeserialize: (bytes) => request.deserializeBinary(bytes),
    responseSerialize: (message) => Buffer.from(message.serializeBinary()),
    responseDeserialize: (bytes) => response.deserializeBinary(bytes),
  };
}

export const nodeService: ServiceDefinition = {
  describe: method('Describe', DescribeRequest, DescribeResponse, false, false),
  invoke: method('Invoke', InvokeRequest, InvokeResponse, false, true),
  invokePipeline: method('InvokePipeline', InvokePipelineRequest, InvokePipelineResponse, true, true),
};

/** The handlers of a package behind NodeService. */
export function nodeServiceOf(hosted: HostedPackage): UntypedServiceImplementation {
  const describe: handleUnaryCall<DescribeRequest, DescribeResponse> = (_call, answer) =>
    answer(null, description(hosted));
  const invoke: handleServerStreamingCall<InvokeRequest, InvokeResponse> = (call) =>
    void invokeUnary(hosted, call);
  const pipeline: handleBidiStreamingCall<InvokePipelineRequest, InvokePipelineResponse> = (call) =>
    void invokePipeline(hosted, call);
  return { describe, invoke, invokePipeline: pipeline };
}

function description(hosted: HostedPackage): DescribeResponse {
  const nodes = hosted.nodes.map((node) =>
    new NodeDescription()
      .setName(node.name)
      .setPipeline(node.kind === 'pipeline')
      .setInputType(node.inputType)
      .setOutputType(node.outputType),
  );
  return new DescribeResponse()
    .setPackage(hosted.name)
    .setVersion(hosted.version)
    .setLanguage('typescript')
    .setNodesList(nodes);
}
