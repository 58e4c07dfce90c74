/** Lists of messages on their wire form, written row by row in slices. */

import {
  create,
  toBinary,
  type DescField,
  type DescMessage,
  type MessageInitShape,
} from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { writtenBytes } from '../domain/written';
import { sliced } from './pace';

export type ListOfMessages<Desc extends DescMessage = DescMessage> = DescField & {
  readonly fieldKind: 'list';
  readonly listKind: 'message';
  readonly message: Desc;
};

export function isListOfMessages(field: DescField): field is ListOfMessages {
  return field.fieldKind === 'list' && field.listKind === 'message';
}

/** @returns the field with all its rows, as a part of a serialized message; nothing where there are none. */
export async function writeRows(
  { message, number }: ListOfMessages,
  rows: readonly MessageInitShape<DescMessage>[],
): Promise<Uint8Array> {
  const pause = sliced();
  const writer = new BinaryWriter();
  for (const row of rows) {
    const bytes = writtenBytes(row) ?? toBinary(message, create(message, row));
    writer.tag(number, WireType.LengthDelimited).bytes(bytes);
    await pause();
  }
  return writer.finish();
}
