/** A request's bytes as a message. */

import { fromBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { configureTextEncoding, getTextEncoding } from '@bufbuild/protobuf/wire';
import { invalid } from '../domain/errors';

// Parsers of proto3 refuse text that is not UTF-8; protobuf-es would put another text in its place, and
// drop a byte order mark.
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
configureTextEncoding({ ...getTextEncoding(), decodeUtf8: (bytes) => strict.decode(bytes) });

/** @throws DomainError INVALID_ARGUMENT; the parser's own message may quote the bytes, and they may be a value. */
export function parseMessage<D extends DescMessage>(desc: D, bytes: Uint8Array): MessageShape<D> {
  try {
    return fromBinary(desc, bytes);
  } catch {
    throw invalid({
      field: '',
      description: `the bytes sent are no ${desc.typeName}; check your client's proto files, and that text is UTF-8`,
    });
  }
}
