/** The names that the TypeScript bindings make of those in messages. */

import type { DescFile } from '@bufbuild/protobuf';
import { NONE, typesOf, type MadeName, type ReservedNames } from '../reserved-words';
import { accessorName, caseName } from './bindings/names';

/** A message's accessors and its oneofs' enums; protoc-gen-js makes getTagsList of a list tags and of tags_list. */
function* madeNames(file: DescFile): Generator<MadeName> {
  for (const message of typesOf(file)) {
    if (message.kind !== 'message') continue;
    const scope = message.typeName;
    for (const oneof of message.oneofs) yield { scope, name: `get${caseName(oneof)}`, of: oneof };
    for (const field of message.fields) yield { scope, name: `get${accessorName(field)}`, of: field };
  }
}

export const TYPESCRIPT_RESERVED: ReservedNames = {
  // The bindings write such a class under another name and export it by its own.
  refusedTypes: NONE,
  refusedValues: NONE,
  madeNames,
};
