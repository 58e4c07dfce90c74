/** Which Python module holds the messages of which .proto file. */

import type { DescEnum, DescFile, DescMessage, FileRegistry } from '@bufbuild/protobuf';
import { PYTHON_NAMES } from '../../validate/languages/python/names';

/** A module under gen/ and the .proto files whose messages it holds, each after those that it imports. */
export interface MessageModule {
  /** `gen.messages_pb2`. */
  readonly name: string;
  readonly files: readonly DescFile[];
}

/**
 * `gen.messages_pb2` for messages/messages.proto, `gen.<handle>_<package>_messages_pb2` for everything of an
 * imported package, and the protobuf library's own modules for google/protobuf.
 */
export function moduleOf(file: DescFile): string {
  const path = file.proto.name;
  if (path.startsWith('google/protobuf/')) return `${file.name.replaceAll('/', '.')}_pb2`;
  const [root = '', folder = ''] = path.split('/');
  if (root === 'imports') return importedModule(folder);
  return `gen.${identifier(file.name.slice(file.name.lastIndexOf('/') + 1))}_pb2`;
}

/** The module of an imported package, by its folder under imports/. */
export function importedModule(folder: string): string {
  return `gen.${identifier(folder)}_messages_pb2`;
}

/** The modules to generate: those of every file that is not the protobuf library's. */
export function messageModules(registry: FileRegistry): readonly MessageModule[] {
  const modules = new Map<string, DescFile[]>();
  // A descriptor set lists each file after those it imports (descriptor.proto, FileDescriptorSet).
  for (const file of registry.files) {
    if (file.proto.name.startsWith('google/protobuf/')) continue;
    const name = moduleOf(file);
    modules.set(name, [...(modules.get(name) ?? []), file]);
  }
  return [...modules].map(([name, files]) => ({ name, files }));
}

/** `Outer.Inner`: how a message or an enum is reached inside its module. */
export function nameInModule(type: DescMessage | DescEnum): string {
  return type.parent ? `${nameInModule(type.parent)}.${type.name}` : type.name;
}

/** The expression of a message's class, given that of its module: through getattr where Python reserves a word. */
export function classIn(module: string, type: DescMessage): string {
  return nameInModule(type)
    .split('.')
    .reduce(
      (outer, name) =>
        PYTHON_NAMES.keywords.has(name) ? `getattr(${outer}, "${name}")` : `${outer}.${name}`,
      module,
    );
}

function identifier(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_]/g, '_');
}
