/** Somebody who only wants an answer, while others attack. */

import { connect } from 'node:http2';
import { Client, credentials, Metadata, type ChannelCredentials } from '@grpc/grpc-js';
import type { Target } from './target';

export interface Victim {
  /** One call. @returns how long it took, in milliseconds. @throws Error where it failed. */
  call(): Promise<number>;
  close(): void;
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
export function grpcVictim(door: Target, message: Uint8Array = new Uint8Array()): Victim {
  const client = new Client(door.address, channelCredentials(door), {
    'grpc.use_local_subchannel_pool': 1,
    ...(door.tls === undefined ? { 'grpc.default_authority': 'localhost' } : {}),
  });
  const metadata = new Metadata();
  if (door.headers['authorization'] !== undefined)
    metadata.set('authorization', door.headers['authorization']);
  const asIs = (bytes: Buffer) => bytes;
  return {
    call: () =>
      timed(
        () =>
          new Promise<void>((resolve, reject) => {
            const options = { deadline: Date.now() + DEADLINE_MS };
            client.makeUnaryRequest(
              door.path,
              asIs,
              asIs,
              Buffer.from(message),
              metadata,
              options,
              (error) => (error ? reject(error) : resolve()),
            );
          }),
      ),
    close: () => client.close(),
  };
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

async function timed(call: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await call();
  return performance.now() - begun;
}
