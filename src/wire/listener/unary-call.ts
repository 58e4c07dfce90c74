/**
 * One unary gRPC call on the HTTP/2 stream that carries it
 * (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md): its one message is read, and its answer or its
 * status written.
 *
 * What was read or written of values is zeroed once nobody needs it, also where the client is gone: what came in as soon
 * as the message is put together, what goes out when Node has written it to the connection. TLS and HTTP/2 keep buffers of
 * their own, which nobody can reach.
 */

import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { createGunzip, createInflate } from 'node:zlib';
import { DomainError } from '../../domain/errors';
import { announcedBytes, PREFIX_BYTES, prefixOf } from '../message-frames';
import { ReceivedBytes } from '../received-bytes';
import { tooMuchHeld } from './too-much-held';

/** What a door lets a call send. */
export interface RequestLimits {
  /** Of the message, also where it comes packed. */
  readonly maxBytes: number;
  /** Bytes have come, or what they were packed in. @returns false where they are too many for their sender; the call is refused. */
  received(bytes: number): boolean;
  /** What was read is zeroed, and the message is a copy of it. */
  readonly holdsValues: boolean;
}

const UNPACK: ReadonlyMap<unknown, typeof createGunzip> = new Map([
  ['gzip', createGunzip],
  ['deflate', createInflate],
]);
const ACCEPTED = 'identity,deflate,gzip';

/** Whether the request is gRPC's at all. Answers it where it is not. */
export function isGrpc(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): boolean {
  if (headers['content-type']?.startsWith('application/grpc') === true) return true;
  stream.respond({ ':status': constants.HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE }, { endStream: true });
  stream.close(constants.NGHTTP2_NO_ERROR);
  return false;
}

/**
 * Resolves with the request's message when all of it is there and the client has nothing more to say.
 * @throws DomainError, CANCELLED where the client is gone.
 */
export async function readMessage(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  limits: RequestLimits,
): Promise<Buffer> {
  const frame = await readFrame(stream, limits);
  const message = frame.subarray(PREFIX_BYTES);
  if (frame[0] === 0) return message;
  try {
    return await unpack(message, headers['grpc-encoding'], limits);
  } finally {
    if (limits.holdsValues) message.fill(0);
  }
}

function readFrame(stream: ServerHttp2Stream, limits: RequestLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const frame = new ReceivedBytes(limits.holdsValues);
    let isOver = false;
    // Errors are made where they are told: their stack traces take long, and every stream closes.
    const fail = (why: () => DomainError): void => {
      if (isOver) return;
      isOver = true;
      frame.drop();
      reject(why());
    };
    stream.on('data', (chunk: Buffer) => {
      if (!limits.received(chunk.byteLength)) fail(tooMuchHeld);
      if (isOver) return void (limits.holdsValues && chunk.fill(0));
      frame.add(chunk, expectedLength(frame));
      const expected = expectedLength(frame) ?? 0;
      if (expected > PREFIX_BYTES + limits.maxBytes) fail(() => tooLarge(limits.maxBytes));
      else if (expected > 0 && frame.length > expected) fail(notOneMessage);
    });
    const whole = (): void => {
      if (isOver) return;
      if (frame.length !== expectedLength(frame)) return fail(frame.length === 0 ? notOneMessage : cutOff);
      isOver = true;
      resolve(frame.take());
    };
    // One without a message may have ended before anybody listened.
    if (stream.readableEnded) return whole();
    // Each comes once; Node's `once` would wrap the listener at every call.
    stream.on('end', whole);
    stream.on('close', () => fail(clientIsGone));
  });
}

/** How long the frame says that it is, once its first bytes are here. */
function expectedLength(frame: ReceivedBytes): number | undefined {
  const message = announcedBytes(frame.soFar);
  return message === undefined ? undefined : PREFIX_BYTES + message;
}

async function unpack(
  packed: Buffer,
  encoding: string | string[] | undefined,
  { maxBytes, holdsValues, received }: RequestLimits,
): Promise<Buffer> {
  const create = UNPACK.get(encoding);
  if (create === undefined) throw unknownEncoding();
  const unpacking = create();
  unpacking.end(packed);
  const unpacked = new ReceivedBytes(holdsValues);
  try {
    for await (const chunk of unpacking as AsyncIterable<Buffer>) {
      unpacked.add(chunk);
      if (unpacked.length > maxBytes) throw tooLarge(maxBytes);
      // What a packed message becomes is held as well, and may be a thousand times as much.
      if (!received(chunk.byteLength)) throw tooMuchHeld();
    }
    return unpacked.take();
  } catch (error) {
    unpacked.drop();
    throw error instanceof DomainError ? error : doesNotUnpack();
  }
}

