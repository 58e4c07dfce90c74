/** How much is kept of what nodes asked for: they may ask for any name, so what is not found has no natural end. */

/** Of the names that a tenant's nodes asked for and did not find, the latest so many are kept. */
export const KEPT_MISSED_NAMES = 1_000;

/** Older names are dropped so many at a time, because finding them costs more than keeping a few more. */
export const MISSED_NAMES_SLACK = 100;
