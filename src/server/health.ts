/** gRPC health (grpc.health.v1): serving while the store could take a write. Its RPCs are open to every caller of a door. */

import type { Server } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import type { Store, StoreHealth } from '../store/store';
import { HealthService } from '../wire/health-service';
import { within } from '../work/within';
import type { ServedMethod } from './method-table';
import { startFailure } from './start-failure';

const CHECK_EVERY_MS = 2_000;
/** A store that takes longer is not one that serves: with the time between two checks, health tells within 5 s. */
const CHECK_LIMIT_MS = 2_500;
/** A clock that is off by more makes executions end too early or too late elsewhere. */
const CLOCK_TOLERANCE_MS = 5_000;

const CLOCK_IS_OFF =
  'this machine’s clock differs from the database’s, whose clock decides; set it right (NTP), for certificates go by it';

const NO_ANSWER = 'the database did not answer in time; look at its disk or its server';

/** Four times what SQLite's log is cut to: a reader has kept it from that for long. */
const LONG_LOG_BYTES = 64 * 1024 * 1024;

const LOG_IS_LONG =
  'the write-ahead log of the database grows, because a reader keeps it; look for a long backup or verification, or a shell that has the file open';

/** Tells the log once when something becomes wrong, and once when it is right again. */
function tellOnChange(
  logger: Logger,
  wrong: string,
  right: string,
): (isRight: boolean, figure: object) => void {
  let wasRight = true;
  return (isRight, figure) => {
    if (isRight !== wasRight) logger.warn(figure, isRight ? right : wrong);
    wasRight = isRight;
  };
}

/** Adds health to a door and keeps it true until `stop`. */
export function addHealth(
  server: Server,
  methods: readonly ServedMethod[],
  store: Store,
  logger: Logger,
): { stop(): void } {
  const services = ['', ...new Set(methods.map((method) => method.desc.parent.typeName))];
  const health = new HealthService(services, true);
  health.addTo(server);
  let serving = true;
  /** @param why the store could not take a write; undefined: it could. */
  const set = (why?: string) => {
    const now = why === undefined;
    health.set(now);
    if (now !== serving) logger.warn({ serving: now, ...(!now && { why }) }, 'health changed');
    serving = now;
  };
  const tellClock = tellOnChange(logger, CLOCK_IS_OFF, 'this machine’s clock is right again');
  const tellLog = tellOnChange(logger, LOG_IS_LONG, 'the write-ahead log of the database was cut again');
  const tell = ({ clockAheadMs, logBytes = 0 }: StoreHealth) => {
    tellClock(Math.abs(clockAheadMs) <= CLOCK_TOLERANCE_MS, { clockAheadMs });
    tellLog(logBytes <= LONG_LOG_BYTES, { logBytes });
  };
  const check = async () => {
    try {
      const told = await within(CHECK_LIMIT_MS, store.checkHealth(), false);
      set(told === undefined ? NO_ANSWER : undefined);
      if (told !== undefined) tell(told);
    } catch (error) {
      set(startFailure(error));
    }
  };
  const timer = setInterval(() => void check(), CHECK_EVERY_MS);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      health.set(false);
    },
  };
}
