// AddSecret's requests as the console and the command line send them: each value sealed by the client.

import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../scripts/setup.mjs';

const require = createRequire(import.meta.url);
const dist = (path) => require(join(root, 'dist', path));
const { openSealing } = dist('cli/sealing.js');
const { TENANT_SCOPE } = dist('domain/scope.js');
const { AddSecretRequestSchema } = dist('gen/axiom/secrets/v1/secrets_pb.js');
const { openChannel, wireClient } = dist('wire/client.js');
const { create, toBinary } = require('@bufbuild/protobuf');

/** Writes so many requests of the tenant that the API key is of to a file, in base64, one a line. @returns the file. */
export async function sealedAdds(info, apiKeyFile, { prefix, calls, size }) {
  const channel = openChannel({
    address: info.management.address,
    tls: { ca: readFileSync(info.caCertificate) },
  });
  const metadata = { authorization: `Bearer ${readFileSync(apiKeyFile, 'utf8').trim()}` };
  const sealing = await openSealing({
    client: (service) => wireClient(service, channel),
    options: () => ({ metadata }),
  });
  channel.close();
  const lines = [];
  for (let index = 0; index < calls; index++) {
    const name = `${prefix}${index}`;
    const content = await sealing.seal(TENANT_SCOPE, name, Buffer.alloc(size, 'x'));
    const request = create(AddSecretRequestSchema, { name, content });
    lines.push(Buffer.from(toBinary(AddSecretRequestSchema, request)).toString('base64'));
  }
  const file = `${apiKeyFile}-requests`;
  writeFileSync(file, lines.join('\n'));
  return file;
}
