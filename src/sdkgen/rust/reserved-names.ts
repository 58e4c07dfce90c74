/** The names that prost makes of those in messages: types and values in camel case, fields and modules in snake case. */

import type { DescFile, DescMessage } from '@bufbuild/protobuf';
import { NONE, typesOf, type MadeName, type ReservedNames } from '../reserved-words';
import { moduleOf, rustName, rustTypeName } from './type-names';

/** Types in their modules, a message's fields, and the module of what is in a message. */
function* madeNames(file: DescFile): Generator<MadeName> {
  for (const type of typesOf(file)) {
    const scope = moduleOf(type).join('::');
    yield { scope, name: rustTypeName(type.name), of: type };
    if (type.kind !== 'message') continue;
    if (type.oneofs.length + type.nestedEnums.length + type.nestedMessages.length > 0)
      yield { scope: `mod ${scope}`, name: rustName(type.name), of: type };
    yield* membersOf(type);
  }
}

/** A field for each oneof, whose enum is among the types that are in the message. */
function* membersOf(message: DescMessage): Generator<MadeName> {
  const { typeName, fields, oneofs } = message;
  for (const field of fields)
    if (!field.oneof) yield { scope: typeName, name: rustName(field.name), of: field };
  const inner = [...moduleOf(message), rustName(message.name)].join('::');
  for (const oneof of oneofs) {
    yield { scope: typeName, name: rustName(oneof.name), of: oneof };
    yield { scope: inner, name: rustTypeName(oneof.name), of: oneof };
    for (const field of oneof.fields)
      yield { scope: `${typeName}.${oneof.name}`, name: rustTypeName(field.name), of: field };
  }
}

export const RUST_RESERVED: ReservedNames = {
  // Words are raw identifiers, or have an underscore behind.
  refusedTypes: NONE,
  refusedValues: NONE,
  madeNames,
};
