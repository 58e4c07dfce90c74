/** A refusal never throws, whatever became of the call's stream meanwhile: whoever refuses has nobody to tell. */

import { once } from 'node:events';
import { connect, constants, createServer, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { requestTooSlow } from '../../src/wire/listener/request-too-slow';
import { refuseCall } from '../../src/wire/listener/refused-call';
import { domainServiceError } from '../../src/wire/service-error';

const ended: (() => void)[] = [];
afterEach(() => ended.splice(0).forEach((end) => end()));

/** A call as its server has it, and its client's end of the stream. */
async function openCall() {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  ended.push(() => (session.destroy(), server.close()));
  const client = session.request({ ':method': 'POST', ':path': '/a.B/C' });
  client.on('error', () => undefined).resume();
  const [stream] = (await once(server, 'stream')) as [ServerHttp2Stream];
  stream.on('error', () => undefined);
  return { stream, client };
}

const refuse = (stream: ServerHttp2Stream) =>
  refuseCall(stream, domainServiceError(requestTooSlow(), 'test'));

describe('A refusal', () => {
  it('is answered as a status alone, once', async () => {
    const { stream, client } = await openCall();
    refuse(stream);
    refuse(stream);
    const [headers] = (await once(client, 'response')) as [Record<string, unknown>];
    expect(headers['grpc-status']).toBe('4');
  });

  it.each([
    [
      'the server has ended, since more came than may',
      (stream: ServerHttp2Stream) => stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM),
    ],
    ['is destroyed', (stream: ServerHttp2Stream) => void stream.destroy()],
  ])('does nothing on a stream that %s', async (_, end) => {
    const { stream, client } = await openCall();
    end(stream);
    refuse(stream);
    await new Promise((resolve) => client.once('close', resolve));
    expect(stream.headersSent).toBe(false);
  });
});
