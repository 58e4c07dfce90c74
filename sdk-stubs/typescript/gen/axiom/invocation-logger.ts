/** `ax.log` of one invocation: records go to the sidecar, which masks secret values in them. */

import type { AxiomLogger } from '../axiomContext';
import type { Events } from './events';
import { logRecord } from './log-record';
import { LogLevel } from './node_pb';

export class InvocationLogger implements AxiomLogger {
  readonly #events: Events;

  constructor(events: Events) {
    this.#events = events;
  }

  // Handlers may hand a method on without its object.
  readonly debug: AxiomLogger['debug'] = (msg, attrs) =>
    this.#events.log(logRecord(LogLevel.LOG_LEVEL_DEBUG, msg, attrs));

  readonly info: AxiomLogger['info'] = (msg, attrs) =>
    this.#events.log(logRecord(LogLevel.LOG_LEVEL_INFO, msg, attrs));

  readonly warn: AxiomLogger['warn'] = (msg, attrs) =>
    this.#events.log(logRecord(LogLevel.LOG_LEVEL_WARN, msg, attrs));

  readonly error: AxiomLogger['error'] = (msg, attrs) =>
    this.#events.log(logRecord(LogLevel.LOG_LEVEL_ERROR, msg, attrs));
}
