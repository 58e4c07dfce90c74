/** The first worker carries out the steps that another one asks for, as it does its own: in one queue, one group, one commit. */

import type { Message } from '@bufbuild/protobuf';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Call } from '../../domain/call';
import type { DomainError } from '../../domain/errors';
import type { WorkloadPrincipal } from '../../domain/principal';
import { parseMessage } from '../../wire/parse-message';
import { CallUnderWay } from '../../work/pace';
import { logUnexpected, type DispatchContext } from '../admission';
import { serializeAnswer } from '../dispatch';
import { LazyAbort } from '../lazy-abort';
import type { ServedMethod } from '../method-table';
import { toDomainError } from '../status';
import { FrameReader, FrameWriter, type Frame } from './frames';
import { ANSWER, CANCEL, kindOf, readQuestion, type Question } from './questions';

/** While so many bytes of answers are not taken, no further question is. */
const MAX_UNTAKEN_BYTES = 16 * 1024 * 1024;

/** @param methods of the door, with this process's own handlers. */
export function answerSteps(
  socket: Socket,
  methods: readonly ServedMethod[],
  context: Pick<DispatchContext, 'logger'>,
): void {
  const steps = new Map(methods.map((method) => [kindOf(method), method]));
  const writer = new FrameWriter(socket);
  const underWay = new Map<number, AskedCall>();
  const answer = async ({ number, kind, body }: Frame): Promise<void> => {
    const method = steps.get(kind) as ServedMethod;
    const question = readQuestion(body);
    const call = new AskedCall(question);
    underWay.set(number, call);
    try {
      // Whether it is the only one is known once all that this turn of the event loop brings are counted.
      await nextTurn();
      const message = parseMessage(method.desc.input, question.request);
      const answered = serializeAnswer(method, (await method.handler(call, message)) as Message);
      writer.write({ number, kind: ANSWER.ok }, answered.expose(), (isFree) => answered.wipe(isFree));
    } catch (error) {
      const failure = toDomainError(error);
      if (failure.code === 'INTERNAL') logUnexpected(context, method, error);
      writer.write({ number, kind: ANSWER.error }, [writeError(failure)]);
    }
    call.underWay.over();
    underWay.delete(number);
    if (socket.writableLength > MAX_UNTAKEN_BYTES) socket.pause();
  };
  const reader = new FrameReader((frame) => {
    if (frame.kind === CANCEL) underWay.get(frame.number)?.abandoned();
    else void answer(frame);
  });
  socket.on('data', (chunk: Buffer) => reader.add(chunk));
  socket.on('drain', () => socket.resume());
  // Its close tells.
  socket.on('error', () => undefined);
  socket.once('close', () => {
    reader.drop();
    for (const call of underWay.values()) call.abandoned();
  });
}

/** A call that another worker has let in. */
class AskedCall implements Call<WorkloadPrincipal> {
  readonly door = 'execution';
  readonly principal: WorkloadPrincipal;
  readonly source: string;
  readonly deadline: number | undefined;
  /** From the question to its answer. */
  readonly underWay = new CallUnderWay();
  readonly #gone = new LazyAbort();

  constructor({ principal, source, deadline }: Question) {
    this.principal = principal;
    this.source = source;
    this.deadline = deadline;
  }

  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  throwIfAborted(): void {
    this.#gone.throwIfAborted();
  }

  /** Nobody waits for the answer any more. */
  abandoned(): void {
    this.underWay.over();
    this.#gone.abort();
  }
}

function writeError({ code, message, reason, fields, retryAfterMs }: DomainError): Uint8Array {
  return Buffer.from(JSON.stringify({ code, message, reason, fields, retryAfterMs }));
}
