/**
 * gRPC's messages in what an HTTP/2 stream carries: before each a byte that says whether it is packed, and four with its
 * length (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, "Length-Prefixed-Message").
 */

import { status } from '@grpc/grpc-js';
import { ReceivedBytes } from './received-bytes';
import { StatusError } from './status-error';

export const PREFIX_BYTES = 5;

/** What comes before a message that is not packed. */
export function prefixOf(length: number): Buffer {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(length, 1);
  return prefix;
}

/** How long a message is by what comes before it, once that is there. */
export function announcedBytes(begin: Buffer): number | undefined {
  return begin.byteLength < PREFIX_BYTES ? undefined : begin.readUInt32BE(1);
}

/** The messages of a stream, of which none is packed, for its sender was told of no way to. */
export class MessageFrames {
  #bytes = new ReceivedBytes(false);
  /** So many of them were taken out. */
  #taken = 0;

  constructor(private readonly maxBytes: number) {}

  /** Whether all that was added is taken out. */
  get isEmpty(): boolean {
    return this.#bytes.length === this.#taken;
  }

  /** How many bytes the next message has, once that is known. */
  get announced(): number | undefined {
    return announcedBytes(this.#rest);
  }

  add(chunk: Buffer): void {
    if (this.#taken > 0) {
      const rest = this.#rest;
      this.#bytes = new ReceivedBytes(false);
      this.#taken = 0;
      if (rest.byteLength > 0) this.#bytes.add(rest);
    }
    this.#bytes.add(chunk);
  }

  /** Takes the next message out, once all of it is here. It stays as it is. @throws StatusError. */
  next(): Buffer | undefined {
    const rest = this.#rest;
    const length = announcedBytes(rest);
    if (length === undefined) return undefined;
    if (rest[0] !== 0) throw new StatusError(status.INTERNAL, 'a message is packed');
    if (length > this.maxBytes)
      throw new StatusError(status.RESOURCE_EXHAUSTED, `a message has more than ${this.maxBytes} bytes`);
    const end = PREFIX_BYTES + length;
    if (rest.byteLength < end) return undefined;
    this.#taken += end;
    return rest.subarray(PREFIX_BYTES, end);
  }

  /** What was added and not taken out. */
  get #rest(): Buffer {
    return this.#bytes.soFar.subarray(this.#taken);
  }
}
