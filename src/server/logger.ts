/** Logs: JSON on stderr, pretty on a terminal. Ids, counts, codes and durations; never a request, never a value. */

import pino, { type Logger } from 'pino';
import { LogSink } from './log-sink';
import { showsColours, shownOn } from './terminal';
import { terminalLog } from './terminal-log';

/** @param name of the process: `management`, `execution`, `sidecar`. */
export function createLogger(name: string, level: string): Logger {
  const options = { name, level, timestamp: pino.stdTimeFunctions.isoTime };
  if (!process.stderr.isTTY) return pino(options, new LogSink(process.stderr, name));
  stopWaitingForTerminal();
  const pretty = terminalLog(showsColours(process.stderr));
  const format = (line: string) => shownOn(process.stderr, pretty(line));
  return pino(options, new LogSink(process.stderr, name, { format }));
}

/** Node waits for a terminal until it took every byte, and one that is stopped (Ctrl-S) takes none. */
function stopWaitingForTerminal(): void {
  const { _handle: terminal } = process.stderr as { _handle?: { setBlocking?(blocking: boolean): void } };
  terminal?.setBlocking?.(false);
}
