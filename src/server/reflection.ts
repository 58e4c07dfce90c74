/**
 * gRPC reflection on the management door: the contract is public, so whoever connects may read it. It has
 * google.rpc's error details too, which no method names and tools need to show what a failure says, and the health
 * service, so that tools find that without a .proto file.
 *
 * The library brings a .proto parser along and reads all descriptors anew, a quarter of the management server's start
 * (docs/decisions/start-up.md). It is loaded at the first request for it.
 */

import { toBinary, type DescFile } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import type {
  MethodDefinition,
  Server,
  ServiceDefinition,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type * as Reflection from '@grpc/reflection';
import { file_google_rpc_error_details } from '../gen/google/rpc/error_details_pb';
import { file_google_rpc_status } from '../gen/google/rpc/status_pb';
import { Health } from '../gen/health/v1/health_pb';
import type { ServedMethod } from './method-table';

/** The library takes a proto-loader package, of which it reads only the descriptors. */
type ReflectedPackage = ConstructorParameters<typeof Reflection.ReflectionService>[0];

type AnyMethod = MethodDefinition<unknown, unknown>;

/** What the library adds to a server, by the method's path. */
type Added = ReadonlyMap<
  string,
  { readonly method: AnyMethod; readonly handle: UntypedServiceImplementation[string] }
>;

const PATHS = ['v1', 'v1alpha'].map(
  (version) => `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
);

export function addReflection(server: Server, methods: readonly ServedMethod[]): void {
  let loaded: Added | undefined;
  const added = (path: string) => {
    loaded ??= loadReflection(methods);
    const one = loaded.get(path);
    if (one === undefined) throw new Error(`the reflection library has no ${path}`);
    return one;
  };
  for (const path of PATHS) {
    server.register<unknown, unknown>(
      path,
      (call: unknown) => (added(path).handle as (call: unknown) => void)(call),
      (answer) => added(path).method.responseSerialize(answer),
      (bytes) => added(path).method.requestDeserialize(bytes),
      'bidi',
    );
  }
}

function loadReflection(methods: readonly ServedMethod[]): Added {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only where it is used
  const { ReflectionService } = require('@grpc/reflection') as typeof Reflection;
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
  const added = new Map<string, { method: AnyMethod; handle: UntypedServiceImplementation[string] }>();
  // The library knows only how to add itself to a whole server.
  const taker = {
    addService(definition: ServiceDefinition, handlers: UntypedServiceImplementation) {
      for (const [name, method] of Object.entries(definition)) {
        const handle = handlers[name];
        if (handle !== undefined) added.set(method.path, { method, handle });
      }
    },
  };
  new ReflectionService(reflected, { services: names }).addToServer(taker as unknown as Server);
  return added;
}
