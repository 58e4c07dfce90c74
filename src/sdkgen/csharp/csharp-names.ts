/** Where a package's messages are in C#: each .proto file's namespace, and each message's class. */

import type { DescFile, DescMessage } from '@bufbuild/protobuf';
import { pascalCase } from '../../validate/languages/common/naming';

/**
 * The package's own messages are Gen.*, as the platform has them, unless the author's csharp_namespace says
 * otherwise. Imported ones are Imports.<ProtobufPackage>.*, whatever their own package made of them: two packages
 * that both say Gen could not stand side by side.
 */
export function csharpNamespace(file: DescFile): string {
  if (file.name.startsWith('imports/')) return ['Imports', ...segments(file.proto.package)].join('.');
  const own = file.proto.options?.csharpNamespace;
  if (own) return own;
  return file.name.startsWith('messages/') ? 'Gen' : segments(file.proto.package).join('.');
}

function segments(protoPackage: string): readonly string[] {
  return protoPackage
    .split('.')
    .filter((part) => part !== '')
    .map(pascalCase);
}

/** `global::Gen.GreetRequest`; protoc puts a nested message into `Types` of the one that it is in. */
export function csharpClass(message: DescMessage): string {
  const names = [message.name];
  for (let parent = message.parent; parent; parent = parent.parent) names.unshift(parent.name, 'Types');
  return `global::${[csharpNamespace(message.file), ...names].filter((part) => part !== '').join('.')}`;
}
