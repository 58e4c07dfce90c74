/** Reflection on the management door: loaded at the first request for it, and complete in both versions. */

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client } from '@grpc/grpc-js';
import { startTestService, type TestService } from '../support/service';

let service: TestService;
let client: Client;

beforeAll(async () => {
  service = await startTestService();
  client = new Client(service.management, service.tls());
});

afterAll(async () => {
  client.close();
  await service.stop();
});

const asIs = (bytes: Buffer) => bytes;

/** What one request is answered: ServerReflectionRequest and ServerReflectionResponse (grpc.reflection.v1), as bytes. */
function ask(version: string, request: Buffer): Promise<string> {
  const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
  const call = client.makeBidiStreamRequest(path, asIs, asIs);
  return new Promise((resolve, reject) => {
    call.on('data', (answer: Buffer) => resolve(answer.toString('latin1')));
    call.on('error', reject);
    call.write(request);
    call.end();
  });
}

/** list_services, with any text. */
const LIST = Buffer.from([0x3a, 0x01, 0x2a]);
/** file_containing_symbol. */
const fileOf = (symbol: string) => Buffer.concat([Buffer.from([0x22, symbol.length]), Buffer.from(symbol)]);

it.each(['v1', 'v1alpha'])(
  '%s lists the services and has what error details and health are',
  async (version) => {
    const listed = await ask(version, LIST);
    for (const name of [
      'axiom.secrets.v1.SecretsService',
      'axiom.access.v1.AccessService',
      'grpc.health.v1.Health',
    ])
      expect(listed).toContain(name);
    expect(await ask(version, fileOf('google.rpc.RetryInfo'))).toContain('google.protobuf.Duration');
    expect(await ask(version, fileOf('axiom.secrets.v1.AddSecretRequest'))).toContain('sealed_value');
  },
);
