/** Has a socket that an HTTP/2 session reads be read no further for a while: it has no public way to be paused. */

import type { Socket } from 'node:net';

export function stopReading(socket: Socket): void {
  handleOf(socket)?.readStop();
}

export function readOn(socket: Socket): void {
  handleOf(socket)?.readStart();
}

/** Node's own session pauses it by this. */
function handleOf(socket: Socket) {
  const { _handle } = socket as { readonly _handle?: { readStop(): void; readStart(): void } | null };
  return _handle ?? undefined;
}
