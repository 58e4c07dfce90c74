/** Logs: JSON on stderr, pretty on a terminal. Ids, counts, codes and durations; never a request, never a value. */

import pino, { type Logger } from 'pino';
import type pinoPretty from 'pino-pretty';
import { LogSink } from './log-sink';

/** @param name of the process: `management`, `execution`, `sidecar`. */
export function createLogger(name: string, level: string): Logger {
  const options = { name, level, timestamp: pino.stdTimeFunctions.isoTime };
  if (!process.stderr.isTTY) return pino(options, new LogSink(process.stderr, name));
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only where it is used
  const pretty = require('pino-pretty') as typeof pinoPretty;
  return pino(options, pretty({ destination: 2, ignore: 'pid,hostname', sync: true }));
}
