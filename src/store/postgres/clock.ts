/**
 * The database's clock, as this process knows it.
 *
 * Replicas judge together what has expired, so they go by one clock: the server's. This machine's own clock
 * counts between two looks at it, corrected by what the last look told.
 */

import type { Clock } from '../../domain/clock';
import type { Connection } from './connections';

/** Differences below this are the look's own inaccuracy, and no reason to move the clock. */
const TOLERANCE_MS = 200;

export class DatabaseClock {
  #aheadMs = 0;

  /** How far this machine's clock is ahead of the database's, in milliseconds. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  readonly now: Clock = () => Date.now() - this.#aheadMs;

  /** Looks at the server's clock. */
  async look({ client }: Connection): Promise<void> {
    const asked = Date.now();
    const { rows } = await client.query<{ ms: string }>(
      'select floor(extract(epoch from clock_timestamp()) * 1000)::bigint as ms',
    );
    const answered = Date.now();
    const ahead = Math.round((asked + answered) / 2) - Number(rows[0]?.ms);
    const inaccuracy = TOLERANCE_MS + (answered - asked) / 2;
    if (Math.abs(ahead - this.#aheadMs) > inaccuracy)
      this.#aheadMs = Math.abs(ahead) > inaccuracy ? ahead : 0;
  }
}
