/** A node's messages as JSON (the Protobuf JSON mapping) and as bytes on the wire. */

import {
  fromBinary,
  fromJson,
  toBinary,
  toJsonString,
  type DescMessage,
  type JsonValue,
  type Registry,
} from '@bufbuild/protobuf';
import { DomainError, invalid } from '../domain/errors';

/**
 * The serialized message that a JSON text stands for; `registry` finds what a google.protobuf.Any holds.
 * Throws INVALID_ARGUMENT with the reason when the text is not JSON or does not fit the message.
 */
export function messageFromJson(message: DescMessage, text: string, registry: Registry): Uint8Array {
  let json: JsonValue;
  try {
    json = JSON.parse(text) as JsonValue;
  } catch (error) {
    const reason = (error as Error).message;
    throw invalid({
      field: 'input',
      description: `is not JSON (${reason}); write for example ${exampleOf(message)}`,
    });
  }
  try {
    return toBinary(message, fromJson(message, json, { registry }));
  } catch (error) {
    const reason = (error as Error).message;
    throw invalid({
      field: 'input',
      description: `does not fit ${message.typeName} (${reason}); its fields: ${fieldsOf(message)}`,
    });
  }
}

/** The JSON text of a serialized message, on one line or indented by `spaces`. Throws DATA_LOSS on other bytes. */
export function messageToJson(
  message: DescMessage,
  bytes: Uint8Array,
  registry: Registry,
  spaces = 0,
): string {
  try {
    return toJsonString(message, fromBinary(message, bytes), { registry, prettySpaces: spaces });
  } catch {
    throw new DomainError(
      'DATA_LOSS',
      `the node's answer is no ${message.typeName}; generate and build the package again`,
      'OUTPUT_UNREADABLE',
    );
  }
}

function fieldsOf(message: DescMessage): string {
  return message.fields.map((field) => field.jsonName).join(', ') || 'none';
}

/** `{"name":"…"}` for a message whose first field is a text. */
function exampleOf(message: DescMessage): string {
  const text = message.fields.find((field) => field.fieldKind === 'scalar');
  return text ? `{"${text.jsonName}": …}` : '{}';
}
