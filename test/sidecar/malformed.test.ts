/** Bytes that are no request, at the sidecar's door. */

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { status, type ServiceError } from '@grpc/grpc-js';
import { InvokePipelineRequestSchema, SidecarService } from '../../src/gen/axiom/sidecar/v1/sidecar_pb';
import { create, toBinary } from '@bufbuild/protobuf';
import { clientOn, openChannel } from '../../src/wire/client';
import { methodPath } from '../../src/wire/method';
import { startRig, type Rig } from './support/rig';

const asIs = (bytes: Buffer): Buffer => bytes;
const NO_MESSAGE = Buffer.from([0x0a, 0x40, 0x63, 0x61, 0x6e]); // a field of 64 bytes, of which 3 came

describe("bytes that are no message, at a sidecar's door,", () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig(
      { Greet: () => 'hi' },
      {
        async Many(inputs, emit) {
          for await (const input of inputs) await emit(input);
        },
      },
    );
    rig.service.executions.set('t', { executionId: 'e', tenantId: 'acme', secrets: {} });
  });
  afterAll(() => rig?.stop());

  const channelAs = (who: 'engine' | 'sidecar') =>
    openChannel({ address: rig.sidecar.address, tls: { ...rig.pki[who], toSidecar: true } });
  const unary = (who: 'engine' | 'sidecar'): Promise<ServiceError> => {
    const channel = channelAs(who);
    return new Promise<ServiceError>((resolve, reject) => {
      clientOn(channel).makeUnaryRequest(
        methodPath(SidecarService.method.invoke),
        asIs,
        asIs,
        NO_MESSAGE,
        (error) => (error ? resolve(error) : reject(new Error('it was answered'))),
      );
    }).finally(() => channel.close());
  };
  const pipeline = (...messages: Buffer[]): Promise<ServiceError> => {
    const channel = channelAs('engine');
    const call = clientOn(channel).makeBidiStreamRequest(
      methodPath(SidecarService.method.invokePipeline),
      asIs,
      asIs,
    );
    return new Promise<ServiceError>((resolve) => {
      call.on('error', (error) => resolve(error as ServiceError));
      call.on('data', () => undefined);
      for (const message of messages) call.write(message);
    }).finally(() => channel.close());
  };

  it('are an invalid argument, and their content is not said back', async () => {
    const { code, details } = await unary('engine');
    expect(code).toBe(status.INVALID_ARGUMENT);
    expect(details).toBe(
      "the bytes sent are no axiom.sidecar.v1.InvokeRequest; check your client's proto files, and that text is UTF-8",
    );
  });

  it('tell nothing to who may not call', async () => {
    expect((await unary('sidecar')).code).toBe(status.PERMISSION_DENIED);
  });

  it('are an invalid argument of a pipeline, first or later', async () => {
    expect((await pipeline(NO_MESSAGE)).code).toBe(status.INVALID_ARGUMENT);
    const start = create(InvokePipelineRequestSchema, {
      message: { case: 'start', value: { executionToken: 't', node: 'Many' } },
    });
    const first = Buffer.from(toBinary(InvokePipelineRequestSchema, start));
    expect((await pipeline(first, NO_MESSAGE)).code).toBe(status.INVALID_ARGUMENT);
  });
});
