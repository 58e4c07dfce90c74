/** `toObject()`: a message as a plain object, with the keys that protoc-gen-js gives. */

import type { FieldShape } from './fields';
import { block, indent } from './lines';

export function toObjectMethods(className: string, fields: readonly FieldShape[]): string[] {
  return [
    ...block('toObject(includeInstance)', [`return ${className}.toObject(includeInstance, this);`]),
    ...block('static toObject(includeInstance, message)', [
      ...(fields.some(needsVariable) ? ['let f;'] : []),
      'const object = {',
      ...indent(fields.map((field) => `${field.key}: ${expression(field)},`)),
      '};',
      'if (includeInstance) object.$jspbMessageInstance = message;',
      'return object;',
    ]),
  ];
}

/** Fields without presence always have a value; the others are looked at before they are converted. */
function needsVariable(field: FieldShape): boolean {
  return expression(field).startsWith('(f =');
}

function expression(field: FieldShape): string {
  const { accessor, cardinality, value } = field;
  const get = `message.get${accessor}`;
  if (cardinality === 'map') {
    const valueToObject = value.kind === 'message' ? `${value.className}.toObject` : 'undefined';
    return `(f = ${get}(true)) ? f.toObject(includeInstance, ${valueToObject}) : []`;
  }
  if (value.kind === 'message') {
    return cardinality === 'list'
      ? `jspb.Message.toObjectList(${get}(), ${value.className}.toObject, includeInstance)`
      : `(f = ${get}()) && ${value.className}.toObject(includeInstance, f)`;
  }
  if (field.bytes) return `${get}_asB64()`;
  if (cardinality === 'list' || field.presence === 'implicit' || field.oneof !== undefined) return `${get}()`;
  // An `optional` field that is not set is undefined.
  return `message.has${accessor}() ? ${get}() : undefined`;
}
