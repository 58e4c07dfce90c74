/** Logs: JSON on stderr, pretty on a terminal. Ids, counts, codes and durations; never a request, never a value. */

import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';
import { LogSink } from './log-sink';

/** @param name of the process: `management`, `execution`, `sidecar`. */
export function createLogger(name: string, level: string): Logger {
  const options = { name, level, timestamp: pino.stdTimeFunctions.isoTime };
  return process.stderr.isTTY
    ? pino(options, pretty({ destination: 2, ignore: 'pid,hostname', sync: true }))
    : pino(options, new LogSink(process.stderr, name));
}
