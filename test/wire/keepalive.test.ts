/** Pings: they find machines that went away, and end quiet calls where the other side forbids them. */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Http2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectivityState, type Channel } from '@grpc/grpc-js';
import { openChannel } from '../../src/wire/channel';
import { until } from '../sidecar/support/rig';

/** Waits until the channel is connected. @throws Error at the deadline (milliseconds since the epoch). */
function whenConnected(channel: Channel, deadline: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const state = channel.getConnectivityState(true);
      if (state === connectivityState.READY) return resolve();
      channel.watchConnectivityState(state, deadline, (error) => (error ? reject(error) : look()));
    };
    look();
  });
}

describe('A connection on which nothing is said', () => {
  let folder: string;
  const open: { server: Http2Server; channel: Channel }[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'axiom-keepalive-'));
  });
  afterEach(() => {
    for (const { server, channel } of open.splice(0)) {
      channel.close();
      server.close();
    }
    rmSync(folder, { recursive: true, force: true });
  });

  /** A connection whose pings are counted, of which there is one every few milliseconds. */
  async function connection(listen: string | number) {
    const counted = { pings: 0 };
    const server = createServer().on('session', (session) => session.on('ping', () => counted.pings++));
    await new Promise<void>((resolve) => server.listen(listen as string, resolve));
    const address =
      typeof listen === 'string' ? `unix:${listen}` : `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const channel = openChannel({ address }, { 'grpc.keepalive_time_ms': 5 });
    open.push({ server, channel });
    await whenConnected(channel, Date.now() + 60_000);
    return { channel, counted };
  }

  it('is pinged over a network, and never over a Unix socket', async () => {
    const local = await connection(join(folder, 'peer.sock'));
    const remote = await connection(0);
    await until(() => remote.counted.pings >= 5);
    expect(local.counted.pings).toBe(0);
    expect(local.channel.getConnectivityState(false)).toBe(connectivityState.READY);
  });
});
