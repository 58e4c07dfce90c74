/** One invocation's surroundings: its node, its execution's secrets, its deadline, and what becomes of its events. */

import type { Deadline } from '@grpc/grpc-js';
import type { InvokePipelineResponse, InvokeResponse } from '../gen/axiom/node/v1/node_pb';
import type { ExecutionSecrets } from './execution-secrets';
import { failureOf, hostFailureOf, type FailedNode } from './node-failure';
import type { NodeLog } from './node-log';
import type { PendingReads, Reader } from './reads';

/** What every invocation of a sidecar works with. */
export interface InvocationContext {
  readonly reads: PendingReads;
  readonly log: NodeLog;
}

type HostEvent = InvokeResponse['event'] | InvokePipelineResponse['event'];

export class Invocation {
  /** Milliseconds since the epoch: the caller's deadline or the node timeout, whichever comes first. */
  readonly deadline: number;
  readonly #at: FailedNode;
  readonly #token: string;

  constructor(
    private readonly context: InvocationContext,
    token: string,
    readonly secrets: ExecutionSecrets,
    private readonly reader: Reader,
    callerDeadline: Deadline,
  ) {
    this.#token = token;
    this.#at = { node: reader.node, package: `${reader.package}@${reader.packageVersion}` };
    this.deadline = Math.min(Number(callerDeadline), Date.now() + secrets.nodeTimeoutMs);
  }

  /** @returns the output, where the event is one. @throws NodeFailure where it is the handler's failure. */
  take(event: HostEvent): Uint8Array | undefined {
    switch (event.case) {
      case 'output':
        return event.value;
      case 'log':
        this.context.log.write(this.secrets, this.reader, event.value);
        return undefined;
      case 'secretRead': {
        const name = this.secrets.reportable(event.value.name);
        this.context.reads.add(this.#token, this.reader, name, event.value.found, Date.now());
        return undefined;
      }
      case 'error':
        throw failureOf(event.value, this.#at, this.#mask);
      case undefined:
        return undefined; // an event of a newer host
    }
  }

  /** The failure of the call to the host, as the caller may see it. */
  failure(error: unknown, cancelled: boolean): Error {
    const timeoutMs = this.secrets.nodeTimeoutMs;
    return hostFailureOf(error, { at: this.#at, timeoutMs, cancelled, mask: this.#mask });
  }

  readonly #mask = (text: string): string => this.secrets.mask(text);
}
