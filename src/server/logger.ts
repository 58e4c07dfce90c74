/** Logs: JSON on stderr, pretty on a terminal. Ids, counts, codes and durations; never a request, never a value. */

import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';

/** @param name of the process: `management`, `execution`, `sidecar`. */
export function createLogger(name: string, level: string): Logger {
  const options = { name, level, timestamp: pino.stdTimeFunctions.isoTime };
  const stderr = 2;
  return process.stderr.isTTY
    ? pino(options, pretty({ destination: stderr, ignore: 'pid,hostname', sync: true }))
    : pino(options, pino.destination({ fd: stderr, sync: true }));
}
