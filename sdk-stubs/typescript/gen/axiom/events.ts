/** The events of one call, in order, on their way to the sidecar; after its end they go nowhere. */

import type { EventEmitter } from 'node:events';
import { SecretRead, type LogRecord, type NodeError } from './node_pb';
import { wireText } from './wire-text';

/** An event of a unary call or of a pipeline call: the two messages have the same fields. */
export interface InvocationEvent {
  setOutput(value: Uint8Array): this;
  setLog(value: LogRecord): this;
  setSecretRead(value: SecretRead): this;
  setError(value: NodeError): this;
}

/** What the host needs of a grpc-js call. */
export interface EventStream extends EventEmitter {
  write(event: unknown): boolean;
  end(): void;
}

export class Events {
  #open = true;

  constructor(
    private readonly stream: EventStream,
    private readonly newEvent: () => InvocationEvent,
  ) {}

  /** False once the call has ended or was cancelled: nothing is sent any more. */
  get open(): boolean {
    return this.#open;
  }

  read(name: string, found: boolean): void {
    this.#send((event) => event.setSecretRead(new SecretRead().setName(wireText(name)).setFound(found)));
  }

  log(record: LogRecord): void {
    this.#send((event) => event.setLog(record));
  }

  error(error: NodeError): void {
    this.#send((event) => event.setError(error));
  }

  /** True where more may be sent at once, and where nothing is sent any more. */
  output(bytes: Uint8Array): boolean {
    return this.#send((event) => event.setOutput(bytes));
  }

  end(): void {
    if (this.#open) this.stream.end();
    this.#open = false;
  }

  /** The caller has gone. */
  close(): void {
    this.#open = false;
  }

  #send(fill: (event: InvocationEvent) => InvocationEvent): boolean {
    return !this.#open || this.stream.write(fill(this.newEvent()));
  }
}
