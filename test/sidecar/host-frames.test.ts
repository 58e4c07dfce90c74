/**
 * A call to a node host that says what no library would, frame by frame (RFC 9113): each message that has come is taken, and
 * what is cut off is no success.
 */

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callHost } from '../../src/sidecar/host-call';
import { HostConnection } from '../../src/sidecar/host-connection';
import type { StatusError } from '../../src/wire/client';
import { ANSWER_MS, MOST_UNANSWERED } from '../../src/wire/listener/broken-session';
import { Frames, PREFACE_BYTES } from '../hostile/hostile-host';
import { FLAG, fields, frame, FRAME } from '../hostile/raw-http2';
import { until } from './support/rig';

const NEVER = { isCancelled: false, onCancel: () => () => undefined };
const OK = [
  [':status', '200'],
  ['content-type', 'application/grpc'],
] as const;
const status = (code: number) => [['grpc-status', String(code)]] as const;
/** RFC 9113 §6.1. */
const PADDED = 8;

type Fields = readonly (readonly [string, string])[];

const headers = (list: Fields, flags: number = FLAG.END_HEADERS): Buffer =>
  frame(FRAME.HEADERS, flags, 1, fields(list));
const trailers = (list: Fields): Buffer => headers(list, FLAG.END_HEADERS | FLAG.END_STREAM);
const data = (bytes: Buffer, flags = 0): Buffer => frame(FRAME.DATA, flags, 1, bytes);
const reset = (code: number): Buffer => frame(FRAME.RST_STREAM, 0, 1, Buffer.from([0, 0, 0, code]));
const message = (text: string): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(text.length, 1);
  return Buffer.concat([head, Buffer.from(text)]);
};

