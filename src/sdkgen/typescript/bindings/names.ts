/** Names of accessors and object keys, by the rules of protoc-gen-js: packages are written against them. */

import type { DescField, DescOneof } from '@bufbuild/protobuf';
import { wordSet } from '../../../validate/languages/common/word-set';
import { TYPESCRIPT_NAMES } from '../../../validate/languages/typescript/names';

/** Words that protoc-gen-js does not use as object keys; `class` becomes `pb_class`. */
const RESERVED_KEYS = new Set(
  (
    'abstract boolean break byte case catch char class const continue debugger default delete do double else enum ' +
    'export extends false final finally float for function goto if implements import in instanceof int interface ' +
    'long native new null package private protected public return short static super switch synchronized this ' +
    'throw throws transient try typeof var void volatile while with'
  ).split(' '),
);

/** Accessors of jspb.Message itself; a field of that name gets a dollar sign. */
const TAKEN_ACCESSORS = new Set(['Extension', 'JsPbMessageId']);

/** What declarations cannot be called in TypeScript, and what the bindings themselves refer to. */
const TAKEN_TYPES = wordSet(`
  any as asserts bigint boolean from infer intrinsic keyof never number object readonly string symbol type undefined unique unknown
  Array ReadonlyArray Uint8Array __dirname __filename exports globalThis jest jspb module parseInt readList require
  add bytes data f includeInstance index into key map message reader value values writer`);

/** The name that a type is declared by: `class_` for a message called class, which is exported as class. */
export function declaredName(name: string): string {
  return TYPESCRIPT_NAMES.keywords.has(name) || TAKEN_TYPES.has(name) ? `${name}_` : name;
}

/** protoc-gen-js lowers every letter before it splits at underscores: `fooBar` and `foobar` are one word. */
function words(name: string): string[] {
  return name
    .toLowerCase()
    .split('_')
    .filter((word) => word !== '');
}

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** `CountryCode` for country_code. */
function upperCamel(name: string): string {
  return words(name).map(capitalized).join('');
}

/** `countryCode` for country_code. */
function lowerCamel(name: string): string {
  const camel = upperCamel(name);
  return camel.charAt(0).toLowerCase() + camel.slice(1);
}

/** What follows `add`: the accessor without List. */
export function baseName(field: DescField): string {
  const camel = upperCamel(field.name);
  return TAKEN_ACCESSORS.has(camel) ? `${camel}$` : camel;
}

/** What follows `get`, `set`, `has` and `clear`: `TagsList` for a repeated field, `LabelsMap` for a map. */
export function accessorName(field: DescField): string {
  const camel = upperCamel(field.name) + suffix(field);
  return TAKEN_ACCESSORS.has(camel) ? `${camel}$` : camel;
}

/** The field's key in `toObject()`. */
export function objectKey(field: DescField): string {
  const key = lowerCamel(field.name) + suffix(field);
  return RESERVED_KEYS.has(key) ? `pb_${key}` : key;
}

function suffix(field: DescField): string {
  if (field.fieldKind === 'list') return 'List';
  return field.fieldKind === 'map' ? 'Map' : '';
}

/** `KindCase` for `oneof kind`: the getter's name and the enum's. */
export function caseName(oneof: DescOneof): string {
  return `${upperCamel(oneof.name)}Case`;
}

/** Enum values and oneof cases are upper case. */
export function constantName(name: string): string {
  return name.toUpperCase();
}
