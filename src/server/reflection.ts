/** gRPC reflection on the management door: the contract is public, so whoever connects may read it. */

import { toBinary, type DescFile } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import type { ServedMethod } from './method-table';

/** The library takes a proto-loader package, of which it reads only the descriptors. */
type ReflectedPackage = ConstructorParameters<typeof ReflectionService>[0];

export function addReflection(server: Server, methods: readonly ServedMethod[]): void {
  const services = [...new Set(methods.map((method) => method.desc.parent))];
  const files = new Set<DescFile>();
  const collect = (file: DescFile): void => {
    if (files.has(file)) return;
    files.add(file);
    file.dependencies.forEach(collect);
  };
  services.forEach((service) => collect(service.file));
  const fileDescriptorProtos = [...files].map((file) =>
    Buffer.from(toBinary(FileDescriptorProtoSchema, file.proto)),
  );
  const reflected = { contract: { fileDescriptorProtos } } as unknown as ReflectedPackage;
  new ReflectionService(reflected, { services: services.map((service) => service.typeName) }).addToServer(
    server,
  );
}
