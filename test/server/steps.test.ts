/** Steps of executions that one worker asks another to carry out, over a connection between the two. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import pino from 'pino';
import type { Call } from '../../src/domain/call';
import { DomainError } from '../../src/domain/errors';
import { SerializedMessage } from '../../src/domain/serialized';
import { servedService } from '../../src/domain/served-service';
import {
  ExecutionsService,
  StartExecutionRequestSchema,
  type StartExecutionRequest,
} from '../../src/gen/axiom/executions/v1/executions_pb';
import { SecretsService } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { LazyAbort } from '../../src/server/lazy-abort';
import { methodsAt } from '../../src/server/method-table';
import { answerSteps } from '../../src/server/steps/answering';
import { AskedSteps } from '../../src/server/steps/asking';
import { FrameReader, FrameWriter, type Frame } from '../../src/server/steps/frames';
import { socketPair } from '../../src/server/steps/socket-pair';
import { CallUnderWay, isOneCallUnderWay } from '../../src/work/pace';

type Start = (call: Call, request: StartExecutionRequest) => Promise<SerializedMessage>;

const REQUEST = create(StartExecutionRequestSchema, { tenantId: 'default', flowId: 'flow' });
const MIB = 1024 * 1024;

let asker: Socket;
let writer: Socket;
let log: string[];
let logger: pino.Logger;

beforeEach(async () => {
  [asker, writer] = await socketPair();
  for (const socket of [asker, writer]) socket.resume();
  log = [];
  logger = pino({}, { write: (line) => void log.push(line) });
});

afterEach(() => {
  asker.destroy();
  writer.destroy();
});

function methodsWith(startExecution: Start) {
  const never = () => Promise.reject(new Error('not asked for'));
  return methodsAt('execution', [
    servedService(ExecutionsService, { startExecution, endExecution: never, reportReads: never }),
    servedService(SecretsService, { resolveForExecution: never }),
  ]);
}

const answering = (bytes: Uint8Array) => () =>
  Promise.resolve(new SerializedMessage([bytes], () => undefined));

/** Starts as a worker's door has them carried out, whose own handler answers `here`. */
function startsThrough(asked: AskedSteps) {
  const methods = asked.through(methodsWith(answering(Buffer.from('here'))));
  const start = methods.find(({ desc }) => desc.localName === 'startExecution');
  return async (call: Partial<Call> = {}, request = REQUEST): Promise<Buffer> => {
    const from = { principal: { kind: 'engine', id: 'engine:one' }, door: 'execution', source: '192.0.2.7' };
    const answer = await start?.handler({ ...from, ...call } as Call, request);
    return Buffer.concat((answer as SerializedMessage).expose());
  };
}

/** Asks over the connection, at whose other end each start is carried out so. */
function startsCarriedOut(start: Start) {
  answerSteps(writer, methodsWith(start), { logger });
  const asked = new AskedSteps(logger);
  asked.connect(asker);
  return startsThrough(asked);
}

