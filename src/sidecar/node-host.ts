/** The node host beside this sidecar: its connection, what it says it runs, and whether it is there. */

import { connectivityState, type Channel, type Client } from '@grpc/grpc-js';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { DomainError } from '../domain/errors';
import { NodeService, type DescribeResponse, type NodeDescription } from '../gen/axiom/node/v1/node_pb';
import { clientOn, openChannel, wireClient } from '../wire/client';

const DESCRIBE_TIMEOUT_MS = 5_000;
const DESCRIBE_RETRY_MS = 200;

/** Connects to the host's socket again and again for as long as the sidecar runs. */
export class NodeHost {
  readonly client: Client;
  readonly #channel: Channel;
  #description: DescribeResponse | undefined;
  #closed = false;

  constructor(
    private readonly socket: string,
    private readonly logger: Logger,
    /** Told whenever the host comes or goes. */
    private readonly onChange: (up: boolean) => void,
  ) {
    this.#channel = openChannel(
      { address: `unix:${socket}` },
      { 'grpc.initial_reconnect_backoff_ms': 100, 'grpc.max_reconnect_backoff_ms': 2_000 },
    );
    this.client = clientOn(this.#channel);
  }

  /** Waits for the host's first answer and keeps watching it. @throws DomainError UNAVAILABLE after `timeoutMs`. */
  async start(timeoutMs: number): Promise<void> {
    const up = await this.#describe(Date.now() + timeoutMs);
    if (!up) {
      throw new DomainError(
        'UNAVAILABLE',
        `no node host answers on ${this.socket}; start it, or say where it listens with nodeSocket`,
        'NODE_HOST_UNAVAILABLE',
      );
    }
    void this.#watch();
  }

  /** What the host said last. @throws DomainError UNAVAILABLE before the first answer. */
  get description(): DescribeResponse {
    if (this.#description === undefined) {
      throw new DomainError(
        'UNAVAILABLE',
        'the node host has not answered yet; try again shortly',
        'NODE_HOST_UNAVAILABLE',
      );
    }
    return this.#description;
  }

  /** @throws DomainError NOT_FOUND naming the nodes that there are; INVALID_ARGUMENT where the node is of the other kind. */
  node(name: string, pipeline: boolean): NodeDescription {
    const { package: pkg, version, nodes } = this.description;
    const node = nodes.find((one) => one.name === name);
    if (node === undefined) {
      const names = nodes.map((one) => one.name).join(', ') || 'none';
      throw new DomainError(
        'NOT_FOUND',
        `${pkg}@${version} has no node of that name; it has: ${names}`,
        'NO_SUCH_NODE',
      );
    }
    if (node.pipeline !== pipeline) {
      const text = node.pipeline ? 'is a pipeline; call InvokePipeline' : 'is unary; call Invoke';
      throw new DomainError('INVALID_ARGUMENT', `${name} ${text}`, 'WRONG_KIND_OF_NODE', [
        { field: 'node', description: text },
      ]);
    }
    return node;
  }

  close(): void {
    this.#closed = true;
    this.#channel.close();
  }

  async #describe(deadline: number): Promise<boolean> {
    const service = wireClient(NodeService, this.#channel);
    while (!this.#closed && Date.now() < deadline) {
      try {
        const timeout = Math.min(deadline, Date.now() + DESCRIBE_TIMEOUT_MS);
        this.#description = await service.describe({}, { deadline: timeout });
        const { package: pkg, version, language, nodes } = this.#description;
        this.logger.info({ package: pkg, version, language, nodes: nodes.length }, 'the node host is there');
        this.onChange(true);
        return true;
      } catch {
        await sleep(DESCRIBE_RETRY_MS);
      }
    }
    return false;
  }

  /** A host that restarts may serve another version of the package: it is asked anew. */
  async #watch(): Promise<void> {
    while (!this.#closed) {
      await this.#whileReady();
      if (this.#closed) return;
      this.onChange(false);
      this.logger.warn('the node host is gone; waiting for it');
      await this.#describe(Infinity);
    }
  }

  #whileReady(): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.#closed || this.#channel.getConnectivityState(true) !== connectivityState.READY)
          return resolve();
        this.#channel.watchConnectivityState(connectivityState.READY, Infinity, look);
      };
      look();
    });
  }
}
