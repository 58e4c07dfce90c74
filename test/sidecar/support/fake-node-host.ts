/** A node host in this process: handlers are functions of the test. The generated hosts are driven in test/conformance. */

import {
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import * as fs from 'node:fs';
import {
  NodeService,
  type DescribeRequest,
  type DescribeResponse,
  type ExecutionContext,
  type InvokePipelineRequest,
  type InvokePipelineResponse,
  type InvokeRequest,
  type InvokeResponse,
  type LogLevel,
} from '../../../src/gen/axiom/node/v1/node_pb';
import { wireMethod } from '../../../src/wire/method';

/** What a handler of the test sees: values as text, and ways to emit events. */
export interface FakeCall {
  readonly context: ExecutionContext;
  readonly input: string;
  readonly deadline: number;
  /** Fires when the sidecar cancels. */
  readonly cancelled: Promise<void>;
  get(name: string): [string, boolean];
  /** Reports a read, true or not. */
  read(name: string, found: boolean): void;
  log(message: string, attributes?: Record<string, string>, level?: LogLevel): void;
  fail(error: { typed: boolean; code?: string; message?: string; detail?: string }): void;
}

export type FakeHandler = (call: FakeCall) => Promise<string | undefined> | string | undefined;
export type FakePipeline = (
  inputs: AsyncIterable<string>,
  emit: (output: string) => Promise<void>,
  context: ExecutionContext,
) => Promise<void>;

type Emit = (event: InvokeResponse['event']) => void;

export class FakeNodeHost {
  version = '1.0.0';
  /** How many pipeline calls the sidecar has cancelled. */
  cancelledPipelines = 0;
  #server = new Server();

  constructor(
    private readonly socket: string,
    private readonly handlers: Record<string, FakeHandler>,
    private readonly pipelines: Record<string, FakePipeline> = {},
  ) {}

  async start(): Promise<void> {
    fs.rmSync(this.socket, { force: true });
    this.#server = new Server({ 'grpc.max_receive_message_length': 64 * 1024 * 1024 });
    this.#server.addService(
      {
        describe: wireMethod(NodeService.method.describe),
        invoke: wireMethod(NodeService.method.invoke),
        invokePipeline: wireMethod(NodeService.method.invokePipeline),
      },
      { describe: this.#describe, invoke: this.#invoke, invokePipeline: this.#invokePipeline },
    );
    await new Promise<void>((done, fail) => {
      this.#server.bindAsync(`unix:${this.socket}`, ServerCredentials.createInsecure(), (error) =>
        error ? fail(error) : done(),
      );
    });
  }

  /** As if the host had been killed. */
  kill(): void {
    this.#server.forceShutdown();
  }

  readonly #describe = (
    _call: ServerUnaryCall<DescribeRequest, DescribeResponse>,
    answer: sendUnaryData<DescribeResponse>,
  ): void => {
    const node = (name: string, pipeline: boolean) => ({
      name,
      pipeline,
      inputType: 't.In',
      outputType: 't.Out',
    });
    const nodes = [
      ...Object.keys(this.handlers).map((name) => node(name, false)),
      ...Object.keys(this.pipelines).map((name) => node(name, true)),
    ];
    answer(null, {
      package: 'acme/greeter',
      version: this.version,
      language: 'typescript',
      nodes,
    } as DescribeResponse);
  };

  readonly #invoke = (call: ServerWritableStream<InvokeRequest, InvokeResponse>): void => {
    const emit: Emit = (event) => void call.write({ event } as InvokeResponse);
    const context = call.request.context as ExecutionContext;
    const handler = this.handlers[call.request.node];
    if (handler === undefined) {
      call.emit('error', { code: status.NOT_FOUND, details: 'no such node' });
      return;
    }
    const cancelled = new Promise<void>((done) => call.once('cancelled', () => done()));
    const input = Buffer.from(call.request.input).toString();
    const deadline = Number(call.getDeadline());
    const run = async () => handler({ context, input, deadline, cancelled, ...capabilities(context, emit) });
    run().then(
      (output) => {
        if (output !== undefined) emit({ case: 'output', value: Buffer.from(output) });
        call.end();
      },
      (error: Error & { code?: status }) =>
        call.emit('error', { code: error.code ?? status.UNKNOWN, details: error.message }),
    );
  };

  readonly #invokePipeline = (
    call: ServerDuplexStream<InvokePipelineRequest, InvokePipelineResponse>,
  ): void => {
    call.once('cancelled', () => this.cancelledPipelines++);
    const requests = call.iterator({ destroyOnReturn: false }) as AsyncIterator<InvokePipelineRequest>;
    const run = async (): Promise<void> => {
      const first = (await requests.next()).value as InvokePipelineRequest;
      if (first.message.case !== 'start') throw new Error('the start is missing');
      const { node, context } = first.message.value;
      async function* inputs() {
        for (let next = await requests.next(); next.done !== true; next = await requests.next()) {
          if (next.value.message.case === 'input') yield Buffer.from(next.value.message.value).toString();
        }
      }
      const emit = async (output: string): Promise<void> => {
        const event = { case: 'output' as const, value: Buffer.from(output) };
        if (!call.write({ event } as unknown as InvokePipelineResponse))
          await new Promise((done) => call.once('drain', done));
      };
      await this.pipelines[node]?.(inputs(), emit, context as ExecutionContext);
      call.end();
    };
    run().catch((error: Error) => call.emit('error', { code: status.UNKNOWN, details: error.message }));
  };
}

function capabilities(
  context: ExecutionContext,
  emit: Emit,
): Pick<FakeCall, 'get' | 'read' | 'log' | 'fail'> {
  return {
    get(name) {
      const value = Object.hasOwn(context.secrets, name) ? context.secrets[name] : undefined;
      emit({ case: 'secretRead', value: { name, found: value !== undefined } as never });
      return [Buffer.from(value ?? []).toString(), value !== undefined];
    },
    read(name, found) {
      emit({ case: 'secretRead', value: { name, found } as never });
    },
    log(message, attributes = {}, level = 2) {
      emit({ case: 'log', value: { message, attributes, level } as never });
    },
    fail({ typed, code = '', message = '', detail = '' }) {
      emit({ case: 'error', value: { typed, code, message, detail } as never });
    },
  };
}
