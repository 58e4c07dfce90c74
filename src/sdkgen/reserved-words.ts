/** What a language's Protobuf generator refuses of the names in messages: the form of each language's table. */

import type {
  DescEnum,
  DescEnumValue,
  DescField,
  DescFile,
  DescMessage,
  DescOneof,
} from '@bufbuild/protobuf';

/** A name in the code that a Protobuf generator makes, which must be the only one in its scope. */
export interface MadeName {
  readonly scope: string;
  readonly name: string;
  readonly of: DescMessage | DescEnum | DescEnumValue | DescField | DescOneof;
}

/** What a language's generator makes of the names in messages, and which it refuses. */
export interface ReservedNames {
  /** Names of messages and enums of which the language's Protobuf generator makes code that does not compile. */
  readonly refusedTypes: ReadonlySet<string>;
  /** The like for the values of enums. */
  readonly refusedValues: ReadonlySet<string>;
  /** The names that the generator makes of different ones, where two may become the same. */
  madeNames(file: DescFile): Iterable<MadeName>;
}

export const NONE: ReadonlySet<string> = new Set();

/** The messages and enums of a file, nested ones too. */
export function* typesOf(parent: DescFile | DescMessage): Generator<DescMessage | DescEnum> {
  const isFile = parent.kind === 'file';
  yield* isFile ? parent.enums : parent.nestedEnums;
  for (const message of isFile ? parent.messages : parent.nestedMessages) {
    if (message.proto.options?.mapEntry === true) continue;
    yield message;
    yield* typesOf(message);
  }
}
