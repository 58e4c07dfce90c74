/** The names that Go's Protobuf generator makes of those in messages. */

import type { DescFile } from '@bufbuild/protobuf';
import { posix } from 'node:path';
import { NONE, typesOf, type MadeName, type ReservedNames } from '../reserved-words';
import { goTypeName } from './type-names';

/** One Go package has the types and the enums' values of all messages/*.proto, nested ones by their parent's name. */
function* madeNames(file: DescFile): Generator<MadeName> {
  const scope = file.name.startsWith('imports/') ? posix.dirname(file.name) : 'gen';
  for (const type of typesOf(file)) {
    yield { scope, name: goTypeName(type), of: type };
    if (type.kind !== 'enum') continue;
    const prefix = goTypeName(type.parent ?? type);
    for (const value of type.values) yield { scope, name: `${prefix}_${value.name}`, of: value };
  }
}

export const GO_RESERVED: ReservedNames = {
  // protoc-gen-go makes every name an exported one, and no keyword begins with a capital.
  refusedTypes: NONE,
  refusedValues: NONE,
  madeNames,
};
