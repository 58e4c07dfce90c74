/** prost's names for messages, enums and what is in them, and where they are in service.rs. */

import type { DescEnum, DescFile, DescMessage } from '@bufbuild/protobuf';
import { rustIdentifier } from '../../validate/languages/rust/names';

/** Where prost takes Google's own messages from (prost-build, extern_paths.rs); the others are in prost_types. */
const PLAIN_TYPES: Readonly<Record<string, string>> = {
  BoolValue: 'bool',
  BytesValue: '::std::vec::Vec<u8>',
  DoubleValue: 'f64',
  Empty: '()',
  FloatValue: 'f32',
  Int32Value: 'i32',
  Int64Value: 'i64',
  StringValue: '::std::string::String',
  UInt32Value: 'u32',
  UInt64Value: 'u64',
};

/** `r#gen::acme::v1::outer::Inner`: a message's type, as service.rs names it. */
export function rustPath(message: DescMessage): string {
  if (message.file.name.startsWith('google/protobuf/') && message.parent === undefined) {
    return PLAIN_TYPES[message.name] ?? `::prost_types::${rustTypeName(message.name)}`;
  }
  return ['r#gen', ...moduleOf(message), rustTypeName(message.name)].join('::');
}

/** The modules of a file's Protobuf package. */
const packageModules = (file: DescFile): readonly string[] =>
  file.proto.package
    .split('.')
    .filter((part) => part !== '')
    .map(rustName);

/** The modules that a type is in: its Protobuf package's, and one for each message around it. */
export function moduleOf({ file, parent }: DescMessage | DescEnum): readonly string[] {
  return parent ? [...moduleOf(parent), rustName(parent.name)] : packageModules(file);
}

/** A module's or a field's name: `http_request`, `r#type`. */
export function rustName(name: string): string {
  const snake = wordsOf(name).join('_').toLowerCase();
  if (snake === '' || snake === 'extern') return `${snake}_`;
  return /^\d/.test(snake) ? `_${snake}` : rustIdentifier(snake);
}

/** A type's name: `HttpRequest` for HTTPRequest. */
export function rustTypeName(name: string): string {
  const camel = wordsOf(name)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
    .join('');
  if (camel === '' || camel === 'Self') return `${camel}_`;
  return /^\d/.test(camel) ? `_${camel}` : camel;
}

/** The words of a name, as the crate heck splits them: digits belong to the letters before them. */
function wordsOf(name: string): readonly string[] {
  return name
    .split(/[^A-Za-z0-9]+/)
    .flatMap((part) => part.split(/(?<=[a-z]\d*)(?=[A-Z])|(?<=[A-Z]\d*)(?=[A-Z][a-z])/))
    .filter((word) => word !== '');
}
