/** A node host's socket without a sidecar before it: what comes of many calls at once, and of peers that break HTTP/2. */

import { status, type Channel } from '@grpc/grpc-js';
import { once } from 'node:events';
import {
  connect,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { createConnection } from 'node:net';
import { NodeService } from '../../src/gen/axiom/node/v1/node_pb';
import { openChannel, wireClient, type WireClient } from '../../src/wire/client';
import { methodPath } from '../../src/wire/method';
import type { StatusError } from '../../src/wire/status-error';
import { FLOODS, headerBomb, type Attack } from '../hostile/attacks';
import { flood } from '../hostile/flood';
import { residentMiB } from '../hostile/resident-memory';
import { nodeHostDoor } from '../hostile/target';

/** Each flood in turn; together they must not take what a process without limits does, which is gigabytes. */
const FLOOD_MS = 300;
const MORE_MIB = 512;

/**
 * gRPC's core, on which Python's server stands, holds the headers of a request to no length in all, keeps about 1 MB of
 * each such request until it is answered, and spends milliseconds on it. Only the host's own user can send them.
 */
export const WITHOUT_HEADER_LIMIT = 'python';

/** Which waits for nothing: the time only ends a test that fails. */
const REFUSED_WITHIN_MS = 20_000;

const DESCRIBE = methodPath(NodeService.method.describe);
const INVOKE = methodPath(NodeService.method.invoke);
const asked = (path: string): OutgoingHttpHeaders => ({
  ...{ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', te: 'trailers' },
});
/** With gRPC's prefix: not packed, of no length. */
const EMPTY_MESSAGE = Buffer.alloc(5);

export function floodsOf(language: string): readonly Attack[] {
  return FLOODS.filter((attack) => language !== WITHOUT_HEADER_LIMIT || attack !== headerBomb);
}

/** How a call ended whose message was announced. */
export type Ended = `status ${string}` | 'without a status';

export class HostSocket {
  readonly #channel: Channel;
  readonly #client: WireClient<typeof NodeService>;

  constructor(
    private readonly socket: string,
    private readonly pid: number,
  ) {
    this.#channel = openChannel({ address: `unix:${socket}` });
    this.#client = wireClient(NodeService, this.#channel);
  }

  /** Asks so many times at once what the host runs. @returns how many were answered. @throws StatusError of one that failed. */
  async describe(count: number): Promise<number> {
    const answers = Array.from({ length: count }, () => this.#client.describe({}));
    return (await Promise.all(answers)).length;
  }

  /** @returns the output. @throws StatusError. */
  async invoke(node: string, input: Uint8Array, signal?: AbortSignal): Promise<Uint8Array> {
    const context = { executionId: 'e', flowId: 'f', tenantId: 't' };
    const events = this.#client.invoke({ node, context, input }, signal === undefined ? {} : { signal });
    let output: Uint8Array = new Uint8Array();
    for await (const { event } of events) if (event.case === 'output') output = event.value;
    return output;
  }

  /** @returns the floods after which the host had grown by more than it may. @throws where a call beside one failed for good. */
  async flood(attacks: readonly Attack[]): Promise<string[]> {
    const bloated: string[] = [];
    const before = residentMiB(this.pid);
    for (const attack of attacks) {
      await flood(attack, nodeHostDoor(this.socket), { call: () => this.#describedInTheEnd() }, FLOOD_MS);
      if (residentMiB(this.pid) - before > MORE_MIB) bloated.push(attack.name);
    }
    return bloated;
  }

  /**
   * Python's server cancels a call that comes while 16,384 others wait to be taken up, as the table in docs/operators.md has it:
   * beside resets that nobody slows down, a machine with other work to do may be there for a moment.
   */
  async #describedInTheEnd(): Promise<void> {
    for (;;) {
      try {
        return void (await this.describe(1));
      } catch (error) {
        if ((error as Partial<StatusError>).code !== status.CANCELLED) throw error;
      }
    }
  }

  /** Describes the host so many times, one after the other. @returns how many PINGs it sent meanwhile. */
  async pingsDuring(calls: number): Promise<number> {
    const session = this.#session();
    let pings = 0;
    session.on('ping', () => pings++);
    for (let call = 0; call < calls; call++) await describedOn(session);
    session.destroy();
    return pings;
  }

  /** Says that a message of so many bytes comes, and sends nothing of it. @returns how the host ends the call. */
  async endsMessageOf(bytes: number): Promise<Ended> {
    const session = this.#session();
    const ended = await endOfAnnounced(session, bytes);
    session.destroy();
    return ended;
  }

  /** The same. @returns whether the call is open when the host has answered what came after it. */
  async waitsForMessageOf(bytes: number): Promise<boolean> {
    const session = this.#session();
    const ended = endOfAnnounced(session, bytes).then(() => false);
    const answered = async (): Promise<boolean> => {
      for (let call = 0; call < 10; call++) await describedOn(session);
      return true;
    };
    const waits = await Promise.race([ended, answered()]);
    session.destroy();
    return waits;
  }

  #session(): ClientHttp2Session {
    const session = connect('http://localhost', { createConnection: () => createConnection(this.socket) });
    // Its calls end with it.
    return session.on('error', () => undefined);
  }

  close(): void {
    this.#channel.close();
  }
}

async function describedOn(session: ClientHttp2Session): Promise<void> {
  await once(session.request(asked(DESCRIBE)).resume().end(EMPTY_MESSAGE), 'close');
}

function endOfAnnounced(session: ClientHttp2Session, bytes: number): Promise<Ended> {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes, 1);
  const call = session.request(asked(INVOKE)).on('error', () => undefined);
  let told: unknown;
  const hear = (headers: IncomingHttpHeaders): void => void (told ??= headers['grpc-status']);
  // A host that has told its status may wait for the end of this side.
  call
    .on('response', hear)
    .on('trailers', hear)
    .once('end', () => call.close());
  call.setTimeout(REFUSED_WITHIN_MS, () => call.close());
  call.resume().write(head);
  return new Promise((resolve) =>
    call.once('close', () => resolve(told === undefined ? 'without a status' : `status ${told as string}`)),
  );
}
