/** The node host beside this sidecar: its connection, what it says it runs, and whether it is there. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { DomainError } from '../domain/errors';
import { MAX_NODE_NAME, MAX_PACKAGE_NAME, MAX_VERSION } from '../domain/package-name';
import {
  DescribeResponseSchema,
  NodeService,
  type DescribeResponse,
  type NodeDescription,
} from '../gen/axiom/node/v1/node_pb';
import { methodPath } from '../wire/method';
import { parseMessage } from '../wire/parse-message';
import { callHost, type Cancellation } from './host-call';
import { HostConnection, hostIsGone } from './host-connection';
import { checkNodeSocket, isSameSocket } from './node-socket';

const CONNECT_TIMEOUT_MS = 5_000;
const RETRY_MS = 200;
/** A package has 1,000 nodes at most. */
const MAX_DESCRIPTION_BYTES = 1024 * 1024;
/** A status with more of them does not reach its caller. */
const MOST_NAMES = 20;
const DESCRIBE = methodPath(NodeService.method.describe);
const NEVER: Cancellation = { isCancelled: false, onCancel: () => () => undefined };

/** Which host may answer. */
export interface ExpectedHost {
  readonly socket: string;
  /** The user whose socket it must be. */
  readonly uid: number;
  /** `handle/name` or `handle/name@version`; undefined: any package. */
  readonly package: string | undefined;
}

/** What a host says of itself cannot be used; the message tells why. */
class UnusableDescription extends Error {}

/** A host that has said what it runs. */
interface DescribedHost {
  readonly connection: HostConnection;
  readonly description: DescribeResponse;
}

/**
 * Connects to the host's socket again and again for as long as the sidecar runs. Each time
 * the socket is looked at first: a connection never comes back by itself, because by then
 * another process may be behind it.
 */
export class NodeHost {
  #host: DescribedHost | undefined;
  #closed = false;
  #refusal: string | undefined;

  constructor(
    private readonly expected: ExpectedHost,
    private readonly logger: Logger,
    /** Told whenever the host comes or goes. */
    private readonly onChange: (up: boolean) => void,
  ) {}

