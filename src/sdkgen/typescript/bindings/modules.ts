/** Where each .proto file's bindings are, and how one file's bindings name another's. */

import type { DescEnum, DescFile, DescMessage } from '@bufbuild/protobuf';
import { posix } from 'node:path';
import { declaredName } from './names';

const WELL_KNOWN = /^google\/protobuf\//;

/** True for google/protobuf/*.proto, whose bindings come with the google-protobuf package. */
export function isWellKnown(file: DescFile): boolean {
  return WELL_KNOWN.test(file.name);
}

/**
 * The module of a file's bindings under gen/, without extension: `messages_pb` for
 * messages/messages.proto, `imports/acme-geo/1.0.0/messages_pb` for an imported package.
 */
export function modulePath(file: DescFile): string {
  return `${file.name.replace(/^messages\//, '')}_pb`;
}

/** What `require` takes to reach one file's bindings from another's; the extension is left off. */
export function importPath(from: DescFile, to: DescFile): string {
  if (isWellKnown(to)) return `google-protobuf/${to.name}_pb`;
  const relative = posix.relative(posix.dirname(modulePath(from)), modulePath(to));
  return relative.startsWith('.') ? relative : `./${relative}`;
}

/** The variable that holds another file's bindings. */
export function importName(file: DescFile): string {
  return modulePath(file).replaceAll(/[^A-Za-z0-9]+/g, '_');
}

/** `Outer.Inner` for a nested type, as the bindings' users reach it. */
export function exportedName(type: DescMessage | DescEnum): string {
  return type.parent ? `${exportedName(type.parent)}.${type.name}` : type.name;
}

/** The same inside the bindings, where a class cannot be declared by a reserved word. */
export function localName(type: DescMessage | DescEnum): string {
  return type.parent ? `${localName(type.parent)}.${type.name}` : declaredName(type.name);
}

/** The type as `file`'s bindings refer to it: by its own name, or through the module that holds it. */
export function reference(type: DescMessage | DescEnum, file: DescFile): string {
  return type.file === file ? localName(type) : `${importName(type.file)}.${exportedName(type)}`;
}

/** The files whose types `file` uses in its fields, each once, in the order of their names. */
export function usedFiles(file: DescFile): readonly DescFile[] {
  const used = new Set<DescFile>();
  for (const message of allMessages(file)) {
    for (const field of message.fields) {
      const type = field.message ?? field.enum;
      if (type && type.file !== file) used.add(type.file);
    }
  }
  return [...used].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function* allMessages(parent: DescFile | DescMessage): Generator<DescMessage> {
  for (const message of parent.kind === 'file' ? parent.messages : parent.nestedMessages) {
    yield message;
    yield* allMessages(message);
  }
}
