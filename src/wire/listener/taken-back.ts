/**
 * Requests that are taken back as soon as they are made (CVE-2023-44487): HTTP/2 tells of the reset in the same
 * turn of the event loop as of the headers, so waiting for its end costs nothing and saves the look-up.
 */

import { DomainError } from '../../domain/errors';

/** The requests of this turn share one wait for its end. */
let turn: Promise<void> | undefined;

/** @throws DomainError CANCELLED where the request is gone. */
export async function unlessTakenBack(isGone: () => boolean): Promise<void> {
  turn ??= new Promise((resolve) =>
    setImmediate(() => {
      turn = undefined;
      resolve();
    }),
  );
  await turn;
  if (isGone()) throw new DomainError('CANCELLED', 'the request was taken back', 'CANCELLED');
}
