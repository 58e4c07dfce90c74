/**
 * One call of a unary node to the host. By grpc-js's own callbacks: a readable stream, its iterator and the stack that a
 * client keeps for an error took a seventh of what the sidecar spends on an invocation.
 */

import { Metadata, status, type Channel } from '@grpc/grpc-js';
import { NodeService } from '../gen/axiom/node/v1/node_pb';
import { methodPath } from '../wire/method';
import { StatusError, statusErrorOf } from '../wire/status-error';
import { MASKED_FAILURE } from './node-failure';
import { readNodeEvent, type NodeEvent } from './node-events';

const INVOKE = methodPath(NodeService.method.invoke);

/** How a caller takes back what it asked for. */
export interface Cancellation {
  readonly isCancelled: boolean;
  /** Called once, when it is cancelled. @returns what takes the listener away. */
  onCancel(listener: () => void): () => void;
}

/**
 * Resolves when the host has ended the call with OK. The next event is read when `take` is done with the one before.
 * @throws StatusError; what `take` throws.
 */
export function callHost(
  channel: Channel,
  message: Buffer,
  deadline: number,
  cancellation: Cancellation,
  take: (event: NodeEvent) => void | Promise<void>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = channel.createCall(INVOKE, deadline, undefined, null, undefined);
    const cancel = (): void => call.cancelWithStatus(status.CANCELLED, 'the call was cancelled');
    const release = cancellation.onCancel(cancel);
    const fail = (error: unknown): void => {
      release();
      cancel();
      reject(error as Error);
    };
    let pending: void | Promise<void>;
    call.start(new Metadata(), {
      onReceiveMetadata: () => undefined,
      onReceiveMessage(bytes: Buffer) {
        try {
          pending = take(eventOf(bytes));
          if (pending === undefined) call.startRead();
          else pending.then(() => call.startRead(), fail);
        } catch (error) {
          fail(error);
        }
      },
      onReceiveStatus(ended) {
        release();
        if (ended.code !== status.OK) reject(statusErrorOf(ended));
        // It comes also while the last event is being dealt with, which may be the handler's error.
        else if (pending === undefined) resolve();
        else pending.then(resolve, fail);
      },
    });
    call.sendMessageWithContext({}, message);
    call.startRead();
    call.halfClose();
    if (cancellation.isCancelled) cancel();
  });
}

function eventOf(bytes: Buffer): NodeEvent {
  try {
    return readNodeEvent(bytes);
  } catch {
    throw new StatusError(status.INTERNAL, MASKED_FAILURE);
  }
}
