/** gRPC health (grpc.health.v1): serving while the store could take a write. Its RPCs are open to every caller of a door. */

import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { Logger } from 'pino';
import type { Store } from '../store/store';
import type { ServedMethod } from './method-table';

const CHECK_EVERY_MS = 5_000;

/** Adds health to a door and keeps it true until `stop`. */
export function addHealth(
  server: Server,
  methods: readonly ServedMethod[],
  store: Store,
  logger: Logger,
): { stop(): void } {
  const services = ['', ...new Set(methods.map((method) => method.desc.parent.typeName))];
  const health = new HealthImplementation(Object.fromEntries(services.map((name) => [name, 'SERVING'])));
  health.addToServer(server);
  let serving = true;
  const set = (now: boolean) => {
    for (const name of services) health.setStatus(name, now ? 'SERVING' : 'NOT_SERVING');
    if (now !== serving) logger.warn({ serving: now }, 'health changed');
    serving = now;
  };
  const timer = setInterval(() => {
    store.checkHealth().then(
      () => set(true),
      () => set(false),
    );
  }, CHECK_EVERY_MS);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      for (const name of services) health.setStatus(name, 'NOT_SERVING');
    },
  };
}
