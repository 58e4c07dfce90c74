/** A built TypeScript package behind its socket, and a raw NodeService client to talk to it. */

import {
  create,
  fromBinary,
  toBinary,
  type DescMessage,
  type MessageInitShape,
  type MessageShape,
} from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import {
  Client,
  credentials,
  status,
  type CallOptions,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ServiceError,
} from '@grpc/grpc-js';
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  DescribeRequestSchema,
  DescribeResponseSchema,
  ExecutionContextSchema,
  InvokePipelineRequestSchema,
  InvokePipelineResponseSchema,
  InvokeRequestSchema,
  InvokeResponseSchema,
  type DescribeResponse,
  type InvokePipelineRequest,
  type InvokePipelineResponse,
  type InvokeResponse,
} from '../../src/gen/axiom/node/v1/node_pb';
import type { PackageModel } from '../../src/sdkgen/language';
import { loadPackage } from '../../src/sdkgen/load-package';
import { typescriptSupport } from '../../src/sdkgen/typescript';
import { writeFiles } from '../../src/sdkgen/write-files';

/** A copy of a package in a folder of its own, so that tests never write into the repository. */
export class BuiltPackage {
  private constructor(
    readonly model: PackageModel,
    /** What generation and build told the user. */
    readonly told: readonly string[],
  ) {}

  static async of(source: string): Promise<BuiltPackage> {
    const root = mkdtempSync(join(tmpdir(), 'axiom-ts-'));
    cpSync(source, root, {
      recursive: true,
      filter: (path) => !/\/(node_modules|dist|\.axiom)(\/|$)/.test(path),
    });
    return BuiltPackage.at(root);
  }

  /** Generates and builds in place. */
  static async at(root: string): Promise<BuiltPackage> {
    const told: string[] = [];
    const model = await loadPackage(root);
    await writeFiles(root, await typescriptSupport.generate(model, (line) => told.push(line)), (line) =>
      told.push(line),
    );
    await typescriptSupport.build(model, (line) => told.push(line));
    return new BuiltPackage(model, told);
  }

  remove(): void {
    rmSync(this.model.root, { recursive: true, force: true });
  }
}

/** A running node host, all that it printed, and a client on its socket. */
export class RunningHost {
  printed = '';
  readonly exit: Promise<number | null>;

  private constructor(
    readonly process: ChildProcess,
    readonly socket: string,
    private readonly client: Client,
  ) {
    for (const stream of [process.stdout, process.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.printed += chunk.toString()));
    }
    this.exit = new Promise((resolve) => process.once('close', resolve));
  }

  /** Rejects with what the host printed where it does not come up. */
  static async start(model: PackageModel, socket = newSocket()): Promise<RunningHost> {
    const { argv, cwd, env } = await typescriptSupport.hostCommand(model);
    const child = spawn(argv[0], argv.slice(1), {
      cwd,
      env: { ...process.env, ...env, AXIOM_SOCKET: socket },
    });
    const client = new Client(`unix:${socket}`, credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1,
      'grpc.initial_reconnect_backoff_ms': 50,
    });
    const host = new RunningHost(child, socket, client);
    const failed = host.exit.then(() => Promise.reject(new Error(host.printed)));
    failed.catch(() => client.close());
    await Promise.race([failed, host.listening()]);
    return host;
  }

  /** When the host has said that it listens. */
  private async listening(): Promise<void> {
    while (!this.printed.includes(' listens on ') && this.process.exitCode === null) await wait(10);
    await new Promise<void>((resolve, reject) => {
      this.client.waitForReady(Date.now() + 30_000, (error) => (error ? reject(error) : resolve()));
    });
  }

  describe(): Promise<DescribeResponse> {
    return new Promise((resolve, reject) => {
      this.client.makeUnaryRequest(
        '/axiom.node.v1.NodeService/Describe',
        serializer(DescribeRequestSchema),
        deserializer(DescribeResponseSchema),
        create(DescribeRequestSchema),
        (error, answer) => (answer ? resolve(answer) : reject(error as Error)),
      );
    });
  }

  invoke(
    node: string,
    input: Uint8Array,
    context: Context = {},
    options: CallOptions = {},
  ): ClientReadableStream<InvokeResponse> {
    return this.client.makeServerStreamRequest(
      '/axiom.node.v1.NodeService/Invoke',
      serializer(InvokeRequestSchema),
      deserializer(InvokeResponseSchema),
      create(InvokeRequestSchema, { node, input, context: executionContext(context) }),
      options,
    );
  }

  /** An open pipeline call, its start already sent. */
  pipeline(
    node: string,
    context: Context = {},
  ): ClientDuplexStream<InvokePipelineRequest, InvokePipelineResponse> {
    const call = this.rawPipeline();
    call.write(
      create(InvokePipelineRequestSchema, {
        message: { case: 'start', value: { node, context: executionContext(context) } },
      }),
    );
    return call;
  }

  rawPipeline(): ClientDuplexStream<InvokePipelineRequest, InvokePipelineResponse> {
    return this.client.makeBidiStreamRequest(
      '/axiom.node.v1.NodeService/InvokePipeline',
      serializer(InvokePipelineRequestSchema),
      deserializer(InvokePipelineResponseSchema),
    );
  }

  async stop(): Promise<number | null> {
    this.client.close();
    this.process.kill('SIGTERM');
    // One that hangs must not outlive its test.
    const last = setTimeout(() => this.process.kill('SIGKILL'), 20_000);
    const code = await this.exit;
    clearTimeout(last);
    rmSync(join(this.socket, '..'), { recursive: true, force: true });
    return code;
  }
}

