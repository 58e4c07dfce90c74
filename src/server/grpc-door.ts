/** Puts a door's methods on gRPC: grpc-js definitions made from the descriptors. */

import type { Message } from '@bufbuild/protobuf';
import {
  Server,
  type handleUnaryCall,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { DoorName, Principal } from '../domain/principal';
import { SerializedMessage } from '../domain/serialized';
import { parseMessage } from '../wire/parse-message';
import { dispatch, serializeAnswer, type DispatchContext } from './dispatch';
import type { ServedMethod } from './method-table';
import { toDomainError, toServiceError } from './status';

/** How a gRPC door learns who calls. @throws DomainError UNAUTHENTICATED. */
export type Authenticate = (call: ServerUnaryCall<Buffer, Buffer>) => Promise<Principal>;

/** The largest request in bytes: a report of reads of 1,000 executions fits, a flood does not. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;
/** The largest response in bytes: two full scopes with their names. */
const MAX_RESPONSE_BYTES = 8 * 1024 * 1024;

/** How many calls one connection may have open, answered or not: what nobody has proved yet costs memory. */
const MAX_CALLS_PER_CONNECTION = 1_000;

/** A gRPC server with this door's methods and no other. */
export function createGrpcDoor(
  context: DispatchContext,
  door: DoorName,
  methods: readonly ServedMethod[],
  authenticate: Authenticate,
): Server {
  const server = new Server({
    'grpc.max_receive_message_length': MAX_REQUEST_BYTES,
    'grpc.max_send_message_length': MAX_RESPONSE_BYTES,
    'grpc.max_concurrent_streams': MAX_CALLS_PER_CONNECTION,
    // A client that vanished without a word is noticed, and its streams ended.
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 20_000,
  });
  for (const service of new Set(methods.map((method) => method.desc.parent))) {
    const definition: Record<string, ServiceDefinition[string]> = {};
    const implementation: Record<string, UntypedServiceImplementation[string]> = {};
    for (const method of methods.filter((one) => one.desc.parent === service)) {
      definition[method.desc.name] = methodDefinition(method);
      implementation[method.desc.name] = unaryHandler(context, door, method, authenticate);
    }
    server.addService(definition, implementation);
  }
  return server;
}

function methodDefinition(method: ServedMethod): ServiceDefinition[string] {
  const asIs = (bytes: Buffer): Buffer => bytes;
  return {
    path: `/${method.desc.parent.typeName}/${method.desc.name}`,
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: (answer: Message | SerializedMessage) => toBuffer(method, answer),
    responseDeserialize: asIs,
  };
}

/** grpc-js copies what serializing answers into its frame at once, so plaintext is wiped right after. */
function toBuffer(method: ServedMethod, answer: Message | SerializedMessage): Buffer {
  const bytes = serializeAnswer(method, answer);
  if (answer instanceof SerializedMessage) setImmediate(() => bytes.fill(0));
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function unaryHandler(
  context: DispatchContext,
  door: DoorName,
  method: ServedMethod,
  authenticate: Authenticate,
): handleUnaryCall<Buffer, unknown> {
  return (call, callback: sendUnaryData<unknown>) => {
    dispatch(context, method, {
      door,
      authenticate: () => authenticate(call as ServerUnaryCall<Buffer, Buffer>),
      request: () => parseMessage(method.desc.input, call.request),
    }).then(
      (answer) => callback(null, answer),
      (error: unknown) => callback(toServiceError(toDomainError(error))),
    );
  };
}
