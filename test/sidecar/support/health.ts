/** Asks a sidecar's door for its health, as an orchestrator does (grpc.health.v1). */

import { Client, credentials } from '@grpc/grpc-js';
import { SIDECAR_SERVER_NAME } from '../../../src/wire/sidecar-name';
import type { TestPki } from './pki';

const STATUSES = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;
export type HealthStatus = (typeof STATUSES)[number];

export class HealthClient {
  readonly #client: Client;

  constructor(address: string, { engine: { ca, cert, key } }: TestPki) {
    this.#client = new Client(address, credentials.createSsl(ca, key, cert), {
      'grpc.ssl_target_name_override': SIDECAR_SERVER_NAME,
    });
  }

  /** HealthCheckResponse has one field: 1 = the status, a varint. */
  check(): Promise<HealthStatus> {
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest<Buffer, HealthStatus>(
        '/grpc.health.v1.Health/Check',
        (request) => request,
        (response) => STATUSES[response[1] ?? 0] ?? 'UNKNOWN',
        Buffer.alloc(0),
        (error, answer) => (error ? reject(error) : resolve(answer ?? 'UNKNOWN')),
      );
    });
  }

  close(): void {
    this.#client.close();
  }
}
