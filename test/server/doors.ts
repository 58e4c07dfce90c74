/** Raw gRPC to a served door: any bytes, any credentials. */

import {
  Client,
  credentials,
  Metadata,
  status,
  type ChannelCredentials,
  type ServiceError,
} from '@grpc/grpc-js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceInfo } from '../../src/server/service';

export const ADD_SECRET = '/axiom.secrets.v1.SecretsService/AddSecret';
export const LIST_NAMES = '/axiom.secrets.v1.SecretsService/ListSecretNames';
export const START_EXECUTION = '/axiom.executions.v1.ExecutionsService/StartExecution';

export function caOf(info: ServiceInfo): Buffer {
  return readFileSync(info.caCertificate);
}

/** The certificate that the first start made for `engine` or `sidecar`, or the execution server's own. */
export function mutualTls(info: ServiceInfo, name: 'engine' | 'sidecar' | 'server'): ChannelCredentials {
  const folder = name === 'server' ? 'execution' : 'workloads';
  const file = (kind: string) => readFileSync(join(info.dataDir, folder, `${name}.${kind}`));
  return credentials.createSsl(caOf(info), file('key'), file('crt'));
}

export function withKey(info: ServiceInfo): Metadata {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${readFileSync(info.adminApiKeyFile, 'utf8').trim()}`);
  return metadata;
}

/** One unary call with these bytes as its message. @returns the status' name with its message, and the answer. */
export async function rawCall(
  address: string,
  tls: ChannelCredentials,
  path: string,
  request: Uint8Array,
  metadata = new Metadata(),
) {
  const client = new Client(address, tls, { 'grpc.max_send_message_length': -1 });
  try {
    return await new Promise<{ status: string; message: string; answer: Buffer }>((resolve) => {
      const asIs = (bytes: Buffer) => bytes;
      client.makeUnaryRequest(
        path,
        asIs,
        asIs,
        Buffer.from(request),
        metadata,
        { deadline: Date.now() + 60_000 },
        (error: ServiceError | null, answer) => {
          resolve({
            status: status[error?.code ?? status.OK] ?? '',
            message: error?.details ?? '',
            answer: answer ?? Buffer.alloc(0),
          });
        },
      );
    });
  } finally {
    client.close();
  }
}
