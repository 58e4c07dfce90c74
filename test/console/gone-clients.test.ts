/** Browsers that close a tab before the console's door has answered, and browsers that ask for much at once. */

import { setTimeout as delay } from 'node:timers/promises';
import { once } from 'node:events';
import { connect, constants, Http2ServerResponse } from 'node:http2';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, Server as TlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { create, toBinary } from '@bufbuild/protobuf';
import { DeleteSecretRequestSchema } from '../../src/gen/axiom/secrets/v1/secrets_pb';
import { CALLS_A_TURN } from '../../src/wire/listener/unproven-turns';
import { startTestService, type TestService } from '../support/service';
import { openSession } from './support/http';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const body = toBinary(
  DeleteSecretRequestSchema,
  create(DeleteSecretRequestSchema, { name: 'ANY', validateOnly: true }),
);

/** Asks, and is gone after so many milliseconds. */
async function askAndLeave(cookie: string, times: number, after: number): Promise<void> {
  const origin = `https://${service.console}`;
  const session = connect(origin, { rejectUnauthorized: false });
  session.on('error', () => undefined);
  for (let i = 0; i < times; i++) {
    const stream = session.request({
      ':method': 'POST',
      ':path': '/axiom.secrets.v1.SecretsService/DeleteSecret',
      'content-type': 'application/proto',
      'content-length': String(body.length),
      ...{ origin, cookie },
    });
    stream.on('error', () => undefined);
    stream.end(body);
    await delay(after);
    stream.close(constants.NGHTTP2_CANCEL);
  }
  await delay(100);
  session.destroy();
}

describe('A client of the console that has gone', () => {
  it('leaves nothing on stderr, and the door answers others as before', async () => {
    const written = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const cookie = await openSession(service.console, service.adminApiKey);
    for (const after of [0, 1, 2, 3]) await askAndLeave(cookie, 25, after);
    expect(written.mock.calls).toEqual([]);
    written.mockRestore();
    expect(service.log.filter((line) => line.includes('unexpected error'))).toEqual([]);
    expect(await openSession(service.console, service.adminApiKey)).not.toBe('');
  });
});

describe('Pages that anybody may read', () => {
  it('are answered a few in each turn of the event loop, however many are asked for at once', async () => {
    const byTurn = new Map<number, number>();
    let turn = 0;
    let next = setImmediate(function count() {
      turn++;
      next = setImmediate(count);
    });
    const { writeHead } = Http2ServerResponse.prototype;
    const spied = jest.spyOn(Http2ServerResponse.prototype, 'writeHead');
    spied.mockImplementation(function (this: Http2ServerResponse, ...args: Parameters<typeof writeHead>) {
      byTurn.set(turn, (byTurn.get(turn) ?? 0) + 1);
      return writeHead.apply(this, args);
    });
    const session = connect(`https://${service.console}`, { rejectUnauthorized: false });
    session.on('error', () => undefined);
    // It is told how many it may have open, and has the rest wait.
    await once(session, 'remoteSettings');
    const answers = Array.from({ length: 100 }, () =>
      once(session.request({ ':path': '/console/login-methods' }).resume(), 'end'),
    );
    await Promise.all(answers);
    spied.mockRestore();
    clearImmediate(next);
    session.destroy();
    const inTurns = [...byTurn.values()];
    expect(inTurns.reduce((sum, count) => sum + count, 0)).toBe(100);
    expect(Math.max(...inTurns)).toBeLessThanOrEqual(CALLS_A_TURN);
  });
});

describe('TLS handshakes', () => {
  it('are begun a few in each turn of the event loop, each when its client says so, however many do at once', async () => {
    const byTurn = new Map<number, number>();
    const begun = () => [...byTurn.values()].reduce((sum, count) => sum + count, 0);
    let turn = 0;
    let next = setImmediate(function count() {
      turn++;
      next = setImmediate(count);
    });
    const { emit } = TlsServer.prototype;
    const spied = jest.spyOn(TlsServer.prototype, 'emit');
    spied.mockImplementation(function (this: TlsServer, ...args: Parameters<typeof emit>) {
      if ((args[0] as string) === 'connection') byTurn.set(turn, (byTurn.get(turn) ?? 0) + 1);
      return emit.apply(this, args);
    });
    const [host = '', port] = service.console.split(':');
    const silent = Array.from({ length: 100 }, () => connectTcp(Number(port), host));
    await Promise.all(silent.map((socket) => once(socket, 'connect')));
    // Those that came before it have been accepted when it is answered.
    await openSession(service.console, service.adminApiKey);
    const before = begun();
    expect(before).toBeLessThan(10);
    const clients = silent.map((socket) => connectTls({ socket, rejectUnauthorized: false }));
    await Promise.all(clients.map((client) => once(client, 'secureConnect')));
    spied.mockRestore();
    clearImmediate(next);
    for (const client of clients) client.destroy();
    expect(begun() - before).toBe(100);
    expect(Math.max(...byTurn.values())).toBeLessThanOrEqual(CALLS_A_TURN);
  });
});
