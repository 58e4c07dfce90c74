/** One call of a handler: its context, its outputs, and how it ends. */

import { once } from 'node:events';
import type { Message } from 'google-protobuf';
import { setCancellation } from '../axiomCancellation';
import { Events, type EventStream, type InvocationEvent } from './events';
import { className, failurePlace, nodeError, showError } from './failure';
import { InvocationContext } from './invocation-context';
import type { MessageClass } from './node';
import type { ExecutionContext } from './node_pb';

/** Whose handler runs. */
export interface InvokedNode {
  readonly name: string;
  readonly output: MessageClass<Message>;
  readonly outputType: string;
  readonly root: string;
}

export class Invocation {
  readonly ax: InvocationContext;
  readonly #events: Events;
  readonly #abort = new AbortController();

  constructor(
    private readonly stream: EventStream,
    newEvent: () => InvocationEvent,
    private readonly node: InvokedNode,
    execution: ExecutionContext,
  ) {
    this.#events = new Events(stream, newEvent);
    this.ax = new InvocationContext(execution, this.#events);
    setCancellation(this.ax, this.#abort.signal);
    stream.on('cancelled', () => this.#cancel());
    // A stream that broke is a cancelled call; without a listener it would end the process.
    stream.on('error', () => this.#cancel());
  }

  /** False once the call has ended or was cancelled. */
  get open(): boolean {
    return this.#events.open;
  }

  /** Sends an output, and waits until the stream takes more. Throws where it is not the node's message. */
  async output(message: Message): Promise<void> {
    if (this.#events.output(this.#serialized(message))) return;
    // Rejects where the call breaks or is cancelled; then there is nothing to wait for.
    await once(this.stream, 'drain', { signal: this.#abort.signal }).catch(() => undefined);
  }

  /** Sends the error. The log has class and place of one that is not typed: never its text, which may hold a secret. */
  fail(error: unknown): void {
    const event = nodeError(error);
    if (!event.getTyped()) this.#logFailure(error);
    this.#events.error(event);
  }

  /** Ends the call and forgets the secrets. */
  end(): void {
    this.#events.end();
    this.ax.secrets.forget();
  }

  #logFailure(error: unknown): void {
    const place = failurePlace(error, this.node.root);
    showError(error);
    const where = place.frames[0] === undefined ? '' : ` at ${place.frames[0]}`;
    this.ax.log.error(`${this.node.name} failed: ${place.error}${where}`, {
      error: place.error,
      frames: place.frames.join(' < '),
      ...(error instanceof OutputError && { reason: error.message }),
    });
  }

  #serialized(message: Message | null | undefined): Uint8Array {
    const { name, output, outputType } = this.node;
    if (message instanceof output) return message.serializeBinary();
    throw new OutputError(`${name} gave ${typeOf(message)} where ${outputType} is declared`);
  }

  /** The secrets stay until the handler has returned: get never lies to it. */
  #cancel(): void {
    this.#events.close();
    this.#abort.abort();
  }
}

/** A handler gave something that is not its output message. Its text names types only. */
class OutputError extends TypeError {}

/** `Ask` for a message of that class, `undefined` for nothing. */
function typeOf(given: unknown): string {
  if (typeof given !== 'object' || given === null) return given === null ? 'null' : typeof given;
  return className(given);
}
