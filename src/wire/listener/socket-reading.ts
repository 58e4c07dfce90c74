/**
 * Has a socket that an HTTP/2 session reads be read no further for a while: it has no public way to be paused. Several may
 * want that at a time, each for a reason of its own; it is read on when none of them does any more.
 */

import type { Socket } from 'node:net';

const LOOK_AGAIN_MS = 20;

/** Who wants a socket to rest. */
const resting = new WeakMap<Socket, Set<object>>();

/** @param by who tells with `readOn` when it is enough. Said again, it holds for what has been read on since, too. */
export function stopReading(socket: Socket, by: object): void {
  const all = resting.get(socket) ?? new Set();
  resting.set(socket, all.add(by));
  handleOf(socket)?.readStop();
}

export function readOn(socket: Socket, by: object): void {
  const all = resting.get(socket);
  if (all?.delete(by) === true && all.size === 0) readWhenWritten(socket, all);
}

/**
 * Not while it writes: then the session has stopped reading by itself, and reads on when it is done. What came all the same
 * it would put behind what it has not looked at, all of that anew with each piece: a GiB within a second.
 */
function readWhenWritten(socket: Socket, all: ReadonlySet<object>): void {
  // Somebody has it rest again.
  if (all.size > 0) return;
  if (!writesNow(socket)) handleOf(socket)?.readStart();
  else setTimeout(() => readWhenWritten(socket, all), LOOK_AGAIN_MS).unref();
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
