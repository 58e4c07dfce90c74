/** A protobuf-es method as grpc-js wants it: a path and four codecs. */

import {
  create,
  fromBinary,
  toBinary,
  type DescMethod,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import type { MethodDefinition } from '@grpc/grpc-js';

/** A method's definition: requests may be given as plain initializers, responses likewise. */
export type WireMethod<M extends DescMethod> = Omit<
  MethodDefinition<MessageInitShape<M['input']>, MessageInitShape<M['output']>>,
  'requestDeserialize' | 'responseDeserialize'
> & {
  requestDeserialize(bytes: Buffer): MessageShape<M['input']>;
  responseDeserialize(bytes: Buffer): MessageShape<M['output']>;
};

/** `/axiom.node.v1.NodeService/Invoke` */
export function methodPath(method: DescMethod): string {
  return `/${method.parent.typeName}/${method.name}`;
}

/** Definitions for both sides of the wire. Deserializing throws where bytes are not such a message. */
export function wireMethod<M extends DescMethod>(method: M): WireMethod<M> {
  const input = method.input as M['input'];
  const output = method.output as M['output'];
  return {
    path: methodPath(method),
    requestStream: method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming',
    responseStream: method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming',
    requestSerialize: (message) => asBuffer(toBinary(input, create(input, message))),
    requestDeserialize: (bytes) => fromBinary(input, bytes) as MessageShape<M['input']>,
    responseSerialize: (message) => asBuffer(toBinary(output, create(output, message))),
    responseDeserialize: (bytes) => fromBinary(output, bytes) as MessageShape<M['output']>,
  };
}

/** The same memory as a Buffer. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
