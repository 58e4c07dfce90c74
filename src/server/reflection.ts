/**
 * gRPC reflection on the management door: the contract is public, so whoever connects may read it. It has
 * google.rpc's error details too, which no method names and tools need to show what a failure says, and the health
 * service, so that tools find that without a .proto file.
 */

import { toBinary, type DescFile } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { file_google_rpc_error_details } from '../gen/google/rpc/error_details_pb';
import { file_google_rpc_status } from '../gen/google/rpc/status_pb';
import { Health } from '../gen/health/v1/health_pb';
import type { ServedMethod } from './method-table';

/** The library takes a proto-loader package, of which it reads only the descriptors. */
type ReflectedPackage = ConstructorParameters<typeof ReflectionService>[0];

export function addReflection(server: Server, methods: readonly ServedMethod[]): void {
  const services = [...new Set(methods.map((method) => method.desc.parent)), Health];
  const files = new Set<DescFile>();
  const collect = (file: DescFile): void => {
    if (files.has(file)) return;
    files.add(file);
    file.dependencies.forEach(collect);
  };
  services.forEach((service) => collect(service.file));
  [file_google_rpc_error_details, file_google_rpc_status].forEach(collect);
  const fileDescriptorProtos = [...files].map((file) =>
    Buffer.from(toBinary(FileDescriptorProtoSchema, file.proto)),
  );
  const reflected = { contract: { fileDescriptorProtos } } as unknown as ReflectedPackage;
  const names = services.map((service) => service.typeName);
  new ReflectionService(reflected, { services: names }).addToServer(server);
}
