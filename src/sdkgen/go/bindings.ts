/** The package's messages in Go: gen/*.pb.go, by protoc-gen-go from the descriptors that buf compiled. */

import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';
import { DomainError } from '../../domain/errors';
import type { GeneratedFile, PackageModel, Report } from '../language';
import { explained, runForBytes } from '../run-tool';
import { goPackageOf } from './names';
import { protocGenGo } from './toolchain';

/** One file per .proto file; none for a package without messages. */
export async function goBindings(
  model: PackageModel,
  modulePath: string,
  report: Report,
): Promise<readonly GeneratedFile[]> {
  if (model.protoFiles.length === 0) return [];
  const mapping = model.protoFiles.map((file) => {
    const { importPath, name } = goPackageOf(file, modulePath);
    return `M${file}=${importPath};${name}`;
  });
  // Written out here, go_package in the files themselves, which authors set as they like, does not count.
  const request = create(CodeGeneratorRequestSchema, {
    fileToGenerate: [...model.protoFiles],
    parameter: [`module=${modulePath}`, ...mapping].join(','),
    protoFile: fromBinary(FileDescriptorSetSchema, model.descriptorSet).file,
  });
  const output = await runPlugin(
    await protocGenGo(report),
    toBinary(CodeGeneratorRequestSchema, request),
    model.root,
  );
  const response = fromBinary(CodeGeneratorResponseSchema, output);
  if (response.error !== '') {
    throw new DomainError('INVALID_ARGUMENT', `protoc-gen-go: ${response.error}`, 'PROTO_INVALID');
  }
  return response.file.map((file) => ({ path: file.name, contents: file.content, write: 'always' as const }));
}

/** protoc's plugin protocol: a CodeGeneratorRequest on stdin, a CodeGeneratorResponse on stdout. */
function runPlugin(plugin: string, request: Uint8Array, cwd: string): Promise<Uint8Array> {
  const purpose = "making the messages' Go code";
  return runForBytes({ argv: [plugin], cwd }, { tool: 'protoc-gen-go', purpose, stdin: request }).catch(
    explained(
      (said) =>
        new DomainError('INVALID_ARGUMENT', `the messages' Go code cannot be made: ${said}`, 'PROTO_INVALID'),
    ),
  );
}
