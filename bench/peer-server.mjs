// What resolution is measured against, each a grpc-js server with the service's own TLS:
// `echo` answers the same bytes from memory; `rows` reads and opens one row per secret.

import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../scripts/setup.mjs';

const [kind, dataDir, answerFile] = process.argv.slice(2);
const require = createRequire(import.meta.url);
const { Server, ServerCredentials } = require('@grpc/grpc-js');
const asIs = (bytes) => bytes;

const server = new Server();
const definition = {
  path: '/bench/Call',
  requestStream: false,
  responseStream: false,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
};
server.addService({ Call: definition }, { Call: await handler() });
const file = (path) => readFileSync(join(dataDir, path));
const tls = ServerCredentials.createSsl(
  file('ca.crt'),
  [{ cert_chain: file('execution/server.crt'), private_key: file('execution/server.key') }],
  true,
);
server.bindAsync('127.0.0.1:0', tls, (error, port) => {
  if (error) throw error;
  console.log(`127.0.0.1:${port}`);
});

async function handler() {
  if (kind === 'echo') {
    const answer = readFileSync(answerFile);
    return (_call, callback) => callback(null, answer);
  }
  const dist = (path) => require(join(root, 'dist', path));
  const store = await dist('store/sqlite/open.js').openSqliteStore({
    path: join(dataDir, 'store/store.sqlite'),
  });
  const keyring = dist('crypto/open/create-keyring.js').createKeyring(
    await dist('crypto/kek/local-kek.js').openLocalKek(join(dataDir, 'execution/kek.tink')),
  );
  const { ResolveForExecutionResponseSchema } = dist('gen/axiom/secrets/v1/secrets_pb.js');
  const { create, toBinary } = require('@bufbuild/protobuf');
  const scope = { kind: 'tenant' };
  const opener = await store.read(async (tx) =>
    keyring.openTenant('default', await tx.getTenantKeys('default')),
  );
  const answer = async () => {
    const rows = await store.read((tx) => tx.listSealedSecrets('default', scope));
    const secrets = {};
    for (const { name, version, sealId, ciphertext } of rows) {
      const value = await opener.openSecret(ciphertext, { tenantId: 'default', scope, name, sealId });
      secrets[name] = {
        $typeName: 'axiom.secrets.v1.ResolvedSecret',
        value: value.expose(),
        version: BigInt(version),
        source: 1,
      };
    }
    return Buffer.from(
      toBinary(ResolveForExecutionResponseSchema, create(ResolveForExecutionResponseSchema, { secrets })),
    );
  };
  return (_call, callback) => answer().then((bytes) => callback(null, bytes), callback);
}