function newSocket(): string {
  return join(mkdtempSync(join(tmpdir(), 'axiom-sock-')), 'node.sock');
}

export interface Context {
  readonly secrets?: Readonly<Record<string, string>> | ReadonlyMap<string, string>;
  readonly revoked?: readonly string[];
  readonly tenant?: string;
}

/** The ids that an execution of `tenant` has in these tests. */
function executionContext({ secrets = {}, revoked = [], tenant = 'acme' }: Context) {
  const entries = secrets instanceof Map ? [...secrets] : Object.entries(secrets as Record<string, string>);
  const context = create(ExecutionContextSchema, {
    executionId: `execution-of-${tenant}`,
    flowId: `flow-of-${tenant}`,
    tenantId: tenant,
    revokedSecretNames: [...revoked],
  });
  // The map's entries as they are on the wire: protobuf-es keeps a map in an object, where `__proto__` gets
  // lost.
  context.$unknown = entries.map(([name, value]) => ({
    no: ExecutionContextSchema.field.secrets.number,
    wireType: WireType.LengthDelimited,
    data: new BinaryWriter()
      .bytes(new BinaryWriter().tag(1, 2).string(name).tag(2, 2).bytes(Buffer.from(value)).finish())
      .finish(),
  }));
  return context;
}

/** A message as the node takes it. */
export function encoded<T extends DescMessage>(schema: T, init: MessageInitShape<T>): Uint8Array {
  return toBinary(schema, create(schema, init));
}

/** Every event until the end of the call. Rejects with the call's status where that is no OK. */
export async function events<T>(call: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const event of call) all.push(event);
  return all;
}

/** Every byte of every event, as text. */
export function allText(all: readonly (InvokeResponse | InvokePipelineResponse)[]): string {
  return JSON.stringify(all, (_key, value: unknown) => {
    if (typeof value === 'bigint') return String(value);
    return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
  });
}

/** How a call ended: `OK`, or its status with what it says. */
export async function statusOf(call: Promise<unknown>): Promise<string> {
  const error = (await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )) as ServiceError | undefined;
  return error ? `${status[error.code]}: ${error.details}` : 'OK';
}

function serializer<T extends DescMessage>(schema: T) {
  return (message: MessageShape<T>) => Buffer.from(toBinary(schema, message));
}

function deserializer<T extends DescMessage>(schema: T) {
  return (bytes: Buffer): MessageShape<T> => fromBinary(schema, bytes);
}
