/** A status without an answer on a bare HTTP/2 stream: gRPC's "Trailers-Only". */

import { constants, type ServerHttp2Stream } from 'node:http2';
import type { ServiceError } from '@grpc/grpc-js';

/** Answers so where nothing was answered yet, and takes no more of the request; does nothing on a stream that is closed. */
export function refuseCall(stream: ServerHttp2Stream, { code, details, metadata }: ServiceError): void {
  if (stream.destroyed || stream.closed) return;
  if (stream.headersSent) return stream.close(constants.NGHTTP2_CANCEL);
  stream.respond(
    {
      [constants.HTTP2_HEADER_STATUS]: 200,
      [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc+proto',
      'grpc-status': code,
      'grpc-message': encodeURI(details),
      ...metadata.toHttp2Headers(),
    },
    { endStream: true },
  );
  // The client need not send the rest of its request (RFC 9113 §8.1).
  if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
}
