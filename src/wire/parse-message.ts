/** A request's bytes as a message. */

import { fromBinary, type DescField, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { BinaryReader, configureTextEncoding, getTextEncoding, WireType } from '@bufbuild/protobuf/wire';
import { invalid, type DomainError } from '../domain/errors';

// Parsers of proto3 refuse text that is not UTF-8; protobuf-es would put another text in its place, and
// drop a byte order mark.
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
configureTextEncoding({ ...getTextEncoding(), decodeUtf8: (bytes) => strict.decode(bytes) });

/**
 * What a request has of fields at most, those of the messages in it and unknown ones included. Each takes its time and
 * memory to read, however few bytes it has: 4 MiB of the shortest took 1.5 s and 290 MB. A full report of a sidecar has
 * 40,000.
 */
export const MAX_FIELDS = 65_536;
/** A field's number and an empty value. */
const LEAST_BYTES_OF_A_FIELD = 2;

/** @throws DomainError INVALID_ARGUMENT; the parser's own message may quote the bytes, and they may be a value. */
export function parseMessage<D extends DescMessage>(desc: D, bytes: Uint8Array): MessageShape<D> {
  requireFewFields(desc, bytes);
  try {
    return fromBinary(desc, bytes);
  } catch {
    throw noMessage(desc);
  }
}

/**
 * Counts before anything is read. What is too short to have too many is not looked at.
 * @throws DomainError INVALID_ARGUMENT for too many, and where the bytes are no message.
 */
export function requireFewFields(desc: DescMessage, bytes: Uint8Array): void {
  if (bytes.byteLength > MAX_FIELDS * LEAST_BYTES_OF_A_FIELD && hasTooManyFields(desc, bytes)) {
    throw invalid({
      field: '',
      description: `has more than ${MAX_FIELDS} fields in its messages; send less at once`,
    });
  }
}

function hasTooManyFields(desc: DescMessage, bytes: Uint8Array): boolean {
  try {
    return fieldsLeft(innerOf(desc), bytes, MAX_FIELDS) < 0;
  } catch {
    throw noMessage(desc);
  }
}

function noMessage(desc: DescMessage): DomainError {
  return invalid({
    field: '',
    description: `the bytes sent are no ${desc.typeName}; check your client's proto files, and that text is UTF-8`,
  });
}

/** Of a message's fields, by number, what those have in them that have further fields; or numbers, a byte each at least. */
type Inner = () => ReadonlyMap<number, Inner | 'numbers'>;

/** @returns how many fields of `left` are left after the message's; fewer than 0 as soon as there are too many. */
function fieldsLeft(inner: Inner, bytes: Uint8Array, left: number): number {
  const reader = new BinaryReader(bytes);
  const ofFields = inner();
  while (left >= 0 && reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    left--;
    // No version of the contract has any, and the parser goes through them one by one.
    if (wireType === WireType.StartGroup) throw new Error('a group');
    const ofField = wireType === WireType.LengthDelimited ? ofFields.get(number) : undefined;
    if (ofField === undefined) reader.skip(wireType, number);
    else if (ofField === 'numbers') left -= reader.bytes().byteLength;
    else left = fieldsLeft(ofField, reader.bytes(), left);
  }
  return left;
}

const known = new WeakMap<DescMessage, ReturnType<Inner>>();

function innerOf(desc: DescMessage): Inner {
  return () => {
    let found = known.get(desc);
    if (found === undefined) {
      found = new Map(
        desc.fields.flatMap((field) => innerOfField(field).map((inner) => [field.number, inner])),
      );
      known.set(desc, found);
    }
    return found;
  };
}

function innerOfField(field: DescField): (Inner | 'numbers')[] {
  if (field.fieldKind === 'message') return [innerOf(field.message)];
  if (field.fieldKind === 'list' && field.listKind === 'message') return [innerOf(field.message)];
  if (field.fieldKind === 'list') return field.packed ? ['numbers'] : [];
  if (field.fieldKind !== 'map') return [];
  // An entry is a message whose first field is the key and whose second is the value.
  const { message } = field;
  const entry = new Map(message === undefined ? [] : [[2, innerOf(message)] as const]);
  return [() => entry];
}
