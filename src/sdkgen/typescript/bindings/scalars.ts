/** What google-protobuf calls the reading, writing and storing of each scalar type. */

import { ScalarType } from '@bufbuild/protobuf';

export interface Scalar {
  /** Follows `read`, `write`, `writeRepeated`, `writePacked` and `readPacked`. */
  readonly method: string;
  /** The default as a JavaScript literal. */
  readonly zero: string;
  /** Stores a value without presence: nothing is kept for the default. */
  readonly setter: string;
  /** The TypeScript type. */
  readonly type: 'number' | 'string' | 'boolean' | 'bytes';
  /** Follows `get` in jspb.Message for one value and for a list. */
  readonly get: string;
  readonly getList: string;
}

function plain(method: string, zero: string, setter: string, type: Scalar['type']): Scalar {
  return { method, zero, setter, type, get: 'FieldWithDefault', getList: 'RepeatedField' };
}

const integer = (method: string): Scalar => plain(method, '0', 'setProto3IntField', 'number');
const floating = (method: string): Scalar => ({
  ...plain(method, '0.0', 'setProto3FloatField', 'number'),
  get: 'FloatingPointFieldWithDefault',
  getList: 'RepeatedFloatingPointField',
});

/** Enums are numbers on the wire. */
export const ENUM: Scalar = plain('Enum', '0', 'setProto3EnumField', 'number');

const SCALARS: Readonly<Record<ScalarType, Scalar>> = {
  [ScalarType.DOUBLE]: floating('Double'),
  [ScalarType.FLOAT]: floating('Float'),
  [ScalarType.INT64]: integer('Int64'),
  [ScalarType.UINT64]: integer('Uint64'),
  [ScalarType.INT32]: integer('Int32'),
  [ScalarType.FIXED64]: integer('Fixed64'),
  [ScalarType.FIXED32]: integer('Fixed32'),
  [ScalarType.BOOL]: {
    ...plain('Bool', 'false', 'setProto3BooleanField', 'boolean'),
    get: 'BooleanFieldWithDefault',
    getList: 'RepeatedBooleanField',
  },
  [ScalarType.STRING]: plain('String', '""', 'setProto3StringField', 'string'),
  [ScalarType.BYTES]: plain('Bytes', '""', 'setProto3BytesField', 'bytes'),
  [ScalarType.UINT32]: integer('Uint32'),
  [ScalarType.SFIXED32]: integer('Sfixed32'),
  [ScalarType.SFIXED64]: integer('Sfixed64'),
  [ScalarType.SINT32]: integer('Sint32'),
  [ScalarType.SINT64]: integer('Sint64'),
};

/**
 * 64-bit integers are JavaScript numbers, as protoc-gen-js makes them, unless the field says
 * `[jstype = JS_STRING]`.
 */
export function scalarOf(type: ScalarType, longAsString = false): Scalar {
  const scalar = SCALARS[type];
  if (!longAsString) return scalar;
  return plain(`${scalar.method}String`, '"0"', 'setProto3StringIntField', 'string');
}
