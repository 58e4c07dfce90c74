/** What gRPC's health service answers, asked by a client over a socket. */

import { Server, ServerCredentials, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Health, HealthCheckResponse_ServingStatus as Status } from '../../src/gen/health/v1/health_pb';
import { openChannel, wireClient, type WireClient } from '../../src/wire/client';
import { HealthService } from '../../src/wire/health-service';

let server: Server;
let health: HealthService;
let client: WireClient<typeof Health>;
let close: () => void;

beforeEach(async () => {
  server = new Server();
  health = new HealthService(['', 'axiom.secrets.v1.SecretsService'], true);
  health.addTo(server);
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  const channel = openChannel({ address: `127.0.0.1:${port}` });
  client = wireClient(Health, channel);
  close = () => channel.close();
});
afterEach(() => {
  close();
  server.forceShutdown();
});

it('Each service and the server as a whole is told, and no other', async () => {
  for (const service of ['', 'axiom.secrets.v1.SecretsService'])
    expect(await client.check({ service })).toMatchObject({ status: Status.SERVING });
  await expect(client.check({ service: 'axiom.none.v1.None' })).rejects.toMatchObject({
    code: status.NOT_FOUND,
  });
  health.set(false);
  expect(await client.check({})).toMatchObject({ status: Status.NOT_SERVING });
  expect((await client.list({})).statuses).toMatchObject({
    '': { status: Status.NOT_SERVING },
    'axiom.secrets.v1.SecretsService': { status: Status.NOT_SERVING },
  });
});

it('Whoever watches is told at once and at each change, and of an unknown service that it is unknown', async () => {
  const watch = client.watch({ service: 'axiom.secrets.v1.SecretsService' });
  const unknown = client.watch({ service: 'axiom.none.v1.None' });
  const next = async (watched: typeof watch) => ((await watched.next()).value as { status: Status }).status;
  expect(await next(watch)).toBe(Status.SERVING);
  expect(await next(unknown)).toBe(Status.SERVICE_UNKNOWN);
  health.set(true); // as before, so that nothing is told
  health.set(false);
  expect(await next(watch)).toBe(Status.NOT_SERVING);
  health.set(true);
  expect(await next(watch)).toBe(Status.SERVING);
  await watch.return?.();
  await unknown.return?.();
});
