/** gRPC health (grpc.health.v1): serving while the store could take a write. Its RPCs are open to every caller of a door. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { Logger } from 'pino';
import type { Store, StoreHealth } from '../store/store';
import type { ServedMethod } from './method-table';

const CHECK_EVERY_MS = 2_000;
/** A store that takes longer is not one that serves: with the time between two checks, health tells within 5 s. */
const CHECK_LIMIT_MS = 2_500;
/** A clock that is off by more makes executions end too early or too late elsewhere. */
const CLOCK_TOLERANCE_MS = 5_000;

const CLOCK_IS_OFF =
  'this machine’s clock differs from the database’s, whose clock decides; set it right (NTP), for certificates go by it';

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
  let clockIsRight = true;
  const tellClock = ({ clockAheadMs }: StoreHealth) => {
    const isRight = Math.abs(clockAheadMs) <= CLOCK_TOLERANCE_MS;
    if (isRight !== clockIsRight) {
      logger.warn({ clockAheadMs }, isRight ? 'this machine’s clock is right again' : CLOCK_IS_OFF);
    }
    clockIsRight = isRight;
  };
  const check = async () => {
    const asked = new AbortController();
    try {
      const late = sleep(CHECK_LIMIT_MS, undefined, { signal: asked.signal, ref: false });
      const told = await Promise.race([store.checkHealth(), late]);
      set(told !== undefined);
      if (told !== undefined) tellClock(told);
    } catch {
      set(false);
    } finally {
      asked.abort();
    }
  };
  const timer = setInterval(() => void check(), CHECK_EVERY_MS);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      for (const name of services) health.setStatus(name, 'NOT_SERVING');
    },
  };
}