  /**
   * Waits for the host's first answer and keeps watching it.
   * @throws DomainError UNAVAILABLE after `timeoutMs`, FAILED_PRECONDITION where what is there is not the host that is expected.
   */
  async start(timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    this.logger.info({ socket: this.expected.socket }, 'waiting for the node host');
    while (!this.#closed && this.#host === undefined) {
      await this.#connect(deadline);
      if (this.#host !== undefined) break;
      if (Date.now() >= deadline) {
        throw new DomainError(
          'UNAVAILABLE',
          `no node host answers on ${this.expected.socket}; start it, or say where it listens with --node-socket`,
          'NODE_HOST_UNAVAILABLE',
        );
      }
      await sleep(RETRY_MS);
    }
    void this.#watch();
  }

  /** For calls. @throws DomainError UNAVAILABLE while the host is not there. */
  get connection(): HostConnection {
    return this.#up.connection;
  }

  /** What the host said last. @throws DomainError UNAVAILABLE while it is not there. */
  get description(): DescribeResponse {
    return this.#up.description;
  }

  /** @throws DomainError NOT_FOUND naming the nodes that there are; INVALID_ARGUMENT where the node is of the other kind. */
  node(name: string, pipeline: boolean): NodeDescription {
    const { package: pkg, version, nodes } = this.description;
    const node = nodes.find((one) => one.name === name);
    if (node === undefined) {
      throw new DomainError(
        'NOT_FOUND',
        `${pkg}@${version} has no node of that name; it has: ${someOf(nodes)}`,
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
    this.#host?.connection.close();
    this.#host = undefined;
  }

  get #up(): DescribedHost {
    if (this.#host !== undefined) return this.#host;
    throw hostIsGone();
  }

  /** Tries once. @throws DomainError FAILED_PRECONDITION where another than the expected host is there. */
  async #connect(deadline: number): Promise<void> {
    const { socket, uid } = this.expected;
    const before = checkNodeSocket(socket, uid);
    if (before === undefined) return;
    const until = Math.min(deadline, Date.now() + CONNECT_TIMEOUT_MS);
    let connection: HostConnection | undefined;
    try {
      connection = await HostConnection.open(socket, until - Date.now());
      // The connection is to the socket that was looked at: it is still the same one.
      if (!isSameSocket(before, checkNodeSocket(socket, uid)))
        throw new Error('another socket took its place');
      const description = await describe(connection, until).catch((error: unknown) => {
        throw error instanceof UnusableDescription ? this.#unusable(error) : error;
      });
      this.#checkPackage(description);
      if (this.#closed) throw new Error('closed');
      this.#host = { connection, description };
    } catch (error) {
      connection?.close();
      if (error instanceof DomainError && error.reason !== 'NODE_HOST_UNAVAILABLE') throw error;
      return;
    }
    const { package: pkg, version, language, nodes } = this.#host.description;
    this.logger.info({ package: pkg, version, language, nodes: nodes.length }, 'the node host is there');
    this.onChange(true);
  }

  #checkPackage({ package: pkg, version }: DescribeResponse): void {
    const wanted = this.expected.package;
    if (wanted === undefined || wanted === pkg || wanted === `${pkg}@${version}`) return;
    throw new DomainError(
      'FAILED_PRECONDITION',
      `the node host on ${this.expected.socket} runs ${pkg}@${version} and not ${wanted}; start the host of ${wanted}, or say --package ${pkg}`,
      'WRONG_PACKAGE',
    );
  }

  #unusable({ message }: UnusableDescription): DomainError {
    return new DomainError(
      'FAILED_PRECONDITION',
      `the node host on ${this.expected.socket} ${message}; start the one that \`axiom generate\` made of the package`,
      'UNUSABLE_NODE_HOST',
    );
  }

  /** A host that restarts may serve another version of the package: it is asked anew. */
  async #watch(): Promise<void> {
    while (!this.#closed) {
      const since = performance.now();
      const isBroken = await this.#whileUp();
      if (this.#closed) return;
      this.onChange(false);
      const why = isBroken
        ? 'the node host does not keep to HTTP/2; its connection is closed'
        : 'the node host is gone';
      this.logger.warn(`${why}; waiting for it`);
      // One that comes and goes would keep the sidecar busy with nothing else.
      if (performance.now() - since < RETRY_MS) await sleep(RETRY_MS);
      while (!this.#closed && this.#host === undefined) {
        await this.#connect(Infinity).catch((error: DomainError) => this.#tellRefusal(error));
        if (this.#host === undefined) await sleep(RETRY_MS);
      }
      this.#refusal = undefined;
    }
  }

  /** Once, and again when it becomes another. */
  #tellRefusal({ message, reason }: DomainError): void {
    if (this.#refusal !== message) this.logger.error({ reason }, message);
    this.#refusal = message;
  }

  /** @returns whether the host broke the protocol. */
  async #whileUp(): Promise<boolean> {
    const connection = this.#host?.connection;
    await connection?.whenGone;
    connection?.retire();
    this.#host = undefined;
    return connection?.isBroken === true;
  }
}

async function describe(connection: HostConnection, deadline: number): Promise<DescribeResponse> {
  let answer: DescribeResponse | undefined;
  const request = { path: DESCRIBE, message: Buffer.alloc(0) };
  await callHost(connection, request, { deadline, cancellation: NEVER }, (bytes) => {
    answer = descriptionIn(bytes);
  });
  if (answer === undefined) throw new UnusableDescription('does not say what it runs');
  return answer;
}

/** @throws UnusableDescription. */
function descriptionIn(bytes: Buffer): DescribeResponse {
  if (bytes.byteLength > MAX_DESCRIPTION_BYTES)
    throw new UnusableDescription('says too much of what it runs');
  let description: DescribeResponse;
  try {
    description = parseMessage(DescribeResponseSchema, bytes);
  } catch {
    throw new UnusableDescription('says what cannot be read');
  }
  if (!isOfAManifest(description)) throw new UnusableDescription('has names that no package may have');
  return description;
}

/** Whether its names are as long as a manifest's at most: each log line and each read that is reported has all three. */
function isOfAManifest({ package: pkg, version, nodes }: DescribeResponse): boolean {
  const fits = (text: string, most: number): boolean => Buffer.byteLength(text) <= most;
  return (
    fits(pkg, MAX_PACKAGE_NAME) &&
    fits(version, MAX_VERSION) &&
    nodes.every(({ name }) => fits(name, MAX_NODE_NAME))
  );
}

function someOf(nodes: readonly NodeDescription[]): string {
  const names = nodes.slice(0, MOST_NAMES).map((one) => one.name);
  const others = nodes.length - names.length;
  if (others > 0) names.push(`and ${others} others`);
  return names.join(', ') || 'none';
}
