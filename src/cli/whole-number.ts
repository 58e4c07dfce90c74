/** Flags that count something. */

import { EXIT } from './exit-codes';
import { CliError } from './failure';

/** @throws CliError for anything but digits: an empty word is no zero. */
export function parseWholeNumber(flag: string, text: string, least: number): number {
  const number = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (number < least) throw new CliError(`${flag} is a whole number from ${least}`, EXIT.usage);
  return number;
}
