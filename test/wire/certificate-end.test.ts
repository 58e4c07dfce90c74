/** When a certificate is near its end, as doors, keeper and `axiom doctor` say it. */

import { describe, expect, it } from '@jest/globals';
import type { X509Certificate } from 'node:crypto';
import { certificateEnd } from '../../src/wire/certificate-end';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const END = Date.UTC(2030, 0, 1);

function isNear(lifeMs: number, leftMs: number, issuer = 'CN=ca'): boolean {
  const text = (time: number) => new Date(time).toUTCString();
  const certificate = { validFrom: text(END - lifeMs), validTo: text(END), subject: 'CN=leaf', issuer };
  return certificateEnd(certificate as X509Certificate, END - leftMs).isNear;
}

describe('A certificate is near its end', () => {
  it.each([
    ['a day', DAY, 6 * HOUR],
    ['a week', 7 * DAY, 42 * HOUR],
    ['30 days', 30 * DAY, 7.5 * DAY],
    ['90 days', 90 * DAY, 22.5 * DAY],
    ['397 days', 397 * DAY, 30 * DAY],
  ])('of %s in the last quarter of its life, at most 30 days before it', (_, life, from) => {
    expect(isNear(life, life)).toBe(false);
    expect(isNear(life, from + HOUR / 2)).toBe(false);
    expect(isNear(life, from - HOUR / 2)).toBe(true);
    expect(isNear(life, -HOUR)).toBe(true);
  });

  it('of a CA of ten years a year before it', () => {
    expect(isNear(3_650 * DAY, 366 * DAY, 'CN=leaf')).toBe(false);
    expect(isNear(3_650 * DAY, 364 * DAY, 'CN=leaf')).toBe(true);
  });
});