const HEADERS = {
  ':status': 200,
  'content-type': 'application/grpc+proto',
  'grpc-accept-encoding': ACCEPTED,
};
const OK = { 'grpc-status': '0' };
/** What is given to HTTP/2 at once. */
const PIECE_BYTES = 1024 * 1024;
/** All that Node would add to its copy of them. */
const AND_TRAILERS = { endStream: false, waitForTrailers: true, sendDate: false };

/**
 * Answers a message, given in parts, and OK, in one go; does nothing where the client is gone.
 * @param release is called when the stream is closed, and the parts are written or nobody gets them. Where they are not
 *   all written, Node may still look at their memory: they are not free then.
 */
export function writeMessage(
  stream: ServerHttp2Stream,
  parts: readonly Uint8Array[],
  release: (isFree: boolean) => void,
): void {
  if (stream.destroyed || stream.closed || stream.headersSent) return release(true);
  let length = 0;
  for (const part of parts) length += part.byteLength;
  stream.on('close', () => release(stream.writableFinished && stream.errored === null));
  stream.on('wantTrailers', sendOk);
  stream.respond(HEADERS, AND_TRAILERS);
  // In the same turn: then headers and message leave together, and the status in the next one. No part is copied.
  stream.cork();
  stream.write(prefixOf(length));
  if (length <= PIECE_BYTES) writeLast(stream, parts);
  else writePieces(stream, parts.flatMap(cut));
}

/** An empty part would be done with before those ahead of it have left, and Node holds all of them only until the last is. */
function writeLast(stream: ServerHttp2Stream, parts: readonly Uint8Array[]): void {
  for (const part of parts) if (part.byteLength > 0) stream.write(part);
  stream.end();
}

/** Piece by piece: it can be seen then whether the client takes any of it, and only a piece is out of our hands. */
function writePieces(stream: ServerHttp2Stream, pieces: Uint8Array[]): void {
  for (let bytes = 0; bytes < PIECE_BYTES;) {
    const piece = pieces.length > 1 ? pieces.shift() : undefined;
    if (piece === undefined) return writeLast(stream, pieces);
    bytes += piece.byteLength;
    stream.write(piece);
  }
  stream.uncork();
  stream.once('drain', () => writePieces(stream, pieces));
}

function cut(part: Uint8Array): readonly Uint8Array[] {
  const pieces = [];
  for (let begin = 0; begin < part.byteLength; begin += PIECE_BYTES)
    pieces.push(part.subarray(begin, begin + PIECE_BYTES));
  return pieces;
}

function sendOk(this: ServerHttp2Stream): void {
  this.sendTrailers(OK);
}

function tooLarge(maxBytes: number): DomainError {
  return new DomainError(
    'RESOURCE_EXHAUSTED',
    `the message has more than ${maxBytes} bytes; send less at once`,
    'MESSAGE_TOO_LARGE',
  );
}

/** As gRPC says it of a method's cardinality (grpc/grpc: doc/statuscodes.md). */
function notOneMessage(): DomainError {
  return new DomainError('UNIMPLEMENTED', 'this method takes exactly one message', 'NOT_ONE_MESSAGE');
}

function cutOff(): DomainError {
  return new DomainError('INTERNAL', 'the message ends before its length; send it again', 'MESSAGE_CUT_OFF');
}

function unknownEncoding(): DomainError {
  return new DomainError(
    'UNIMPLEMENTED',
    `the message is packed in a way that its grpc-encoding does not name, or that is unknown here; use one of ${ACCEPTED}`,
    'UNKNOWN_ENCODING',
  );
}

function doesNotUnpack(): DomainError {
  return new DomainError('INTERNAL', 'the message does not unpack; send it again', 'MESSAGE_DOES_NOT_UNPACK');
}

function clientIsGone(): DomainError {
  return new DomainError('CANCELLED', 'nobody waits for this answer any more', 'CANCELLED');
}
