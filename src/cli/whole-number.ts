/** Flags that count something. */

import { EXIT } from './exit-codes';
import { CliError } from './cli-error';

/** What HTTP/2 takes at most for a number of streams (RFC 9113 §6.5.1), and the largest number of a user. */
const MOST = 2 ** 32 - 1;

/** @throws CliError for anything but digits: an empty word is not a zero. */
export function parseWholeNumber(flag: string, text: string, least: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : -1;
  if (number < least) throw new CliError(`${flag} is a whole number from ${least}`, EXIT.usage);
  if (number > MOST) throw new CliError(`${flag} is at most ${MOST}`, EXIT.usage);
  return number;
}

/** @throws CliError for what is not a whole number within the bounds. */
export function parseSeconds(flag: string, text: string, least: number, most: number): number {
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < least || seconds > most) {
    throw new CliError(`${flag} is ${least} to ${most} whole seconds`, EXIT.usage);
  }
  return seconds;
}
