/**
 * The bindings of NodeService's messages that the node host carries (sdk-
 * stubs/typescript/gen/axiom/node_pb).
 */

import { clone, createFileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import { file_axiom_node_v1_node } from '../../gen/axiom/node/v1/node_pb';
import { bindings, type Binding } from './bindings';

/**
 * Two differences from the contract's file, neither of them on the wire: the options and the service are
 * left out, so that no package needs the files that define them; and the map of secrets is read as the
 * repeated entries that it is (Protobuf encoding, "Maps"), because jspb.Map keeps its keys as properties of
 * a plain object, where a secret named `__proto__` or `constructor` would not be safe.
 */
export function hostBindings(): readonly Binding[] {
  const proto = clone(FileDescriptorProtoSchema, file_axiom_node_v1_node.proto);
  proto.name = 'node.proto';
  proto.dependency = ['google/protobuf/timestamp.proto'];
  proto.service = [];
  const context = proto.messageType.find(({ name }) => name === 'ExecutionContext');
  const entry = context?.nestedType.find(({ name }) => name === 'SecretsEntry');
  if (!entry) throw new Error('axiom.node.v1.ExecutionContext has no map named secrets');
  delete entry.options;
  const registry = createFileRegistry(
    proto,
    (path) => file_axiom_node_v1_node.dependencies.find(({ proto: { name } }) => name === path)?.proto,
  );
  return bindings(registry.files);
}
