/**
 * A worker that has the first one carry out the steps of executions, so that one process writes for all. Where there is
 * no connection to it, steps are carried out here: SQLite's lock keeps two writers apart.
 */

import { toBinary, type Message } from '@bufbuild/protobuf';
import type { Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Call } from '../../domain/call';
import { DomainError } from '../../domain/errors';
import { SerializedMessage } from '../../domain/serialized';
import { throwIfGone } from '../../domain/waiter';
import type { ServedMethod } from '../method-table';
import { FrameReader, FrameWriter, type Frame } from './frames';
import { ANSWER, CANCEL, kindOf, MAX_REQUEST_BYTES, writeQuestion } from './questions';

/** So many wait at most; what comes then is carried out here. */
const MAX_WAITING = 4_096;

/** One that answers nobody for so long hangs: a step that takes longest, a start, is given up after 30 seconds. */
const SILENT_MS = 60_000;

interface Waiting {
  resolve(answer: SerializedMessage): void;
  reject(error: DomainError): void;
}

export class AskedSteps {
  #link: Link | undefined;

  constructor(
    private readonly logger: Logger,
    private readonly silentMs = SILENT_MS,
  ) {}

  /** The first worker is at the other end, from now on until it closes. */
  connect(socket: Socket): void {
    const link = new Link(socket, this.silentMs, () => {
      if (this.#link === link) this.#link = undefined;
      this.logger.warn('the worker that writes is gone; writing here until it is back');
    });
    this.#link = link;
  }

  /** The same methods, of which the steps are asked for. */
  through(methods: readonly ServedMethod[]): readonly ServedMethod[] {
    return methods.map((method) => {
      const kind = kindOf(method);
      return kind === undefined
        ? method
        : { ...method, handler: (call, request) => this.#carryOut(method, kind, call, request) };
    });
  }

  async #carryOut(method: ServedMethod, kind: number, call: Call, request: Message): Promise<unknown> {
    const link = this.#link;
    if (link === undefined || !link.hasRoom) return method.handler(call, request);
    throwIfGone(call);
    const bytes = toBinary(method.desc.input, request);
    return bytes.byteLength > MAX_REQUEST_BYTES ? method.handler(call, request) : link.ask(kind, call, bytes);
  }
}

/** One connection to the first worker. */
class Link {
  readonly #waiting = new Map<number, Waiting>();
  readonly #writer: FrameWriter;
  readonly #watch: NodeJS.Timeout;
  #asked = 0;
  /** By performance.now(): the last answer, or the first question since all were answered. */
  #heard = 0;

  constructor(socket: Socket, silentMs: number, onEnd: () => void) {
    this.#writer = new FrameWriter(socket);
    const reader = new FrameReader((frame) => this.#answered(frame));
    socket.on('data', (chunk: Buffer) => reader.add(chunk));
    // Its close tells.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearInterval(this.#watch);
      onEnd();
      reader.drop();
      for (const { reject } of this.#waiting.values()) reject(writerIsGone());
      this.#waiting.clear();
    });
    this.#watch = setInterval(() => {
      if (this.#waiting.size > 0 && performance.now() - this.#heard > silentMs) socket.destroy();
    }, silentMs / 4).unref();
  }

  get hasRoom(): boolean {
    return this.#waiting.size < MAX_WAITING;
  }

  ask(kind: number, call: Call, request: Uint8Array): Promise<SerializedMessage> {
    return new Promise((resolve, reject) => {
      const number = (this.#asked = (this.#asked + 1) >>> 0);
      if (this.#waiting.size === 0) this.#heard = performance.now();
      this.#waiting.set(number, { resolve, reject });
      this.#writer.write({ number, kind }, writeQuestion(call, request));
      call.whenGone?.(() => {
        if (this.#waiting.has(number)) this.#writer.write({ number, kind: CANCEL }, []);
      });
    });
  }

  #answered({ number, kind, body }: Frame): void {
    this.#heard = performance.now();
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (kind === ANSWER.ok) waiting?.resolve(new SerializedMessage([body]));
    else waiting?.reject(readError(body));
  }
}

function readError(body: Buffer): DomainError {
  const { code, message, reason, fields, retryAfterMs } = JSON.parse(body.toString()) as DomainError;
  return new DomainError(code, message, reason, fields, retryAfterMs);
}

function writerIsGone(): DomainError {
  return new DomainError(
    'UNAVAILABLE',
    'the process that writes ended before it answered, and may or may not have done this; try again',
    'WRITER_GONE',
  );
}
