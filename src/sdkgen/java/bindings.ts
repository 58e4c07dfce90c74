/** The descriptors that protoc makes a package's Java messages and the node host's protocol of. */

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  file_google_protobuf_timestamp,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
  FileOptionsSchema,
  type FileDescriptorProto,
} from '@bufbuild/protobuf/wkt';
import { file_axiom_node_v1_node } from '../../gen/axiom/node/v1/node_pb';
import type { PackageModel } from '../language';
import { isPackageFile, javaOptions } from './java-names';

/** A serialized google.protobuf.FileDescriptorSet whose files carry the Java options of javaOptions. */
export function javaBindings(model: PackageModel): Uint8Array {
  const { file } = fromBinary(FileDescriptorSetSchema, model.descriptorSet);
  for (const proto of file) {
    const desc = model.registry.getFile(proto.name);
    if (!desc || !isPackageFile(desc)) continue;
    const { javaPackage, outerClassname, multipleFiles } = javaOptions(desc, model.registry);
    setOptions(proto, javaPackage, outerClassname, multipleFiles);
  }
  if (!file.some((proto) => proto.name === file_google_protobuf_timestamp.proto.name)) {
    file.unshift(file_google_protobuf_timestamp.proto);
  }
  file.push(nodeProtocol());
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file }));
}

/** node.proto without the policy options, which concern the server alone. */
function nodeProtocol(): FileDescriptorProto {
  const source = file_axiom_node_v1_node.proto;
  const proto = fromBinary(FileDescriptorProtoSchema, toBinary(FileDescriptorProtoSchema, source));
  proto.dependency = proto.dependency.filter((name) => name.startsWith('google/protobuf/'));
  for (const method of proto.service.flatMap((service) => service.method)) delete method.options;
  setOptions(proto, 'axiom.host.wire', 'NodeProto', false);
  return proto;
}

function setOptions(
  proto: FileDescriptorProto,
  javaPackage: string,
  javaOuterClassname: string,
  javaMultipleFiles: boolean,
): void {
  proto.options ??= create(FileOptionsSchema);
  Object.assign(proto.options, { javaPackage, javaOuterClassname, javaMultipleFiles });
}
