/** What both server processes do: take their settings from the parent, serve, say where, stop when told or orphaned. */

import { logVerbosity, setLogVerbosity } from '@grpc/grpc-js';
import { closeMemory } from './closed-memory';
import { DRAIN_MS, STOP_MS, type ServiceConfig } from './config';
import type { HalfName } from './half-process';
import { LINK_ENDS } from './link-ends';
import { createLogger } from './logger';
import type { RunningServer } from './running-server';
import { startFailure } from './start-failure';
import type { WorkerPlace } from './worker';
import type { Logger } from 'pino';

/** From parent to child, first and only. */
export interface StartMessage {
  readonly config: ServiceConfig;
  /** Undefined: this process serves its doors alone. */
  readonly worker?: WorkerPlace | undefined;
}

/** From parent to child, before it is stopped and later: whether other processes of the service may still write. */
export interface OthersMessage {
  readonly others: 'ending' | 'ended';
}

/** From child to parent: it answers, or it could not start and why. */
export type ChildMessage<A> = { readonly ready: A } | { readonly failed: string };

/** Answers that are on their way when the store breaks get so long. */
const FAIL_MS = 250;

/** Without a parent nobody keeps the service: its next start must find the ports and sockets free, within a second. */
const ORPHAN = { drainMs: 300, stopMs: 700, lookEveryMs: 250 } as const;

export function runChild<A>(
  name: HalfName,
  start: (config: ServiceConfig, logger: Logger, worker?: WorkerPlace) => Promise<RunningServer<A>>,
): void {
  closeMemory();
  const life = new ChildLife<A>(LINK_ENDS[name]);
  process.once('message', ({ config, worker }: StartMessage) => {
    const logger = createLogger(name, config.logLevel);
    life.logger = logger;
    logger.info({ separation: config.separation }, 'starting');
    // grpc-js writes lines of its own beside our JSON; what they tell comes to us as errors too.
    setLogVerbosity(logVerbosity.NONE);
    start(config, logger, worker).then(
      (server) => {
        life.server = server;
        void server.broken?.then(() => life.fail());
        tellParent<A>({ ready: server.addresses });
      },
      (error: unknown) => tellParent<A>({ failed: startFailure(error) }, () => process.exit(1)),
    );
  });
}

/** A parent that is gone is told nothing. */
function tellParent<A>(message: ChildMessage<A>, then: () => void = () => undefined): void {
  if (process.connected) process.send?.(message, undefined, undefined, then);
  else then();
}

/** Listens for the end from the first moment, also while the server still starts. */
class ChildLife<A> {
  server: RunningServer<A> | undefined;
  logger: Logger | undefined;
  #isStopping = false;
  #othersEnd = Promise.resolve();

  /** @param linkEnds with nothing having happened to the parent. */
  constructor(linkEnds: boolean) {
    process.on('SIGTERM', () => this.#stop('SIGTERM', DRAIN_MS, STOP_MS));
    // A terminal sends SIGINT to the whole group; the parent turns it into SIGTERM.
    process.on('SIGINT', () => undefined);
    let ended: () => void = () => undefined;
    process.on('message', ({ others }: Partial<OthersMessage>) => {
      if (others === 'ending') this.#othersEnd = new Promise((resolve) => (ended = resolve));
      if (others === 'ended') ended();
    });
    process.on('disconnect', () => ended());
    const orphaned = (): void => this.#stop('parent is gone', ORPHAN.drainMs, ORPHAN.stopMs);
    const parent = process.ppid;
    const look = (): void => {
      const isCutOff = !process.connected && !(linkEnds && this.server !== undefined);
      if (process.ppid !== parent || isCutOff) orphaned();
    };
    process.on('disconnect', look);
    setInterval(look, ORPHAN.lookEveryMs).unref();
  }

  /** What was asked is answered still; the parent starts the next process, which reads what is on the disk. */
  fail(): void {
    this.logger?.error('the disk did not confirm a write; ending, to read anew what is kept');
    setTimeout(() => process.exit(1), FAIL_MS);
  }

  #stop(why: string, drainMs: number, stopMs: number): void {
    // Also where a drain is under way already: the shorter time counts.
    setTimeout(() => process.exit(0), stopMs);
    if (this.#isStopping) return;
    this.#isStopping = true;
    this.logger?.info({ why }, 'stopping');
    // A start may be cut short anywhere: the next one goes on from there.
    if (this.server === undefined) process.exit(0);
    this.server
      .stop(drainMs, () => this.#othersEnd)
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  }
}
