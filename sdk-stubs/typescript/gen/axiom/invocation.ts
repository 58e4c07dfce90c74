/** One call of a handler: its context, and the events that tell the sidecar of it while it runs. */

import { once, type EventEmitter } from 'node:events';
import type { Message } from 'google-protobuf';
import type { AxiomContext, AxiomLogger } from '../axiomContext';
import { setCancellation } from '../axiomCancellation';
import { className, failurePlace, nodeError, showError } from './failure';
import { emptyReflection, refusedMutation } from './flow';
import { InvocationSecrets } from './invocation-secrets';
import { logRecord, type LogLevel } from './log-record';
import type { MessageClass } from './node';
import {
  LogLevel as Level,
  SecretRead,
  type ExecutionContext,
  type LogRecord,
  type NodeError,
} from './node_pb';
import { SecretText } from './secret-text';
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

/** Whose handler runs. */
export interface InvokedNode {
  readonly name: string;
  readonly output: MessageClass<Message>;
  readonly outputType: string;
  readonly root: string;
}

export class Invocation {
  readonly ax: AxiomContext;
  readonly #secrets: InvocationSecrets;
  readonly #abort = new AbortController();
  #open = true;

  constructor(
    private readonly stream: EventStream,
    private readonly newEvent: () => InvocationEvent,
    private readonly node: InvokedNode,
    execution: ExecutionContext,
  ) {
    this.#secrets = takeSecrets(execution, (name, found) => {
      this.#send((event) => event.setSecretRead(new SecretRead().setName(wireText(name)).setFound(found)));
    });
    this.ax = {
      log: this.#logger(),
      secrets: this.#secrets,
      executionId: execution.getExecutionId(),
      flowId: execution.getFlowId(),
      tenantId: execution.getTenantId(),
      reflection: emptyReflection(),
      mutation: refusedMutation(),
    };
    setCancellation(this.ax, this.#abort.signal);
    stream.on('cancelled', () => this.#cancel());
    // A stream that broke is a cancelled call; without a listener it would end the process.
    stream.on('error', () => this.#cancel());
  }

  /** False once the call has ended or was cancelled: nothing is sent any more. */
  get open(): boolean {
    return this.#open;
  }

  /** Sends an output, and waits until the stream takes more. Throws where it is not the node's message. */
  async output(message: Message): Promise<void> {
    const bytes = this.#serialized(message);
    if (this.#send((event) => event.setOutput(bytes))) return;
    // Rejects where the call breaks or is cancelled; then there is nothing to wait for.
    await once(this.stream, 'drain', { signal: this.#abort.signal }).catch(() => undefined);
  }

  /** Sends the error. Of one that is not the typed one the log has class and place: never its text, which may hold a secret. */
  fail(error: unknown): void {
    const event = nodeError(error);
    if (!event.getTyped()) this.#logFailure(error);
    this.#send((sent) => sent.setError(event));
  }

  #logFailure(error: unknown): void {
    const place = failurePlace(error, this.node.root);
    showError(error);
    const where = place.frames[0] === undefined ? '' : ` at ${place.frames[0]}`;
    this.#log(Level.LOG_LEVEL_ERROR, `${this.node.name} failed: ${place.error}${where}`, {
      error: place.error,
      frames: place.frames.join(' < '),
      ...(error instanceof OutputError && { reason: error.message }),
    });
  }

  /** Ends the call and forgets the secrets. */
  end(): void {
    if (this.#open) this.stream.end();
    this.#open = false;
    this.#secrets.forget();
  }

  #serialized(message: Message | null | undefined): Uint8Array {
    const { name, output, outputType } = this.node;
    if (message instanceof output) return message.serializeBinary();
    throw new OutputError(`${name} gave ${typeOf(message)} where ${outputType} is declared`);
  }

  /** The secrets stay until the handler has returned: get never lies to it. */
  #cancel(): void {
    this.#open = false;
    this.#abort.abort();
  }

  /** True where more may be sent at once, and where nothing is sent any more. */
  #send(fill: (event: InvocationEvent) => InvocationEvent): boolean {
    return !this.#open || this.stream.write(fill(this.newEvent()));
  }

  #log(level: LogLevel, message: string, attributes?: Record<string, unknown>): void {
    this.#send((event) => event.setLog(logRecord(level, message, attributes)));
  }

  #logger(): AxiomLogger {
    return {
      debug: (msg, attrs) => this.#log(Level.LOG_LEVEL_DEBUG, msg, attrs),
      info: (msg, attrs) => this.#log(Level.LOG_LEVEL_INFO, msg, attrs),
      warn: (msg, attrs) => this.#log(Level.LOG_LEVEL_WARN, msg, attrs),
      error: (msg, attrs) => this.#log(Level.LOG_LEVEL_ERROR, msg, attrs),
    };
  }
}

/** Moves the values out of the request, so that whoever looks at the request sees none. */
function takeSecrets(
  execution: ExecutionContext,
  onRead: (name: string, found: boolean) => void,
): InvocationSecrets {
  const values = new Map(
    execution.getSecretsList().map((entry) => [entry.getKey(), new SecretText(entry.getValue_asU8())]),
  );
  execution.clearSecretsList();
  return new InvocationSecrets(values, execution.getRevokedSecretNamesList(), onRead);
}

/** A handler gave something that is not its output message. Its text names types only. */
class OutputError extends TypeError {}

/** `Ask` for a message of that class, `undefined` for nothing. */
function typeOf(given: unknown): string {
  if (typeof given !== 'object' || given === null) return given === null ? 'null' : typeof given;
  return className(given);
}
