/**
 * What a call's stream carried of values is zeroed once nobody needs it, also where the client is gone: what came in when
 * the stream is closed, what goes out when Node has handed it to the connection. TLS and HTTP/2 keep buffers of their own,
 * which nobody can reach.
 */

import type { ServerHttp2Stream } from 'node:http2';

/** To be called once gRPC listens: it copies what it reads into the request, or holds parts of what never becomes one. */
export function wipeReceived(stream: ServerHttp2Stream): void {
  const chunks: Buffer[] = [];
  stream.on('data', (bytes: Buffer) => chunks.push(bytes));
  stream.once('close', () => {
    for (const bytes of chunks) bytes.fill(0);
  });
}

/** Requests of one door that hold values and that no handler has yet. Where none ever gets it, nobody else wipes it. */
export class UnhandledRequests<Call extends object> {
  readonly #waiting = new WeakMap<Call, Uint8Array>();
  readonly #closed = new WeakSet<Call>();

  /** gRPC has put the request together, perhaps after its stream was closed. */
  add(call: Call, request: Uint8Array): void {
    if (this.#closed.has(call)) request.fill(0);
    else this.#waiting.set(call, request);
  }

  handled(call: Call): void {
    this.#waiting.delete(call);
  }

  closed(call: Call): void {
    this.#closed.add(call);
    this.#waiting.get(call)?.fill(0);
  }
}

type Write = (chunk: Buffer, written: (error?: Error | null) => void) => boolean;

/** gRPC writes an answer in one piece of its own, and nothing else. */
export function wipeWritten(stream: ServerHttp2Stream): void {
  const write = stream.write.bind(stream) as Write;
  const writeAndWipe: Write = (chunk, written) => {
    const wipe = () => chunk.fill(0);
    stream.once('close', wipe);
    return write(chunk, (error) => {
      wipe();
      written(error);
    });
  };
  stream.write = writeAndWipe as ServerHttp2Stream['write'];
}
