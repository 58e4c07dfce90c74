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
  type DescMessage,
  type Message,
  type MessageInitShape,
  type UnknownField,
} from '@bufbuild/protobuf';
import { BinaryReader } from '@bufbuild/protobuf/wire';
import { isListOfMessages, writeRows } from '../work/write-rows';

/** Fewer rows are written in one go. */
const MANY = 32;

/** @param answer as a handler gives it. @returns a message to be written, not to be read. */
export async function slicedAnswer(
  desc: DescMessage,
  answer: MessageInitShape<DescMessage>,
): Promise<Message> {
  let rest = answer as Readonly<Record<string, unknown>>;
  const written: UnknownField[] = [];
  for (const field of desc.fields) {
    const rows = rest[field.localName];
    if (!isListOfMessages(field) || !Array.isArray(rows) || rows.length < MANY) continue;
    rest = without(rest, field.localName);
    written.push(asUnknown(await writeRows(field, rows as MessageInitShape<DescMessage>[])));
  }
  const message = create(desc, rest as MessageInitShape<DescMessage>);
  if (written.length > 0) message.$unknown = written;
  return message;
}

function without(answer: Readonly<Record<string, unknown>>, name: string): Readonly<Record<string, unknown>> {
  const { [name]: _, ...rest } = answer;
  return rest;
}

/** What follows the first tag is written as it is, so one field can hold those after it: a thousand would be copied one by one. */
function asUnknown(fields: Uint8Array): UnknownField {
  const reader = new BinaryReader(fields);
  const [no, wireType] = reader.tag();
  return { no, wireType, data: fields.subarray(reader.pos) };
}