let folder: string;
let server: Server;
let connection: HostConnection;
let sidecar: Socket;
/** What the host says, in one piece, when the call is there. */
let says: readonly Buffer[];
/** The sidecar has said SETTINGS that change nothing. */
let onSettings: (socket: Socket) => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'axiom-host-frames-'));
  onSettings = () => undefined;
  server = createServer((socket) => {
    sidecar = socket.on('error', () => undefined);
    let skipped = 0;
    const frames = new Frames((one) => {
      if (one.readUInt8(3) === FRAME.HEADERS) socket.write(Buffer.concat(says));
      if (one.equals(frame(FRAME.SETTINGS, 0, 0))) onSettings(socket);
    });
    socket.on('data', (bytes: Buffer) => {
      const ofPreface = Math.min(PREFACE_BYTES - skipped, bytes.byteLength);
      skipped += ofPreface;
      frames.add(bytes.subarray(ofPreface));
    });
    socket.write(frame(FRAME.SETTINGS, 0, 0));
  });
  const socket = join(folder, 'host.sock');
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  connection = await HostConnection.open(socket, 60_000);
});
afterEach(() => {
  connection.close();
  sidecar.destroy();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** @returns the first byte of each message that was taken, and how the call ended. */
async function outcome(
  take: () => void | Promise<void>,
  inputs?: AsyncIterable<Buffer>,
): Promise<readonly [taken: string, ended: string]> {
  let taken = '';
  const request = { path: '/host/Call', message: Buffer.from('request'), ...(inputs && { inputs }) };
  const wait = { deadline: Date.now() + 60_000, cancellation: NEVER };
  const ended = await callHost(connection, request, wait, (bytes) => {
    taken += bytes.toString('utf8', 0, 1);
    return take();
  }).then(
    () => 'OK',
    ({ codeName }: StatusError) => codeName,
  );
  return [taken, ended];
}

async function* unending() {
  yield Buffer.from('input');
  await new Promise(() => undefined);
}

/** How a call may be made: with all that is asked or with inputs that go on, and with messages that are taken at once or later. */
const ways: Readonly<Record<string, () => ReturnType<typeof outcome>>> = {
  'at once': () => outcome(() => undefined),
  later: () => outcome(() => new Promise((resolve) => setTimeout(resolve, 20))),
  'later, while inputs go on': () =>
    outcome(() => new Promise((resolve) => setTimeout(resolve, 20)), unending()),
};

const half = message('half').subarray(0, 7);
/** More than is handed on at once while nothing is taken. */
const four = ['1', '2', '3', '4'].map((name) => data(message(name.padEnd(9_000, '-'))));
const GOAWAY = frame(7, 0, 0, Buffer.from([0, 0, 0, 1, 0, 0, 0, 2]));
/** Calls up to the first go on. */
const GOODBYE = frame(7, 0, 0, Buffer.from([0, 0, 0, 1, 0, 0, 0, 0]));
const CANCEL = 8;
const NO_ERROR = 0;

const cases: readonly (readonly [what: string, says: readonly Buffer[], taken: string, ended: string])[] = [
  [
    'half a message, and OK',
    [headers(OK), data(message('a')), data(half), trailers(status(0))],
    'a',
    'INTERNAL',
  ],
  ['half a prefix, and OK', [headers(OK), data(half.subarray(0, 3)), trailers(status(0))], '', 'INTERNAL'],
  ['half a message that ends', [headers(OK), data(half, FLAG.END_STREAM)], '', 'UNAVAILABLE'],
  ['half a message, and a reset', [headers(OK), data(half), reset(CANCEL)], '', 'UNAVAILABLE'],
  ['an end without a status', [headers(OK), data(message('a'), FLAG.END_STREAM)], 'a', 'UNAVAILABLE'],
  [
    'OK before its messages, and none after',
    [headers([...OK, ...status(0)]), data(message('a'), FLAG.END_STREAM)],
    'a',
    'UNAVAILABLE',
  ],
  [
    'OK before its messages, and another after',
    [headers([...OK, ...status(0)]), data(message('a')), trailers(status(5))],
    'a',
    'NOT_FOUND',
  ],
  [
    'OK before its messages, and a reset',
    [headers([...OK, ...status(0)]), data(message('a')), reset(CANCEL)],
    'a',
    'UNAVAILABLE',
  ],
  ['two statuses', [headers(OK), data(message('a')), trailers([...status(0), ...status(5)])], 'a', 'UNKNOWN'],
  ['trailers without a status', [headers(OK), trailers([['other', 'b']])], '', 'UNKNOWN'],
  [
    'headers of progress first',
    [headers([[':status', '103']]), headers(OK), data(message('a')), trailers(status(0))],
    'a',
    'OK',
  ],
  [
    'padding',
    [
      headers(OK),
      data(Buffer.concat([Buffer.from([2]), message('a'), Buffer.alloc(2)]), PADDED),
      trailers(status(0)),
    ],
    'a',
    'OK',
  ],
  [
    'data after its end',
    [headers(OK), data(message('a')), trailers(status(0)), data(message('b'))],
    'a',
    'OK',
  ],
  ['all of it, and then a reset', [headers(OK), ...four, trailers(status(0)), reset(CANCEL)], '1234', 'OK'],
  [
    'all of it, and that nothing more is needed',
    [headers(OK), ...four, trailers(status(0)), reset(NO_ERROR)],
    '1234',
    'OK',
  ],
  [
    'all of it, and the end of the connection',
    [headers(OK), ...four, trailers(status(0)), GOAWAY],
    '1234',
    'OK',
  ],
  ['some of it, and the end of the connection', [headers(OK), ...four, GOAWAY], '1234', 'UNAVAILABLE'],
];

describe.each(Object.entries(ways))('what is taken %s of a host that says', (_way, call) => {
  it.each(cases)('%s', async (_what, frames, taken, ended) => {
    says = frames;
    expect(await call()).toEqual([taken, ended]);
  });
});

/** Of the first three Node tells nobody (src/wire/listener/broken-session.ts). */
const broken: readonly (readonly [what: string, says: readonly Buffer[]])[] = [
  ['messages before its headers', [data(message('a')), headers(OK), trailers(status(0))]],
  ['a frame that is too long', [headers(OK), data(Buffer.alloc(20_000))]],
  ['messages amid its headers', [headers(OK, 0), data(message('a'))]],
  ['messages before its headers, after it said goodbye', [GOODBYE, data(message('a')), headers(OK)]],
  ['a window that grows by nothing', [headers(OK), frame(FRAME.WINDOW_UPDATE, 0, 0, Buffer.alloc(4))]],
];

it.each(broken)(
  'a host that breaks HTTP/2 by %s fails the call, and loses the connection',
  async (_what, frames) => {
    says = frames;
    expect(await outcome(() => undefined)).toEqual(['', 'INTERNAL']);
    await connection.whenGone;
    // After a goodbye it takes no more calls either way, and later versions of Node than 20 tell by themselves.
    if (!frames.includes(GOODBYE)) expect(connection.isBroken).toBe(true);
  },
);

it('a host that says goodbye and goes on with its calls is asked like any other, and answers them', async () => {
  let asked = 0;
  says = [GOODBYE, headers(OK), data(message('a'))];
  onSettings = (socket) => {
    asked++;
    socket.write(frame(FRAME.SETTINGS, FLAG.ACK, 0));
    if (asked === 3) socket.write(Buffer.concat([data(message('b')), trailers(status(0))]));
  };
  expect(await outcome(() => undefined)).toEqual(['ab', 'OK']);
  expect(connection.isBroken).toBe(false);
});

it('a host that breaks HTTP/2 when it has long answered no SETTINGS fails the call, and loses the connection', async () => {
  let asked = 0;
  says = [headers(OK), data(message('a'))];
  onSettings = (socket) => {
    asked++;
    const isLast = asked === MOST_UNANSWERED;
    if (isLast) jest.spyOn(performance, 'now').mockReturnValue(performance.now() + ANSWER_MS + 1);
    socket.write(isLast ? data(Buffer.alloc(20_000)) : data(message('b')));
  };
  const [, ended] = await outcome(() => undefined);
  jest.restoreAllMocks();
  expect(ended).toBe('INTERNAL');
  await connection.whenGone;
  expect(connection.isBroken).toBe(true);
});

it('a host that says goodbye and keeps the connection loses it', async () => {
  const path = join(folder, 'keeps.sock');
  let isLost = false;
  const keeper = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => (isLost = true)).resume();
    socket.write(Buffer.concat([frame(FRAME.SETTINGS, 0, 0), frame(7, 0, 0, Buffer.alloc(8))]));
    // As long as it is read, whatever was ended.
    const writing = setInterval(() => socket.write(frame(FRAME.PING, FLAG.ACK, 0, Buffer.alloc(8))), 20);
    socket.once('close', () => clearInterval(writing));
  });
  await new Promise<void>((resolve) => keeper.listen(path, resolve));
  const kept = await HostConnection.open(path, 60_000);
  await kept.whenGone;
  kept.retire();
  await until(() => isLost);
  keeper.close();
}, 20_000);
