import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import {
  Metadata,
  Server,
  ServerCredentials,
  status,
  type Channel,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  NodeService,
  type DescribeRequest,
  type DescribeResponse,
  type InvokePipelineRequest,
  type InvokePipelineResponse,
  type InvokeRequest,
  type InvokeResponse,
} from '../../src/gen/axiom/node/v1/node_pb';
import { ErrorInfoSchema } from '../../src/gen/google/rpc/error_details_pb';
import { StatusSchema } from '../../src/gen/google/rpc/status_pb';
import { openChannel, StatusError, wireClient } from '../../src/wire/client';
import { wireMethod } from '../../src/wire/method';

describe('a typed client over a grpc-js channel', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'axiom-wire-'));
  const socket = path.join(folder, 'node.sock');
  const server = new Server();
  let channel: Channel;
  let cancelled = 0;
  let received = 0;

  beforeAll(async () => {
    server.addService(
      {
        describe: wireMethod(NodeService.method.describe),
        invoke: wireMethod(NodeService.method.invoke),
        invokePipeline: wireMethod(NodeService.method.invokePipeline),
      },
      { describe: describePackage, invoke: invokeNode, invokePipeline: echoPipeline },
    );
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(`unix:${socket}`, ServerCredentials.createInsecure(), (error) =>
        error ? reject(error) : resolve(),
      );
    });
    channel = openChannel({ address: `unix:${socket}` });
  });

  afterAll(() => {
    channel.close();
    server.forceShutdown();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  function describePackage(
    call: ServerUnaryCall<DescribeRequest, DescribeResponse>,
    answer: sendUnaryData<DescribeResponse>,
  ): void {
    if (call.metadata.get('fail')[0] !== undefined)
      return answer({ code: status.NOT_FOUND, ...withErrorInfo() });
    if (call.metadata.get('hang')[0] === undefined)
      answer(null, { package: 'acme/greeter' } as DescribeResponse);
  }

  function invokeNode(call: ServerWritableStream<InvokeRequest, InvokeResponse>): void {
    call.on('cancelled', () => cancelled++);
    for (const output of [1, 2, 3]) {
      call.write({ event: { case: 'output', value: Uint8Array.of(output) } } as InvokeResponse);
    }
    if (call.request.node === 'Fail') call.emit('error', { code: status.ABORTED, ...withErrorInfo() });
    else if (call.request.node !== 'Hang') call.end();
  }

  function echoPipeline(call: ServerDuplexStream<InvokePipelineRequest, InvokePipelineResponse>): void {
    call.on('data', (request: InvokePipelineRequest) => {
      received++;
      if (request.message.case === 'start') return call.pause(); // reads nothing more until the test says so
      call.write({ event: { case: 'output', value: request.message.value } } as InvokePipelineResponse);
    });
    call.on('end', () => call.end());
    resume = () => call.resume();
  }
  let resume = (): void => {};

  it('answers a unary call', async () => {
    const client = wireClient(NodeService, channel);
    expect((await client.describe({})).package).toBe('acme/greeter');
  });

  it("throws the other side's status with its details", async () => {
    const error = await wireClient(NodeService, channel)
      .describe({}, { metadata: { fail: 'yes' } })
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StatusError);
    const failure = error as StatusError;
    expect([failure.codeName, failure.message]).toEqual(['NOT_FOUND', 'No such thing; list them first.']);
    expect(failure.details(ErrorInfoSchema)[0]?.reason).toBe('NO_SUCH_THING');
  });

  it('fails a unary call at its deadline', async () => {
    const call = wireClient(NodeService, channel).describe(
      {},
      { metadata: { hang: 'yes' }, deadline: Date.now() + 50 },
    );
    await expect(call).rejects.toMatchObject({ codeName: 'DEADLINE_EXCEEDED' });
  });

  it('cancels a unary call by its signal, also one that fired before', async () => {
    const client = wireClient(NodeService, channel);
    const abort = new AbortController();
    const call = client.describe({}, { metadata: { hang: 'yes' }, signal: abort.signal });
    setTimeout(() => abort.abort(), 20);
    await expect(call).rejects.toMatchObject({ codeName: 'CANCELLED' });
    await expect(client.describe({}, { signal: abort.signal })).rejects.toMatchObject({
      codeName: 'CANCELLED',
    });
  });

  it('yields every response of a stream, then its status', async () => {
    const seen: number[] = [];
    const read = async (node: string): Promise<void> => {
      for await (const response of wireClient(NodeService, channel).invoke({ node })) {
        if (response.event.case === 'output') seen.push(response.event.value[0] ?? 0);
      }
    };
    await read('Ok');
    await expect(read('Fail')).rejects.toMatchObject({ codeName: 'ABORTED' });
    expect(seen).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it('keeps a status that came before anybody iterated', async () => {
    const stream = wireClient(NodeService, channel).invoke({ node: 'Fail' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const read = async (): Promise<void> => {
      for await (const response of stream) expect(response.event.case).toBe('output');
    };
    await expect(read()).rejects.toMatchObject({ codeName: 'ABORTED' });
  });

  it('cancels the call when the loop is left early', async () => {
    const before = cancelled;
    for await (const response of wireClient(NodeService, channel).invoke({ node: 'Hang' })) {
      expect(response.event.case).toBe('output');
      break;
    }
    while (cancelled === before) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  it('takes requests only as fast as the other side reads them, and passes their end on', async () => {
    let made = 0;
    const total = 400;
    async function* requests() {
      yield { message: { case: 'start' as const, value: { node: 'Echo' } } };
      for (; made < total; made++)
        yield { message: { case: 'input' as const, value: new Uint8Array(64 * 1024) } };
    }
    received = 0;
    const stream = wireClient(NodeService, channel).invokePipeline(requests());
    const first = stream.next();
    while (received === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(made).toBeLessThan(total / 2);
    resume();
    expect((await first).done).toBe(false);
    let outputs = 1;
    for await (const response of stream) outputs += response.event.case === 'output' ? 1 : 0;
    expect(outputs).toBe(total);
  });

  it('throws the failure of the requests to whoever reads the responses', async () => {
    async function* requests() {
      yield { message: { case: 'start' as const, value: { node: 'Echo' } } };
      throw new Error('the inputs broke');
    }
    const stream = wireClient(NodeService, channel).invokePipeline(requests());
    await expect(stream.next()).rejects.toThrow('the inputs broke');
  });
});

function withErrorInfo() {
  const info = create(ErrorInfoSchema, { reason: 'NO_SUCH_THING', domain: 'test' });
  const rich = create(StatusSchema, { code: status.NOT_FOUND, details: [anyPack(ErrorInfoSchema, info)] });
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(toBinary(StatusSchema, rich)));
  return { details: 'No such thing; list them first.', metadata };
}
