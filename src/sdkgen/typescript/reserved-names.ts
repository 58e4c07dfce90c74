/** JavaScript's words, and how a node or a message of such a name is written. */

import type { DescFile } from '@bufbuild/protobuf';
import { lowerFirst, snakeCase } from '../naming';
import { accessorName, caseName } from './bindings/names';
import { TYPESCRIPT_KEYWORDS } from './keywords';
import { NONE, words, typesOf, type MadeName, type ReservedNames } from '../reserved-words';

/** What TypeScript keeps for itself at the top of a CommonJS module, and globals that it lets nobody declare. */
const NO_FUNCTION = words('exports globalThis require undefined');

/** A message's accessors and its oneofs' enums; protoc-gen-js makes getTagsList of a list tags and of tags_list. */
function* madeNames(file: DescFile): Generator<MadeName> {
  for (const message of typesOf(file)) {
    if (message.kind !== 'message') continue;
    const scope = message.typeName;
    for (const oneof of message.oneofs) yield { scope, name: `get${caseName(oneof)}`, of: oneof };
    for (const field of message.fields) yield { scope, name: `get${accessorName(field)}`, of: field };
  }
}

export const TYPESCRIPT_NAMES: ReservedNames = {
  handler(node) {
    const name = lowerFirst(node);
    const refused = TYPESCRIPT_KEYWORDS.has(name) || NO_FUNCTION.has(name);
    return { file: snakeCase(node), function: refused ? `${name}_` : name };
  },
  // The bindings write such a class under another name and export it by its own.
  refusedTypes: NONE,
  refusesFile: () => false,
  refusedValues: NONE,
  madeNames,
};
