/** One call to the node host, and how long it is waited for. */

import { status } from '@grpc/grpc-js';
import { StatusError } from '../wire/status-error';
import type { HostConnection } from './host-connection';
import type { HostListener, HostStream } from './host-stream';
import { CALL_CANCELLED } from './node-failure';
import type { OutputRoom } from './output-memory';

const NOTHING = Buffer.alloc(0);

/** How a caller takes back what it asked for. */
export interface Cancellation {
  readonly isCancelled: boolean;
  /** Called once, when it is cancelled. @returns what takes the listener away. */
  onCancel(listener: () => void): () => void;
}

/** How long a call to the host is waited for. */
export interface HostWait {
  /** Milliseconds since the epoch. The host is told it too. */
  readonly deadline: number;
  readonly cancellation: Cancellation;
}

/** What the host is asked. */
export interface HostRequest {
  readonly path: string;
  /**
   * Wiped and let go once the host has it, or when the call is over: that may be after nobody waits for it any more, and a
   * call may last long.
   */
  message: Buffer;
  /** The message is held. @returns what says that it is no longer. */
  hold?(): () => void;
  /** Called once: the call has ended, or was taken back, or was never sent. After it was taken back its handler may go on a while. */
  closed?(): void;
  /** What comes after it, sent as the host takes it; undefined: nothing. Its failure takes the call back. */
  readonly inputs?: AsyncIterable<Buffer>;
  /** Of what comes; undefined: there is always some. */
  readonly room?: OutputRoom;
}

/**
 * Resolves when the host has ended the call with OK, and `take` is done with every message; each waits for the one before.
 * @throws StatusError; what `take` or the inputs throw; DomainError UNAVAILABLE where the host has just gone.
 */
export function callHost(
  connection: HostConnection,
  request: HostRequest,
  { deadline, cancellation }: HostWait,
  take: (message: Buffer) => void | Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const { inputs, room } = request;
    const wipe = wiper(request);
    const closed = (): void => {
      wipe();
      request.closed?.();
    };
    let isOver = false;
    const over = (): boolean => {
      if (isOver) return false;
      isOver = true;
      clearTimeout(timer);
      release();
      return true;
    };
    const leave = (why: unknown, letEnd = true): void => {
      if (!over()) return;
      call.leave(letEnd);
      reject(why as Error);
    };
    const cancel = (): void => leave(new StatusError(status.CANCELLED, CALL_CANCELLED), false);
    const call = opened(connection, request.path, deadline, closed, {
      begins: (bytes) => room?.take(bytes),
      message(bytes) {
        try {
          return take(bytes)?.catch((error: unknown) => leave(error));
        } catch (error) {
          leave(error);
        }
      },
      ended(failure) {
        if (!over()) return;
        if (failure === undefined) resolve();
        else reject(failure);
      },
      closed,
    });
    const timer = setTimeout(() => leave(timeIsOver()), Math.max(0, deadline - Date.now()));
    const release = cancellation.onCancel(cancel);
    if (inputs === undefined) call.writeLast(request.message, wipe);
    else send(call, call.write(request.message, wipe), inputs).catch((error: unknown) => leave(error, false));
    if (cancellation.isCancelled) cancel();
  });
}

/** @throws DomainError UNAVAILABLE where the host went away a moment ago; then nothing of the message is left. */
function opened(
  connection: HostConnection,
  path: string,
  deadline: number,
  closed: () => void,
  listener: HostListener,
): HostStream {
  try {
    return connection.call(path, deadline, listener);
  } catch (error) {
    closed();
    throw error;
  }
}

/** Does it once. */
function wiper(request: HostRequest): () => void {
  let isWiped = false;
  const letGo = request.hold?.();
  return () => {
    if (isWiped) return;
    isWiped = true;
    request.message.fill(0);
    request.message = NOTHING;
    letGo?.();
  };
}

async function send(call: HostStream, hasRoom: boolean, inputs: AsyncIterable<Buffer>): Promise<void> {
  if (!hasRoom) await call.whenDrained();
  for await (const input of inputs) {
    if (call.isOver) return;
    if (!call.write(input)) await call.whenDrained();
  }
  if (!call.isOver) call.end();
}

function timeIsOver(): StatusError {
  return new StatusError(status.DEADLINE_EXCEEDED, 'the time is over');
}
