/** One invocation's surroundings: its node, its execution's secrets, its deadline, and what becomes of its events. */

import type { Deadline } from '@grpc/grpc-js';
import { NOT_A_SECRET_NAME, SECRET_NAME_BYTES, isSecretName } from '../domain/ids';
import type { ExecutionSecrets } from './execution-secrets';
import type { FairQueue } from './fair-queue';
import type { NodeEvent } from './node-events';
import { failureOf, hostFailureOf, type FailedNode } from './node-failure';
import type { NodeLog } from './node-log';
import type { PendingReads, ReadOf, Reader } from './reads';

/** What every invocation of a sidecar works with. */
export interface InvocationContext {
  readonly reads: PendingReads;
  readonly log: NodeLog;
  readonly queue: FairQueue;
}

type Output = Uint8Array | undefined;

export class Invocation {
  /** Milliseconds since the epoch: the caller's deadline or the node timeout, whichever comes first. */
  readonly deadline: number;
  readonly #at: FailedNode;
  readonly #readOf: ReadOf;
  /** What this invocation was given, whatever is revoked while it runs. */
  readonly #names: ReadonlySet<string>;

  constructor(
    private readonly context: InvocationContext,
    token: string,
    readonly secrets: ExecutionSecrets,
    private readonly reader: Reader,
    callerDeadline: Deadline,
  ) {
    this.#readOf = { token, tenantId: secrets.ids.tenantId, reader };
    this.#names = secrets.names;
    this.#at = { node: reader.node, package: `${reader.package}@${reader.packageVersion}` };
    this.deadline = Math.min(Number(callerDeadline), Date.now() + secrets.nodeTimeoutMs);
  }

  /**
   * @returns the output, where the event is one; a promise where the next event must wait for this one.
   * @throws NodeFailure where it is the handler's failure.
   */
  take(event: NodeEvent): Output | Promise<Output> {
    switch (event.case) {
      case 'output':
        return event.value;
      case 'log':
        return this.context.log.write(this.secrets, this.reader, event.value);
      case 'secretRead':
        return this.#takeRead(event.name);
      case 'error':
        return this.#prepared().then(() => {
          throw failureOf(event.value, this.#at, this.#mask);
        });
      case undefined:
        return undefined; // an event of a newer host
    }
  }

  /** The failure of the call to the host, as the caller may see it. */
  async failure(error: unknown, cancelled: boolean): Promise<Error> {
    await this.#prepared();
    const timeoutMs = this.secrets.nodeTimeoutMs;
    return hostFailureOf(error, { at: this.#at, timeoutMs, cancelled, mask: this.#mask });
  }

  /** The sidecar says what was found: it holds the values, and a host may say anything. */
  #takeRead(asked: Uint8Array): undefined | Promise<undefined> {
    const name = asked.length > SECRET_NAME_BYTES ? NOT_A_SECRET_NAME : Buffer.from(asked).toString('utf8');
    if (this.#names.has(name) || this.secrets.isRegistered(name) || !isSecretName(name)) {
      this.#count(isSecretName(name) ? name : NOT_A_SECRET_NAME);
      return undefined;
    }
    // A value may look like a name: `get(value)` by mistake.
    return this.#prepared().then(() => this.#count(this.#mask(name)));
  }

  #count(name: string): undefined {
    this.context.reads.add(this.#readOf, name, this.#names.has(name), Date.now());
    return undefined;
  }

  #prepared(): Promise<void> {
    return this.context.queue.run(this.secrets.ids.tenantId, this.secrets.prepareMasking());
  }

  readonly #mask = (text: string | Uint8Array, limit?: number): string => this.secrets.mask(text, limit);
}
