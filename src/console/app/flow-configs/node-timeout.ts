/** Node timeouts as people type them: whole seconds, or nothing. */

import { create } from '@bufbuild/protobuf';
import { DurationSchema, type Duration } from '@bufbuild/protobuf/wkt';

/** The service's limits, in seconds (axiom.flowconfigs.v1). */
export const MIN_TIMEOUT = 1;
export const MAX_TIMEOUT = 3_600;

export const TIMEOUT_PROBLEM = 'Enter whole seconds from 1 to 3600.';

/** @returns undefined for an empty text. @throws RangeError for anything but whole seconds from 1 to 3600. */
export function parseTimeout(text: string): Duration | undefined {
  if (text.trim() === '') return undefined;
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < MIN_TIMEOUT || seconds > MAX_TIMEOUT)
    throw new RangeError(TIMEOUT_PROBLEM);
  return create(DurationSchema, { seconds: BigInt(seconds) });
}

export function secondsOf(timeout: Duration | undefined): string {
  return timeout === undefined ? '' : String(timeout.seconds);
}
