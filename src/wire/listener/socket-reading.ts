/** Has a socket that an HTTP/2 session reads be read no further for a while: it has no public way to be paused. */

import type { Socket } from 'node:net';

const LOOK_AGAIN_MS = 20;

export function stopReading(socket: Socket): void {
  handleOf(socket)?.readStop();
}

/**
 * Not while it writes: then the session has stopped reading by itself, and reads on when it is done. What came all the same
 * it would put behind what it has not looked at, all of that anew with each piece: a GiB within a second.
 */
export function readOn(socket: Socket): void {
  if (!writesNow(socket)) handleOf(socket)?.readStart();
  else setTimeout(() => readOn(socket), LOOK_AGAIN_MS).unref();
}

/** Whether something is being written that the other side has not taken. */
export function writesNow(socket: Socket): boolean {
  return (handleOf(socket)?.writeQueueSize ?? 0) > 0;
}

/** Node's own session pauses a socket by this. */
interface Handle {
  /** Bytes that the other side has not taken. */
  readonly writeQueueSize: number;
  readStop(): void;
  readStart(): void;
}

function handleOf(socket: Socket): Handle | undefined {
  return (socket as { readonly _handle?: Handle | null })._handle ?? undefined;
}
