/**
 * A log line as a terminal shows it. Nodes and peers have written some of it: nothing of that commands the terminal, or looks
 * like a line of its own.
 */

import type * as pinoPretty from 'pino-pretty';
import { printable } from './terminal';

/** In front of each further line of a message. No line and no field begins so. */
const GOES_ON = '    | ';

/** @returns what makes such lines of JSON ones. */
export function terminalLog(colorize: boolean): (line: string) => string {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded only where it is used
  const { prettyFactory } = require('pino-pretty') as typeof pinoPretty;
  const pretty = prettyFactory({ ignore: 'pid,hostname', colorize });
  return (line) => {
    const fields = JSON.parse(line, withPrintable) as { msg?: string };
    const msg = fields.msg?.replaceAll('\n', `\n${GOES_ON}`);
    return pretty(JSON.stringify({ ...fields, msg }));
  };
}

/** For JSON.parse: names are replaced in the object that has them. */
function withPrintable(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return printable(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [printable(name), one]));
}
