/** Reading and writing the wire format, with calls that google-protobuf 3 and 4 share. */

import type { FieldShape, ValueShape } from './fields';
import { block, indent } from './lines';

/** `deserializeBinary` and `serializeBinary`, with their static forms that take a reader or a writer. */
export function wireMethods(className: string, fields: readonly FieldShape[]): string[] {
  return [
    ...block('static deserializeBinary(bytes)', [
      `return ${className}.deserializeBinaryFromReader(new ${className}(), new jspb.BinaryReader(bytes));`,
    ]),
    ...block('static deserializeBinaryFromReader(message, reader)', [
      ...block('while (reader.nextField() && !reader.isEndGroup())', [
        'switch (reader.getFieldNumber()) {',
        ...indent([...fields.flatMap(readCase), 'default:', '  reader.skipField();']),
        '}',
      ]),
      'return message;',
    ]),
    ...block('serializeBinary()', [
      'const writer = new jspb.BinaryWriter();',
      `${className}.serializeBinaryToWriter(this, writer);`,
      'return writer.getResultBuffer();',
    ]),
    ...block('static serializeBinaryToWriter(message, writer)', [
      ...(fields.length > 0 ? ['let f;'] : []),
      ...fields.flatMap(writeField),
    ]),
  ];
}

/** True where a list of this field may come packed, and so needs `readList`. */
export function isPackable({ cardinality, value }: FieldShape): boolean {
  return (
    cardinality === 'list' && value.kind === 'scalar' && !['String', 'Bytes'].includes(value.scalar.method)
  );
}

/**
 * Lists may come packed or not, whatever the .proto says. google-protobuf 3 has readPackedX, and 4 has
 * readPackableXInto instead.
 */
export const READ_LIST = [
  'function readList(reader, type, add) {',
  '  let values = [];',
  '  const into = reader[`readPackable${type}Into`];',
  '  if (into) into.call(reader, values);',
  '  else values = reader.isDelimited() ? reader[`readPacked${type}`]() : [reader[`read${type}`]()];',
  '  for (const value of values) add(value);',
  '}',
];

function readCase(field: FieldShape): string[] {
  return [`case ${field.number}: {`, ...indent([...readField(field), 'break;']), '}'];
}

function readField(field: FieldShape): string[] {
  const { accessor, base, value, cardinality } = field;
  if (cardinality === 'map') return readMapEntry(field);
  const store = cardinality === 'list' ? `message.add${base}` : `message.set${accessor}`;
  if (value.kind === 'message') {
    const read = field.delimited ? `readGroup(${field.number}, ` : 'readMessage(';
    return [
      `const value = new ${value.className}();`,
      `reader.${read}value, ${value.className}.deserializeBinaryFromReader);`,
      `${store}(value);`,
    ];
  }
  if (isPackable(field)) return [`readList(reader, '${value.scalar.method}', (value) => ${store}(value));`];
  return [`${store}(reader.read${value.scalar.method}());`];
}

function readMapEntry(field: FieldShape): string[] {
  const { accessor, value, mapKey } = field;
  const readValue =
    value.kind === 'message'
      ? `reader.readMessage(value, ${value.className}.deserializeBinaryFromReader)`
      : `value = reader.read${value.scalar.method}()`;
  const zero = value.kind === 'message' ? `new ${value.className}()` : field.zero;
  return [
    `reader.readMessage(message.get${accessor}(), (map, reader) => {`,
    ...indent([
      `let key = ${mapKey?.zero};`,
      `${value.kind === 'message' ? 'const' : 'let'} value = ${zero};`,
      ...block('while (reader.nextField() && !reader.isEndGroup())', [
        `if (reader.getFieldNumber() === 1) key = reader.read${mapKey?.method}();`,
        `else if (reader.getFieldNumber() === 2) ${readValue};`,
        'else reader.skipField();',
      ]),
      'map.set(key, value);',
    ]),
    '});',
  ];
}

function writeField(field: FieldShape): string[] {
  const { accessor, number, value, cardinality } = field;
  if (cardinality === 'map') return writeMap(field);
  if (cardinality === 'list') {
    const f = `f = message.get${accessor}${field.bytes ? '_asU8' : ''}();`;
    return [f, `if (f.length > 0) ${writeList(field)};`];
  }
  if (value.kind === 'message') {
    return [`f = message.get${accessor}();`, `if (f != null) ${writeMessage(field, value.className)};`];
  }
  if (field.presence === 'explicit') {
    const present = `if (message.has${accessor}())`;
    return [`${present} writer.write${value.scalar.method}(${number}, ${getter(field)});`];
  }
  return [
    `f = ${getter(field)};`,
    `if (${isNotZero(value)}) writer.write${value.scalar.method}(${number}, f);`,
  ];
}

function getter({ accessor, bytes }: FieldShape): string {
  return `message.get${accessor}${bytes ? '_asU8' : ''}()`;
}

function isNotZero({ scalar }: Extract<ValueShape, { kind: 'scalar' }>): string {
  if (scalar.type === 'boolean') return 'f';
  if (scalar.zero === '"0"') return 'parseInt(f, 10) !== 0';
  return scalar.type === 'number' ? 'f !== 0' : 'f.length > 0';
}

function writeMessage({ number, delimited }: FieldShape, className: string): string {
  return `writer.write${delimited ? 'Group' : 'Message'}(${number}, f, ${className}.serializeBinaryToWriter)`;
}

function writeList(field: FieldShape): string {
  const { number, value, packed, delimited } = field;
  if (value.kind === 'scalar')
    return `writer.write${packed ? 'Packed' : 'Repeated'}${value.scalar.method}(${number}, f)`;
  const kind = delimited ? 'Group' : 'Message';
  return `writer.writeRepeated${kind}(${number}, f, ${value.className}.serializeBinaryToWriter)`;
}

function writeMap({ accessor, number, value, mapKey }: FieldShape): string[] {
  const writeValue =
    value.kind === 'message'
      ? `writer.writeMessage(2, value, ${value.className}.serializeBinaryToWriter)`
      : `writer.write${value.scalar.method}(2, value)`;
  return [
    `f = message.get${accessor}(true);`,
    'if (f) {',
    ...indent([
      'f.forEach((value, key) => {',
      ...indent([
        `writer.writeMessage(${number}, value, (value, writer) => {`,
        ...indent([`writer.write${mapKey?.method}(1, key);`, `${writeValue};`]),
        '});',
      ]),
      '});',
    ]),
    '}',
  ];
}
