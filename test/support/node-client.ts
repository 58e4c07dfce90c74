/** Speaks NodeService straight to a node host's Unix socket, as a sidecar would; and starts hosts. */

import {
  create,
  fromBinary,
  toBinary,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeRequestSchema,
  DescribeResponseSchema,
  InvokePipelineRequestSchema,
  InvokePipelineResponseSchema,
  InvokeRequestSchema,
  InvokeResponseSchema,
  type DescribeResponse,
  type ExecutionContextSchema,
  type InvokePipelineResponse,
  type InvokeResponse,
} from '../../src/gen/axiom/node/v1/node_pb';
import type { Command } from '../../src/sdkgen/language';

export type NodeEvent = InvokeResponse['event'] | InvokePipelineResponse['event'];
export type Execution = MessageInitShape<typeof ExecutionContextSchema>;

/** A call whose events are read with for await; `cancel` takes it back. */
export interface NodeCall extends AsyncIterable<NodeEvent> {
  cancel(): void;
}

/** A pipeline call: inputs go in while events come out. */
export interface NodePipelineCall extends NodeCall {
  /** @param taken is called when the host's side of HTTP/2 has room for all of it. */
  send(input: Uint8Array, taken?: () => void): void;
  endInputs(): void;
}

const path = (method: string) => `/axiom.node.v1.NodeService/${method}`;
const encode =
  <D extends DescMessage>(schema: D) =>
  (message: MessageShape<D>) =>
    Buffer.from(toBinary(schema, message));
const decode =
  <D extends DescMessage>(schema: D) =>
  (bytes: Buffer) =>
    fromBinary(schema, bytes);

export class NodeClient {
  private readonly client: Client;

  constructor(socket: string) {
    this.client = new Client(`unix:${socket}`, credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
    });
  }

  /** Waits for the connection too: a socket's file is there a moment before its host listens on it. */
  describe(deadlineMs = 5_000): Promise<DescribeResponse> {
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(
        path('Describe'),
        encode(DescribeRequestSchema),
        decode(DescribeResponseSchema),
        create(DescribeRequestSchema),
        new Metadata({ waitForReady: true }),
        { deadline: Date.now() + deadlineMs },
        (error, response) => (error || !response ? reject(error) : resolve(response)),
      );
    });
  }

  /** `deadlineMs` from now; none by default. */
  invoke(node: string, input: Uint8Array, context: Execution = {}, deadlineMs = 60_000): NodeCall {
    const call = this.client.makeServerStreamRequest(
      path('Invoke'),
      encode(InvokeRequestSchema),
      decode(InvokeResponseSchema),
      create(InvokeRequestSchema, { node, input, context }),
      { deadline: Date.now() + deadlineMs },
    );
    return { cancel: () => call.cancel(), [Symbol.asyncIterator]: () => events(call) };
  }

  pipeline(node: string, context: Execution = {}, deadlineMs = 60_000): NodePipelineCall {
    const call = this.client.makeBidiStreamRequest(
      path('InvokePipeline'),
      encode(InvokePipelineRequestSchema),
      decode(InvokePipelineResponseSchema),
      { deadline: Date.now() + deadlineMs },
    );
    call.write(create(InvokePipelineRequestSchema, { message: { case: 'start', value: { node, context } } }));
    return {
      send: (input, taken) =>
        void call.write(
          create(InvokePipelineRequestSchema, { message: { case: 'input', value: input } }),
          (error?: Error | null) => void (error ?? taken?.()),
        ),
      endInputs: () => call.end(),
      cancel: () => call.cancel(),
      [Symbol.asyncIterator]: () => events(call),
    };
  }

  close(): void {
    this.client.close();
  }
}

async function* events(
  call: AsyncIterable<InvokeResponse | InvokePipelineResponse>,
): AsyncGenerator<NodeEvent> {
  for await (const { event } of call) yield event;
}

/** What one finished call said, sorted by kind. */
export interface Answer {
  readonly outputs: readonly Uint8Array[];
  readonly reads: readonly (readonly [name: string, found: boolean])[];
  readonly logs: readonly {
    readonly level: number;
    readonly message: string;
    readonly attributes: Record<string, string>;
  }[];
  readonly errors: readonly {
    readonly typed: boolean;
    readonly code: string;
    readonly message: string;
    readonly detail: string;
  }[];
  /** The kinds in the order they came. */
  readonly order: readonly string[];
}

/** Reads a call to its end; rejects with the gRPC status when it is not OK. */
export async function answerOf(call: AsyncIterable<NodeEvent>): Promise<Answer> {
  const outputs: Uint8Array[] = [];
  const reads: [string, boolean][] = [];
  const logs: { level: number; message: string; attributes: Record<string, string> }[] = [];
  const errors: { typed: boolean; code: string; message: string; detail: string }[] = [];
  const order: string[] = [];
  for await (const event of call) {
    order.push(event.case ?? 'none');
    if (event.case === 'output') outputs.push(event.value);
    else if (event.case === 'secretRead') reads.push([event.value.name, event.value.found]);
    else if (event.case === 'log') {
      const { level, message, attributes } = event.value;
      logs.push({ level, message, attributes: { ...attributes } });
    } else if (event.case === 'error') {
      const { typed, code, message, detail } = event.value;
      errors.push({ typed, code, message, detail });
    }
  }
  return { outputs, reads, logs, errors, order };
}

/** The gRPC status code that a call ends with; 0 for OK. */
export async function statusOf(call: AsyncIterable<NodeEvent>): Promise<number> {
  try {
    await answerOf(call);
    return 0;
  } catch (error) {
    return (error as ServiceError).code;
  }
}

/** A running node host with a client on its socket. */
export class NodeHost {
  private constructor(
    readonly process: ChildProcess,
    readonly socket: string,
    readonly client: NodeClient,
    private readonly printedParts: readonly string[],
  ) {}

  /** Starts a host and waits until it answers Describe. `socket` must not exist. */
  static async start(command: Command, socket: string, waitMs = 60_000): Promise<NodeHost> {
    if (existsSync(socket)) throw new Error(`${socket} is taken`);
    const [program, ...args] = command.argv;
    const child = spawn(program, args, {
      cwd: command.cwd,
      env: { ...process.env, ...command.env, AXIOM_SOCKET: socket },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const parts: string[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => parts.push(data.toString()));
    const until = Date.now() + waitMs;
    while (!existsSync(socket)) {
      if (child.exitCode !== null || Date.now() > until)
        throw new Error(`the host did not start:\n${parts.join('')}`);
      await sleep(20);
    }
    const host = new NodeHost(child, socket, new NodeClient(socket), parts);
    await host.client.describe(waitMs).catch((error: Error) => {
      throw new Error(`the host did not answer: ${error.message}\n${host.printed}`);
    });
    return host;
  }

  /** Everything it printed so far, on both streams. */
  get printed(): string {
    return this.printedParts.join('');
  }

  /** Asks it to stop; gives its exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.client.close();
    if (this.process.exitCode !== null) return this.process.exitCode;
    this.process.kill(signal);
    await once(this.process, 'exit');
    return this.process.exitCode;
  }
}
