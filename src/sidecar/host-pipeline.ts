/** One call of a pipeline node to the host: inputs flow in as the host takes them, and what it says flows out. */

import type { Client } from '@grpc/grpc-js';
import { NodeService } from '../gen/axiom/node/v1/node_pb';
import { callBidi, type ClientMethod } from '../wire/calls';
import { methodPath } from '../wire/method';
import { hostMetadata, whenLeft, type HostWait } from './host-call';
import { readNodeEvent, type NodeEvent } from './node-events';

const INVOKE_PIPELINE: ClientMethod<Buffer, NodeEvent> = {
  path: methodPath(NodeService.method.invokePipeline),
  requestSerialize: (bytes) => bytes,
  responseDeserialize: readNodeEvent,
};

/**
 * Resolves when the host has ended the call with OK, and `take` is done with every event; each waits for the one before.
 * The start is wiped when the call is over, which may be later.
 * @throws StatusError; what `take` throws.
 */
export async function callHostPipeline(
  client: Client,
  messages: { readonly start: Buffer; readonly inputs: AsyncIterable<Buffer> },
  wait: HostWait,
  take: (event: NodeEvent) => Promise<void>,
): Promise<void> {
  const abort = new AbortController();
  const options = { metadata: hostMetadata(wait), signal: abort.signal };
  const events = callBidi(client, INVOKE_PIPELINE, inOrder(messages), options);
  let isOver = false;
  const next = async (): Promise<IteratorResult<NodeEvent>> => {
    try {
      const event = await events.next();
      isOver = event.done === true;
      return event;
    } catch (error) {
      isOver = true;
      throw error;
    }
  };
  const leaving = new Leaving();
  const release = whenLeft(wait, (why) => leaving.leave(why));
  if (wait.cancellation.isCancelled) abort.abort();
  try {
    for (;;) {
      const event = await leaving.unlessLeft(next());
      if (event.done === true) break;
      await leaving.unlessLeft(take(event.value));
    }
  } finally {
    release();
    const takeBack = (): boolean => {
      if (!isOver) abort.abort();
      return !isOver;
    };
    void letEnd(next, wait, takeBack, () => isOver).finally(() => messages.start.fill(0));
  }
}

/** Reads on until the call is over, which nobody waits for; one that was cancelled, or does not end, is taken back. */
async function letEnd(
  next: () => Promise<IteratorResult<NodeEvent>>,
  { cancellation, pace }: HostWait,
  takeBack: () => boolean,
  isOver: () => boolean,
): Promise<void> {
  if (isOver()) return;
  let hasEnded = (): void => undefined;
  if (cancellation.isCancelled) pace.run(takeBack);
  else hasEnded = pace.runUnlessEnded(takeBack);
  while (!isOver()) await next().catch(() => undefined);
  hasEnded();
}

/** What is waited for, until the whole of it is left. */
class Leaving {
  #why: Error | undefined;
  #reject: (why: Error) => void = () => undefined;

  leave(why: Error): void {
    this.#why ??= why;
    this.#reject(why);
  }

  /** Not Promise.race, which keeps something of each step for as long as the call runs. */
  unlessLeft<T>(step: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      step.then(resolve, reject);
      this.#reject = reject;
      if (this.#why !== undefined) reject(this.#why);
    });
  }
}

async function* inOrder({
  start,
  inputs,
}: {
  readonly start: Buffer;
  readonly inputs: AsyncIterable<Buffer>;
}): AsyncGenerator<Buffer> {
  yield start;
  yield* inputs;
}
