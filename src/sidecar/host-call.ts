/**
 * One call of a unary node to the host. By grpc-js's own callbacks: a readable stream, its iterator and the stack that a
 * client keeps for an error took a seventh of what the sidecar spends on an invocation.
 */

import { Metadata, status, type Channel } from '@grpc/grpc-js';
import { NodeService } from '../gen/axiom/node/v1/node_pb';
import { methodPath } from '../wire/method';
import { StatusError, statusErrorOf } from '../wire/status-error';
import { grpcTimeout } from '../wire/timeout';
import type { CancelPace } from './cancel-pace';
import { CALL_CANCELLED, MASKED_FAILURE } from './node-failure';
import { readNodeEvent, type NodeEvent } from './node-events';

const INVOKE = methodPath(NodeService.method.invoke);

/** How a caller takes back what it asked for. */
export interface Cancellation {
  readonly isCancelled: boolean;
  /** Called once, when it is cancelled. @returns what takes the listener away. */
  onCancel(listener: () => void): () => void;
}

/** How long a call to the host is waited for. */
export interface HostWait {
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly cancellation: Cancellation;
  /** How fast calls are taken back that nobody waits for any more. */
  readonly pace: CancelPace;
}

/**
 * Tells when a call to the host is not waited for any more: its time is over, or its caller is gone. grpc-js is given no
 * deadline, for it would take the call back by itself, and all of those that end together at once.
 * @returns what ends the telling.
 */
export function whenLeft(
  { deadline, cancellation }: HostWait,
  leave: (why: StatusError) => void,
): () => void {
  const timer = setTimeout(() => leave(timeIsOver()), Math.max(0, deadline - Date.now()));
  const release = cancellation.onCancel(() => leave(new StatusError(status.CANCELLED, CALL_CANCELLED)));
  return () => {
    clearTimeout(timer);
    release();
  };
}

/** What tells the host how long it has. */
export function hostMetadata({ deadline }: HostWait): Readonly<Record<string, string>> {
  return { 'grpc-timeout': grpcTimeout(deadline - Date.now()) };
}

function timeIsOver(): StatusError {
  return new StatusError(status.DEADLINE_EXCEEDED, 'the time is over');
}

/**
 * Resolves when the host has ended the call with OK. The next event is read when `take` is done with the one before.
 * The message is wiped when the call is over, which may be later: grpc-js sends it when the host has room for it.
 * @throws StatusError; what `take` throws.
 */
export function callHost(
  channel: Channel,
  message: Buffer,
  wait: HostWait,
  take: (event: NodeEvent) => void | Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = created(channel, message);
    let isOver = false;
    let isLeft = false;
    let hasEnded = (): void => undefined;
    const takeBack = (): boolean => {
      if (!isOver) call.cancelWithStatus(status.CANCELLED, CALL_CANCELLED);
      return !isOver;
    };
    const leave = (error: unknown): void => {
      if (isLeft) return;
      isLeft = true;
      release();
      reject(error as Error);
      if (isOver) return;
      if (wait.cancellation.isCancelled) return wait.pace.run(takeBack);
      hasEnded = wait.pace.runUnlessEnded(takeBack);
      // Its end comes after what it still says, which nobody looks at.
      call.startRead();
    };
    const release = whenLeft(wait, leave);
    let pending: void | Promise<void>;
    const metadata = new Metadata();
    for (const [key, value] of Object.entries(hostMetadata(wait))) metadata.set(key, value);
    call.start(metadata, {
      onReceiveMetadata: () => undefined,
      onReceiveMessage(bytes: Buffer) {
        if (isLeft) return call.startRead();
        try {
          pending = take(eventOf(bytes));
          if (pending === undefined) call.startRead();
          else pending.then(() => isLeft || call.startRead(), leave);
        } catch (error) {
          leave(error);
        }
      },
      onReceiveStatus(ended) {
        isOver = true;
        hasEnded();
        release();
        message.fill(0);
        const settle = (): void => (ended.code === status.OK ? resolve() : reject(statusErrorOf(ended)));
        // It comes also while the last event is being dealt with, which may be the handler's error.
        if (pending === undefined) settle();
        else pending.then(settle, leave);
      },
    });
    call.sendMessageWithContext({}, message);
    call.startRead();
    call.halfClose();
    if (wait.cancellation.isCancelled) leave(new StatusError(status.CANCELLED, CALL_CANCELLED));
  });
}

/** @throws Error where the host went away a moment ago. */
function created(channel: Channel, message: Buffer): ReturnType<Channel['createCall']> {
  try {
    return channel.createCall(INVOKE, Infinity, undefined, null, undefined);
  } catch (error) {
    message.fill(0);
    throw error;
  }
}

function eventOf(bytes: Buffer): NodeEvent {
  try {
    return readNodeEvent(bytes);
  } catch {
    throw new StatusError(status.INTERNAL, MASKED_FAILURE);
  }
}
