/** Somebody who only wants an answer, while others attack. */

import { connect } from 'node:http2';
import { Client, credentials, Metadata, type ChannelCredentials } from '@grpc/grpc-js';
import type { Target } from './target';

export interface Victim {
  /** One call. @returns how long it took, in milliseconds. @throws Error where it failed. */
  call(): Promise<number>;
  close(): void;
}

/** A victim at a gRPC door. */
export interface GrpcVictim extends Victim {
  /** One call. @returns what was answered. @throws Error where it failed. */
  ask(): Promise<Uint8Array>;
}

const DEADLINE_MS = 20_000;

/** A new connection each time: the hardest to answer while others hold all the places. */
export function newcomer(make: () => Victim): Victim {
  return {
    async call() {
      const victim = make();
      try {
        return await victim.call();
      } finally {
        victim.close();
      }
    },
    close: () => undefined,
  };
}

/** Calls a gRPC door's method with this message. */
export function grpcVictim(door: Target, message: Uint8Array = new Uint8Array()): GrpcVictim {
  const client = new Client(door.address, channelCredentials(door), {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.default_authority': door.serverName,
    'grpc.ssl_target_name_override': door.serverName,
  });
  const metadata = new Metadata();
  if (door.headers['authorization'] !== undefined)
    metadata.set('authorization', door.headers['authorization']);
  const asIs = (bytes: Buffer) => bytes;
  const ask = () =>
    new Promise<Uint8Array>((resolve, reject) => {
      const options = { deadline: Date.now() + DEADLINE_MS };
      client.makeUnaryRequest(
        door.path,
        asIs,
        asIs,
        Buffer.from(message),
        metadata,
        options,
        (error, answer) => (error ? reject(error) : resolve(answer ?? new Uint8Array())),
      );
    });
  return { ask, call: () => timed(ask), close: () => client.close() };
}

/** Reads a page of the console. Who proves nothing is not kept for long, so it connects again, as browsers do. */
export function browserVictim(door: Target, path = '/console/login-methods'): Victim {
  const open = () => {
    const opened = connect(`https://${door.address}`, { ca: door.tls?.ca, servername: 'localhost' });
    return opened.on('error', () => undefined);
  };
  let session = open();
  const isOver = () => session.closed || session.destroyed;
  const read = () =>
    new Promise<void>((resolve, reject) => {
      if (isOver()) session = open();
      const stream = session.request({ ':path': path });
      stream.setTimeout(DEADLINE_MS, () => stream.close());
      let status: unknown;
      stream.on('response', (headers) => (status = headers[':status']));
      stream.on('error', reject).resume();
      stream.on('close', () =>
        status === 200 ? resolve() : reject(new Error(`answered ${String(status)}`)),
      );
    });
  return {
    call: () =>
      timed(() =>
        read().catch((error: unknown) => {
          if (isOver()) return read();
          throw error;
        }),
      ),
    close: () => session.destroy(),
  };
}

function channelCredentials({ tls }: Target): ChannelCredentials {
  return tls === undefined
    ? credentials.createInsecure()
    : credentials.createSsl(tls.ca, tls.key ?? null, tls.cert ?? null);
}

async function timed(call: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await call();
  return performance.now() - begun;
}
