/** What both server processes do: take their settings from the parent, serve, say where, stop when told or orphaned. */

import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import type { ServiceConfig } from './config';
import { createLogger } from './logger';
import type { RunningServer } from './running-server';
import { startFailure } from './start-failure';

/** From parent to child, first and only. */
export interface StartMessage {
  readonly config: ServiceConfig;
}

/** From child to parent: it answers, or it could not start and why. */
export type ChildMessage<A> = { readonly ready: A } | { readonly failed: string };

export function runChild<A>(
  name: string,
  start: (config: ServiceConfig, logger: Logger) => Promise<RunningServer<A>>,
): void {
  // Node opens its inspector at this signal, to whoever may send it. Versions with --disable-sigusr1 never do.
  process.on('SIGUSR1', () => undefined);
  process.once('message', (message: StartMessage) => {
    const logger = createLogger(name, message.config.logLevel);
    logger.info({ separation: message.config.separation }, 'starting');
    // grpc-js writes lines of its own beside our JSON; what they tell comes to us as errors too.
    setLogVerbosity(logVerbosity.NONE);
    start(message.config, logger).then(
      (server) => {
        stopOnSignal(server, logger);
        // A parent that was killed while we started is told nothing, and tells nothing any more.
        if (process.connected) process.send?.({ ready: server.addresses } satisfies ChildMessage<A>);
      },
      (error: unknown) => {
        process.send?.({ failed: startFailure(error) } satisfies ChildMessage<A>, undefined, undefined, () =>
          process.exit(1),
        );
      },
    );
  });
}

function stopOnSignal<A>(server: RunningServer<A>, logger: Logger): void {
  let stopping = false;
  const stop = (why: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ why }, 'stopping');
    server.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  // A terminal sends SIGINT to the whole group; the parent turns it into SIGTERM.
  process.on('SIGINT', () => undefined);
  // A parent that died cannot say stop any more.
  process.on('disconnect', () => stop('parent is gone'));
  if (!process.connected) stop('parent is gone');
}