describe('A step that another worker carries out', () => {
  it('is given who called, from where, until when and what for', async () => {
    const seen: [Call, StartExecutionRequest][] = [];
    const start = startsCarriedOut((call, request) => {
      seen.push([call, request]);
      return answering(Buffer.from('started'))();
    });
    expect((await start({ deadline: performance.now() + 60_000 })).toString()).toBe('started');
    await start();
    const [timed, untimed] = seen as [(typeof seen)[0], (typeof seen)[0]];
    const caller = {
      principal: { kind: 'engine', id: 'engine:one' },
      door: 'execution',
      source: '192.0.2.7',
    };
    expect(timed[0]).toMatchObject(caller);
    expect(timed[0].deadline).toBeGreaterThan(performance.now());
    expect(timed[0].deadline).toBeLessThanOrEqual(performance.now() + 60_000);
    expect(untimed[0].deadline).toBeUndefined();
    expect(timed[1]).toMatchObject({ tenantId: 'default', flowId: 'flow', executionId: '' });
  });

  let answered: Promise<Buffer> | undefined;

  it.each([10, 300_000])('answers %i bytes in parts, which are free once they are written', async (bytes) => {
    const parts = ['tenant', 'config'].map((text) => Buffer.alloc(bytes, text));
    const whole = Buffer.concat(parts);
    const released = new Promise<boolean>((release) => {
      const start = startsCarriedOut(() => Promise.resolve(new SerializedMessage(parts, release)));
      answered = start();
    });
    expect((await answered)?.equals(whole)).toBe(true);
    expect(await released).toBe(true);
  });

  it('fails with the error that it failed with there', async () => {
    const fields = [{ field: 'flow_id', description: 'is missing' }];
    const failure = new DomainError('RESOURCE_EXHAUSTED', 'wait a while', 'TOO_MUCH', fields, 1_500);
    const start = startsCarriedOut(() => Promise.reject(failure));
    await expect(start()).rejects.toEqual(failure);
    await expect(start()).rejects.toMatchObject({ ...failure });
  });

  it('tells nothing of an unexpected error, which is in the log of the one that carried it out', async () => {
    const start = startsCarriedOut(() => Promise.reject(new TypeError('a value')));
    await expect(start()).rejects.toMatchObject({ code: 'INTERNAL' });
    expect(log.join()).toMatch(/unexpected error/);
    expect(log.join()).not.toMatch(/a value/);
  });

  it('is taken back there when nobody waits any more', async () => {
    const gone = new LazyAbort();
    const start = startsCarriedOut(async (call) => {
      setImmediate(() => gone.abort());
      await once(call.signal as AbortSignal, 'abort');
      call.throwIfAborted?.();
      return answering(Buffer.from('started'))();
    });
    await expect(start({ whenGone: (listener) => gone.whenAborted(listener) })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });

  it('is a call under way until it is answered, and where another is, not the only one', async () => {
    const alone: boolean[] = [];
    const failure = new DomainError('UNAVAILABLE', 'not now', 'NOT_NOW');
    const start = startsCarriedOut(() => {
      alone.push(isOneCallUnderWay());
      return alone.length < 2 ? answering(Buffer.from('started'))() : Promise.reject(failure);
    });
    await start();
    await expect(start()).rejects.toEqual(failure);
    await Promise.allSettled([start(), start()]);
    const own = new CallUnderWay();
    expect(isOneCallUnderWay()).toBe(true);
    await start().catch(() => undefined);
    own.over();
    expect(alone).toEqual([true, true, false, expect.any(Boolean), false]);
  });

  it('is under way no longer once nobody waits', async () => {
    const begun = new EventEmitter();
    const start = startsCarriedOut((call) => {
      begun.emit('start', call.signal);
      return new Promise(() => undefined);
    });
    const hanging = start().catch(() => undefined);
    const [signal] = (await once(begun, 'start')) as [AbortSignal];
    expect(isOneCallUnderWay()).toBe(true);
    asker.destroy();
    await Promise.all([hanging, once(signal, 'abort')]);
    expect(isOneCallUnderWay()).toBe(false);
  });

  it('is not asked for where nobody waits already', async () => {
    let started = 0;
    const start = startsCarriedOut(() => {
      started++;
      return answering(Buffer.from('started'))();
    });
    await expect(start({ deadline: performance.now() - 1 })).rejects.toMatchObject({
      code: 'DEADLINE_EXCEEDED',
    });
    await start();
    expect(started).toBe(1);
  });

  it('is carried out here where it takes more bytes than a step has', async () => {
    const start = startsCarriedOut(answering(Buffer.from('there')));
    const large = create(StartExecutionRequestSchema, { ...REQUEST, flowId: 'f'.repeat(16_384) });
    expect((await start({}, large)).toString()).toBe('here');
    expect((await start()).toString()).toBe('there');
  });
});

describe('A worker whose writer is gone', () => {
  const gone = { code: 'UNAVAILABLE', reason: 'WRITER_GONE' };

  it('says so to those who wait, and carries out by itself what comes then', async () => {
    const start = startsCarriedOut(async () => {
      writer.destroy();
      return new Promise(() => undefined);
    });
    await expect(Promise.allSettled([start(), start()])).resolves.toMatchObject([
      { reason: gone },
      { reason: gone },
    ]);
    expect((await start()).toString()).toBe('here');
  });

  it('takes one that never answers for gone', async () => {
    const asked = new AskedSteps(logger, 20);
    asked.connect(asker);
    const start = startsThrough(asked);
    await expect(start()).rejects.toMatchObject(gone);
    expect((await start()).toString()).toBe('here');
  });

  it('asks the next one as soon as it is connected with it', async () => {
    const asked = new AskedSteps(logger);
    asked.connect(asker);
    const start = startsThrough(asked);
    writer.destroy();
    await once(asker, 'close');
    [asker, writer] = await socketPair();
    for (const socket of [asker, writer]) socket.resume();
    answerSteps(writer, methodsWith(answering(Buffer.from('there'))), { logger });
    asked.connect(asker);
    expect((await start()).toString()).toBe('there');
  });
});

it('A writer whose answers are not taken takes no further questions until they are', async () => {
  const answer = Buffer.alloc(MIB, 'a');
  let started = 0;
  const start = startsCarriedOut(() => {
    started++;
    return answering(answer)();
  });
  asker.pause();
  const first = Array.from({ length: 20 }, () => start());
  while (!writer.isPaused()) await new Promise(setImmediate);
  const late = start();
  for (let turns = 0; turns < 100; turns++) await new Promise(setImmediate);
  expect(started).toBe(20);
  asker.resume();
  for (const one of [...first, late]) expect((await one).byteLength).toBe(MIB);
  expect(started).toBe(21);
});

it('Frames are whole wherever they were cut, and what they were read from is zeroed', async () => {
  const frames: Frame[] = [1, 2, 3].map((number) => ({
    number,
    kind: number + 10,
    body: Buffer.alloc([0, 1, 5_000][number - 1] as number, 'v'),
  }));
  const chunks: Buffer[] = [];
  writer.on('data', (chunk: Buffer) => chunks.push(Buffer.from(chunk)));
  const frameWriter = new FrameWriter(asker);
  for (const frame of frames) frameWriter.write(frame, [frame.body]);
  const ended = once(writer, 'end');
  setImmediate(() => asker.end());
  await ended;
  const stream = Buffer.concat(chunks);
  expect(stream.byteLength).toBe(3 * 9 + 5_001);
  for (const size of [1, 7, 10, 4_096, stream.byteLength]) {
    const read: Frame[] = [];
    const reader = new FrameReader((frame) => read.push(frame));
    const copy = Buffer.from(stream);
    for (let at = 0; at < copy.byteLength; at += size) reader.add(copy.subarray(at, at + size));
    expect(read).toEqual(frames);
    expect(copy.equals(Buffer.alloc(copy.byteLength))).toBe(true);
  }
});
