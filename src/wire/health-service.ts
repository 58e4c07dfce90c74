/**
 * gRPC's health service (grpc.health.v1) over the generated messages.
 *
 * The library for it, grpc-health-check, parses a .proto file at each start with a parser that nothing else of a server
 * needs: an eighth of what the execution server's program takes to load (docs/decisions/start-up.md).
 */

import { status, type sendUnaryData, type Server, type ServerUnaryCall } from '@grpc/grpc-js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import {
  Health,
  HealthCheckResponse_ServingStatus as ServingStatus,
  type HealthCheckRequest,
  type HealthCheckResponse,
  type HealthListRequest,
  type HealthListResponse,
} from '../gen/health/v1/health_pb';
import { wireMethod } from './method';

type Answer = Pick<HealthCheckResponse, 'status'>;
type Watch = ServerWritableStream<HealthCheckRequest, Answer>;

export class HealthService {
  readonly #statuses = new Map<string, ServingStatus>();
  readonly #watches = new Set<Watch>();

  /** @param services their full names; '' stands for the server as a whole. */
  constructor(
    private readonly services: readonly string[],
    serving: boolean,
  ) {
    this.set(serving);
  }

  /** Tells it of all services, and whoever watches one. */
  set(serving: boolean): void {
    const now = serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    const changed = this.services.filter((service) => this.#statuses.get(service) !== now);
    for (const service of changed) this.#statuses.set(service, now);
    for (const watch of this.#watches)
      if (changed.includes(watch.request.service)) watch.write({ status: now });
  }

  addTo(server: Server): void {
    server.addService(
      {
        check: wireMethod(Health.method.check),
        watch: wireMethod(Health.method.watch),
        list: wireMethod(Health.method.list),
      },
      {
        check: ({ request }: ServerUnaryCall<HealthCheckRequest, Answer>, answer: sendUnaryData<Answer>) => {
          const known = this.#statuses.get(request.service);
          if (known === undefined)
            answer({
              code: status.NOT_FOUND,
              details: 'the server has no service of this name; ask for none to hear of all',
            });
          else answer(null, { status: known });
        },
        watch: (watch: Watch) => {
          this.#watches.add(watch);
          watch.on('cancelled', () => this.#watches.delete(watch));
          watch.write({ status: this.#statuses.get(watch.request.service) ?? ServingStatus.SERVICE_UNKNOWN });
        },
        list: (
          _call: ServerUnaryCall<HealthListRequest, unknown>,
          answer: sendUnaryData<Pick<HealthListResponse, 'statuses'>>,
        ) => {
          const statuses = [...this.#statuses].map(([service, known]) => [service, { status: known }]);
          answer(null, { statuses: Object.fromEntries(statuses) } as HealthListResponse);
        },
      },
    );
  }
}
