/** The Python module of NodeService's messages (proto/axiom/node/v1/node.proto), which the host speaks. */

import { clearField, clone, create, createFileRegistry } from '@bufbuild/protobuf';
import {
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  MethodDescriptorProtoSchema,
  file_google_protobuf_timestamp,
} from '@bufbuild/protobuf/wkt';
import { file_axiom_node_v1_node } from '../../gen/axiom/node/v1/node_pb';
import { bindingsModule } from './bindings';
import type { MessageModule } from './modules';
import { typingsModule } from './typings';

const NAME = 'gen.axiom_host.node_pb2';
const POLICY = 'axiom/policy/v1/policy.proto';

/** The module's source and its typings; paths as in a package. */
export function nodeServiceModule(): { readonly source: string; readonly typings: string } {
  const module: MessageModule = { name: NAME, files: [withoutPolicy()] };
  return { source: bindingsModule(module), typings: typingsModule(module) };
}

/** A host serves one caller behind one door: it needs neither the methods' policy nor the file that defines it. */
function withoutPolicy() {
  const file = clone(FileDescriptorProtoSchema, file_axiom_node_v1_node.proto);
  file.dependency = file.dependency.filter((path) => path !== POLICY);
  for (const method of file.service.flatMap((service) => service.method)) {
    clearField(method, MethodDescriptorProtoSchema.field.options);
  }
  const set = create(FileDescriptorSetSchema, { file: [file_google_protobuf_timestamp.proto, file] });
  const found = createFileRegistry(set).getFile(file.name);
  if (!found) throw new Error(`${file.name} is missing from its own descriptor set`);
  return found;
}
