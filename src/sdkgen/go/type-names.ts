/** Go's names for the types of messages and enums. */

import type { DescEnum, DescMessage } from '@bufbuild/protobuf';

/** The Go type of a message or an enum without its package: `Outer_Inner` for a nested one. */
export function goTypeName(type: DescMessage | DescEnum): string {
  const own = type.file.proto.package;
  return goCamelCase(own === '' ? type.typeName : type.typeName.slice(own.length + 1));
}

/** protoc-gen-go's rule (protobuf-go, internal/strs.GoCamelCase). */
function goCamelCase(name: string): string {
  return name
    .replaceAll(/(^|\.)_([a-z]?)/g, (_, dot: string, letter: string) => `${dot}X${letter.toUpperCase()}`)
    .replaceAll(/[._]([a-z])/g, (_, letter: string) => letter.toUpperCase())
    .replaceAll('.', '_')
    .replaceAll(/(^|\d)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}
