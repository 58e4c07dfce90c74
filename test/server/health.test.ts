/** gRPC health on both doors, reflection on the management door only. */

import { credentials, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServeProcess, type ServeProcess } from '../support/serve-process';
import { caOf, LIST_NAMES, mutualTls, rawCall, START_EXECUTION, withKey } from './doors';

let serve: ServeProcess;
beforeAll(async () => void (serve = await startServeProcess()));
afterAll(() => serve.stop());

const CHECK = '/grpc.health.v1.Health/Check';
/** HealthCheckResponse { status: SERVING }, and HealthCheckRequest { service } (grpc.health.v1). */
const SERVING = Buffer.of(0x08, 0x01);
const check = (service: string) => Buffer.concat([Buffer.of(0x0a, service.length), Buffer.from(service)]);

const manage = (path: string, request: Uint8Array, metadata = withKey(serve.info)) =>
  rawCall(serve.info.management.address, credentials.createSsl(caOf(serve.info)), path, request, metadata);
const execute = (path: string, request: Uint8Array) =>
  rawCall(serve.info.execution.address, mutualTls(serve.info, 'sidecar'), path, request);

describe('Health', () => {
  it('says that each door serves, as a whole and by service, without a credential', async () => {
    for (const service of ['', 'axiom.secrets.v1.SecretsService']) {
      expect(await manage(CHECK, check(service), undefined)).toMatchObject({ status: 'OK', answer: SERVING });
      expect(await execute(CHECK, check(service))).toMatchObject({ status: 'OK', answer: SERVING });
    }
  });

  it('knows no other service', async () => {
    expect((await manage(CHECK, check('nope'))).status).toBe('NOT_FOUND');
  });

  it('is asked over mutual TLS on the execution door like everything else', async () => {
    const outcome = await rawCall(
      serve.info.execution.address,
      credentials.createSsl(caOf(serve.info)),
      CHECK,
      check(''),
    );
    expect(outcome.status).toBe('UNAVAILABLE');
  });
});

describe('A method that does not belong to a door does not exist there', () => {
  it.each([
    ['management', START_EXECUTION],
    ['management', '/axiom.secrets.v1.SecretsService/ResolveForExecution'],
    ['management', '/axiom.access.v1.AccessService/CreateTenant'],
    ['management', '/nothing.Here/AtAll'],
    ['execution', LIST_NAMES],
    ['execution', '/axiom.access.v1.AccessService/CreateTenant'],
    ['execution', '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo'],
    ['execution', '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo'],
  ])('at the %s door: %s', async (door, path) => {
    const outcome = await (door === 'management'
      ? manage(path, new Uint8Array())
      : execute(path, new Uint8Array()));
    expect(outcome.status).toBe(status[status.UNIMPLEMENTED]);
  });
});
