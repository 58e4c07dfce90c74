/**
 * Answers with many rows, serialized row by row in slices: a page of a thousand audit events takes tens of
 * milliseconds, and other calls have their turn meanwhile.
 *
 * The rows go into the message as fields that are on their wire form already. Protobuf keeps such fields as it finds
 * them (https://protobuf.dev/programming-guides/proto3/#unknowns), so every transport writes the same bytes as for the
 * rows themselves.
 */

import {
  create,
  toBinary,
  type DescField,
  type DescMessage,
  type Message,
  type MessageInitShape,
  type UnknownField,
} from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { writtenBytes } from '../domain/written';
import { sliced, type Pause } from '../work/pace';

/** Fewer rows are written in one go. */
const MANY = 32;

/** @param answer as a handler gives it. @returns a message to be written, not to be read. */
export async function slicedAnswer(
  desc: DescMessage,
  answer: MessageInitShape<DescMessage>,
): Promise<Message> {
  const rest = { ...answer } as Record<string, unknown>;
  const written: UnknownField[] = [];
  const pause = sliced();
  for (const field of desc.fields) {
    const rows = rest[field.localName];
    if (!isListOfMessages(field) || !Array.isArray(rows) || rows.length < MANY) continue;
    Reflect.deleteProperty(rest, field.localName);
    written.push(...(await writeRows(field, rows as MessageInitShape<DescMessage>[], pause)));
  }
  const message = create(desc, rest as MessageInitShape<DescMessage>);
  if (written.length > 0) message.$unknown = written;
  return message;
}

type ListOfMessages = DescField & { readonly fieldKind: 'list'; readonly listKind: 'message' };

function isListOfMessages(field: DescField): field is ListOfMessages {
  return field.fieldKind === 'list' && field.listKind === 'message';
}

async function writeRows(
  { message, number }: ListOfMessages,
  rows: readonly MessageInitShape<DescMessage>[],
  pause: Pause,
): Promise<readonly UnknownField[]> {
  const fields: UnknownField[] = [];
  for (const row of rows) {
    const bytes = writtenBytes(row) ?? toBinary(message, create(message, row));
    fields.push({
      no: number,
      wireType: WireType.LengthDelimited,
      data: new BinaryWriter().bytes(bytes).finish(),
    });
    await pause();
  }
  return fields;
}
