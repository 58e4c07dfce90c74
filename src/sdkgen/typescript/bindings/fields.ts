/** A field as the emitters see it: its names, its presence and how its values are read and written. */

import type { DescField, DescFile, DescMessage } from '@bufbuild/protobuf';
import { FeatureSet_FieldPresence } from '@bufbuild/protobuf/wkt';
import { reference } from './modules';
import { accessorName, baseName, objectKey } from './names';
import { ENUM, scalarOf, type Scalar } from './scalars';

/** One value: of a singular field, of a list's item or of a map's value. */
export type ValueShape =
  | { readonly kind: 'scalar'; readonly scalar: Scalar; readonly enumName?: string }
  | { readonly kind: 'message'; readonly className: string };

export interface FieldShape {
  readonly number: number;
  /** Follows `get`, `set`, `clear` and `has`. */
  readonly accessor: string;
  /** Follows `add`. */
  readonly base: string;
  readonly key: string;
  readonly cardinality: 'one' | 'list' | 'map';
  readonly value: ValueShape;
  /** Only of a map. */
  readonly mapKey?: Scalar;
  /** `explicit`: has and clear exist, and the default is written too when it was set. */
  readonly presence: 'implicit' | 'explicit';
  /** The expression of the oneof's field numbers, where the field is in one. */
  readonly oneof?: string;
  readonly packed: boolean;
  /** A group, or an edition's DELIMITED message. */
  readonly delimited: boolean;
  /** The default as a JavaScript literal. */
  readonly zero: string;
  readonly bytes: boolean;
}

/** The shapes of a message's fields, in the order of their numbers. */
export function fieldShapes(message: DescMessage): readonly FieldShape[] {
  return [...message.fields].sort((a, b) => a.number - b.number).map(fieldShape);
}

function fieldShape(field: DescField): FieldShape {
  const value = valueShape(field, field.parent.file);
  const oneof = oneofExpression(field);
  return {
    number: field.number,
    accessor: accessorName(field),
    base: baseName(field),
    key: objectKey(field),
    cardinality: field.fieldKind === 'list' || field.fieldKind === 'map' ? field.fieldKind : 'one',
    value,
    ...(field.fieldKind === 'map' && { mapKey: scalarOf(field.mapKey) }),
    presence: field.presence === FeatureSet_FieldPresence.IMPLICIT ? 'implicit' : 'explicit',
    ...(oneof !== undefined && { oneof }),
    packed: field.fieldKind === 'list' && field.packed,
    delimited: 'delimitedEncoding' in field && field.delimitedEncoding === true,
    zero: zeroOf(field, value),
    bytes: value.kind === 'scalar' && value.scalar.type === 'bytes',
  };
}

function valueShape(field: DescField, file: DescFile): ValueShape {
  if (field.message) return { kind: 'message', className: reference(field.message, file) };
  if (field.enum) return { kind: 'scalar', scalar: ENUM, enumName: reference(field.enum, file) };
  const longAsString = 'longAsString' in field && field.longAsString;
  return { kind: 'scalar', scalar: scalarOf(field.scalar, longAsString) };
}

/** protoc-gen-js numbers the oneofs that the author wrote, not those that stand for proto3 `optional`. */
function oneofExpression(field: DescField): string | undefined {
  if (!field.oneof) return undefined;
  return `${reference(field.parent, field.parent.file)}.oneofGroups_[${field.parent.oneofs.indexOf(field.oneof)}]`;
}

function zeroOf(field: DescField, value: ValueShape): string {
  if (value.kind === 'message') return 'undefined';
  if (field.fieldKind !== 'scalar' && field.fieldKind !== 'enum') return value.scalar.zero;
  const set = field.getDefaultValue();
  if (set === undefined) return field.fieldKind === 'enum' ? firstValue(field) : value.scalar.zero;
  if (set instanceof Uint8Array) return JSON.stringify(Buffer.from(set).toString('base64'));
  if (typeof set === 'bigint') return value.scalar.type === 'string' ? `"${set}"` : String(set);
  return typeof set === 'number' ? String(set) : JSON.stringify(set);
}

/** An enum's default is its first value: 0 in proto3. */
function firstValue(field: DescField): string {
  return String(field.enum?.values[0]?.number ?? 0);
}
