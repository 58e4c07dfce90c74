/** The methods of one field: get, set, add, clear, has. */

import type { FieldShape, ValueShape } from './fields';
import { block } from './lines';

export function accessorMethods(field: FieldShape): string[] {
  if (field.cardinality === 'map') return mapMethods(field);
  if (field.cardinality === 'list') return listMethods(field);
  return field.value.kind === 'message' ? messageMethods(field, field.value.className) : scalarMethods(field);
}

function method(signature: string, body: string): string[] {
  return block(signature, [body]);
}

function scalarMethods(field: FieldShape): string[] {
  const { accessor, number } = field;
  const { scalar } = field.value as Extract<ValueShape, { kind: 'scalar' }>;
  return [
    ...method(`get${accessor}()`, `return jspb.Message.get${scalar.get}(this, ${number}, ${field.zero});`),
    ...(field.bytes ? bytesGetters(accessor, 'bytesAs') : []),
    ...method(`set${accessor}(value)`, `return ${setScalar(field, scalar.setter)};`),
    ...(field.presence === 'explicit' ? presenceMethods(field, `return ${unset(field)};`) : []),
  ];
}

function setScalar({ number, oneof, presence }: FieldShape, setter: string): string {
  if (oneof !== undefined) return `jspb.Message.setOneofField(this, ${number}, ${oneof}, value)`;
  if (presence === 'explicit') return `jspb.Message.setField(this, ${number}, value)`;
  return `jspb.Message.${setter}(this, ${number}, value)`;
}

function unset({ number, oneof }: FieldShape): string {
  return oneof === undefined
    ? `jspb.Message.setField(this, ${number}, undefined)`
    : `jspb.Message.setOneofField(this, ${number}, ${oneof}, undefined)`;
}

function bytesGetters(accessor: string, convert: string): string[] {
  return ['B64', 'U8'].flatMap((form) =>
    method(`get${accessor}_as${form}()`, `return jspb.Message.${convert}${form}(this.get${accessor}());`),
  );
}

function presenceMethods({ accessor, number }: FieldShape, clear: string): string[] {
  return [
    ...method(`clear${accessor}()`, clear),
    ...method(`has${accessor}()`, `return jspb.Message.getField(this, ${number}) != null;`),
  ];
}

function messageMethods(field: FieldShape, className: string): string[] {
  const { accessor, number, oneof } = field;
  const set =
    oneof === undefined
      ? `jspb.Message.setWrapperField(this, ${number}, value)`
      : `jspb.Message.setOneofWrapperField(this, ${number}, ${oneof}, value)`;
  return [
    ...method(`get${accessor}()`, `return jspb.Message.getWrapperField(this, ${className}, ${number});`),
    ...method(`set${accessor}(value)`, `return ${set};`),
    ...presenceMethods(field, `return this.set${accessor}(undefined);`),
  ];
}

function listMethods(field: FieldShape): string[] {
  const { accessor, base, number, value } = field;
  const add = `add${base}(value, index)`;
  const clear = method(`clear${accessor}()`, `return this.set${accessor}([]);`);
  if (value.kind === 'message') {
    const { className } = value;
    const addItem = `return jspb.Message.addToRepeatedWrapperField(this, ${number}, value, ${className}, index);`;
    return [
      ...method(
        `get${accessor}()`,
        `return jspb.Message.getRepeatedWrapperField(this, ${className}, ${number});`,
      ),
      ...method(
        `set${accessor}(value)`,
        `return jspb.Message.setRepeatedWrapperField(this, ${number}, value);`,
      ),
      ...method(add, addItem),
      ...clear,
    ];
  }
  return [
    ...method(`get${accessor}()`, `return jspb.Message.get${value.scalar.getList}(this, ${number});`),
    ...(field.bytes ? bytesGetters(accessor, 'bytesListAs') : []),
    ...method(`set${accessor}(value)`, `return jspb.Message.setField(this, ${number}, value || []);`),
    ...method(add, `return jspb.Message.addToRepeatedField(this, ${number}, value, index);`),
    ...clear,
  ];
}

function mapMethods({ accessor, number, value }: FieldShape): string[] {
  const valueClass = value.kind === 'message' ? value.className : 'null';
  return [
    ...method(
      `get${accessor}(noLazyCreate)`,
      `return jspb.Message.getMapField(this, ${number}, noLazyCreate, ${valueClass});`,
    ),
    ...block(`clear${accessor}()`, [`this.get${accessor}().clear();`, 'return this;']),
  ];
}
