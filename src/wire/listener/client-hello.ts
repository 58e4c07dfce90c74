/**
 * What a client says first of TLS. Its handshake is begun when all of that is here: until then there is nothing to keep of
 * it, and it can wait for its turn.
 */

import type { Socket } from 'node:net';

const RECORD_HEAD_BYTES = 5;
const MESSAGE_HEAD_BYTES = 4;
/** RFC 8446 §5.1. */
const HANDSHAKE = 22;
/** A longer one is TLS's to judge. */
const MOST_BYTES = 16 * 1024;

/** Resolves when the first message, or what no TLS client says, can be read from the socket; never where it is closed before. */
export function clientHello(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    let said: Buffer = Buffer.alloc(0);
    const look = (): void => {
      const bytes = socket.read() as Buffer | null;
      if (bytes === null) return;
      said = said.byteLength === 0 ? bytes : Buffer.concat([said, bytes]);
      if (said.byteLength < MOST_BYTES && isPart(said)) return;
      socket.off('readable', look);
      socket.unshift(said);
      resolve();
    };
    socket.on('readable', look);
  });
}

/** Whether more is to come of the message: its length is in its head (RFC 8446 §4), and it may come in several records (§5.1). */
function isPart(bytes: Buffer): boolean {
  const head: number[] = [];
  let length = 0;
  for (let at = 0; at + RECORD_HEAD_BYTES <= bytes.byteLength;) {
    if (bytes[at] !== HANDSHAKE) return false;
    const begin = at + RECORD_HEAD_BYTES;
    const end = begin + bytes.readUInt16BE(at + 3);
    if (end > bytes.byteLength) return true;
    if (head.length < MESSAGE_HEAD_BYTES)
      head.push(...bytes.subarray(begin, Math.min(end, begin + MESSAGE_HEAD_BYTES - head.length)));
    length += end - begin;
    const [, high = 0, middle = 0, low = 0] = head;
    if (
      head.length === MESSAGE_HEAD_BYTES &&
      length >= MESSAGE_HEAD_BYTES + high * 65_536 + middle * 256 + low
    )
      return false;
    at = end;
  }
  return bytes[0] === HANDSHAKE;
}
