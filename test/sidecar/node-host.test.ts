/** How a sidecar stands by its node host's socket, whatever answers there: the host is written by hand on node:http2. */

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { create, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { mkdtempSync, rmSync } from 'node:fs';
import { constants, createServer, type Http2Server, type Http2Session } from 'node:http2';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { DescribeResponseSchema } from '../../src/gen/axiom/node/v1/node_pb';
import { NodeHost } from '../../src/sidecar/node-host';
import { until } from './support/rig';

let folder: string;
let server: Http2Server;
let host: NodeHost;
/** What the host says that it runs. */
let description: Buffer;
let connections: Socket[];
let described: (session: Http2Session | undefined) => void;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'axiom-node-host-'));
  connections = [];
  described = () => undefined;
  server = createServer();
  server.on('connection', (socket: Socket) => connections.push(socket));
  server.on('session', (session) => session.on('error', () => undefined));
  server.on('stream', (stream) => {
    const { session } = stream;
    stream.on('error', () => undefined).once('close', () => described(session));
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    const head = Buffer.alloc(5);
    head.writeUInt32BE(description.byteLength, 1);
    stream.end(Buffer.concat([head, description]));
  });
  const socket = join(folder, 'host.sock');
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  const uid = process.getuid?.() ?? 0;
  host = new NodeHost({ socket, uid, package: undefined }, pino({ level: 'silent' }), () => undefined);
});
afterEach(() => {
  host.close();
  server.close();
  for (const socket of connections) socket.destroy();
  rmSync(folder, { recursive: true, force: true });
});

const describedWith = (nodes: number, other: MessageInitShape<typeof DescribeResponseSchema> = {}): Buffer =>
  Buffer.from(
    toBinary(
      DescribeResponseSchema,
      create(DescribeResponseSchema, {
        ...{ package: 'acme/greeter', version: '1.0.0', language: 'go' },
        nodes: Array.from({ length: nodes }, (_, index) => ({ name: `Node${index}` })),
        ...other,
      }),
    ),
  );

describe('a node host', () => {
  it('that comes and goes in a loop is met at a pace', async () => {
    description = describedWith(1);
    described = (session) => session?.goaway(constants.NGHTTP2_NO_ERROR);
    const before = performance.now();
    await host.start(60_000);
    await until(() => connections.length === 4);
    // The least that passes between two of them is 200 ms; timers are told a millisecond too early.
    expect(performance.now() - before).toBeGreaterThan(3 * 199);
  });

  it('of a thousand nodes is named some of them where another is asked for', async () => {
    const longest = { package: `acme/${'g'.repeat(195)}`, version: `1.0.0-${'v'.repeat(122)}` };
    description = describedWith(1_000, longest);
    await host.start(60_000);
    expect(host.node('Node999', false).name).toBe('Node999');
    expect(host.description).toMatchObject(longest);
    expect(() => host.node('Other', false)).toThrow(
      /has no node of that name; it has: Node0, Node1, [^.]*, Node19, and 980 others$/,
    );
  });

  const TOO_MUCH = 'says too much of what it runs';
  const UNREADABLE = 'says what cannot be read';
  const NO_PACKAGE = 'has names that no package may have';
  it.each([
    [
      'more than a package can have',
      Buffer.concat([describedWith(1), Buffer.alloc(1_100_000, 'x')]),
      TOO_MUCH,
    ],
    ['more nodes than anybody may list', Buffer.alloc(200_000, Buffer.from([0x22, 0x00])), UNREADABLE],
    ['what is no description', Buffer.from([0xff]), UNREADABLE],
    // Each read that is reported would have them, and reports that are too long never arrive.
    ['too long a package', describedWith(1, { package: `acme/${'é'.repeat(98)}` }), NO_PACKAGE],
    ['too long a version', describedWith(1, { version: '1'.repeat(129) }), NO_PACKAGE],
    ['too long a node', describedWith(1, { nodes: [{ name: 'N'.repeat(129) }] }), NO_PACKAGE],
  ])('that says %s is refused, and told why', async (_what, said, why) => {
    description = said;
    await expect(host.start(60_000)).rejects.toMatchObject({
      ...{ code: 'FAILED_PRECONDITION', reason: 'UNUSABLE_NODE_HOST' },
      message: expect.stringContaining(`host.sock ${why}; `),
    });
    expect(() => host.description).toThrow('the node host stopped or cannot be reached');
  });
});
